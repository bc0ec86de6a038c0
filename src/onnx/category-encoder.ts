import type { CategoryEncoderModel } from '../learners/encoding/model.js';
import { doubles, type GraphBuilder, type ValueName } from './graph.js';

/**
 * A category encoder: category → position → its numbers.
 *
 * @param text sanitised categories `[N]`, string
 * @returns `[nOutputs, N]`, double
 */
export function categoryEncoder(
  graph: GraphBuilder,
  model: CategoryEncoderModel,
  text: ValueName,
): ValueName {
  const { categories, values, unknown, missing, outputs } = model;
  const nCategories = categories.length;
  // Positions: 0 unknown, 1 missing, then the categories.
  const position = graph.node(
    'LabelEncoder',
    [text],
    {
      keys_strings: { strings: ['', ...categories] },
      values_int64s: { ints: Array.from({ length: nCategories + 1 }, (_, i) => i + 1) },
      default_int64: { i: 0 },
    },
    'ai.onnx.ml',
  );
  const table = new Float64Array(outputs.length * (nCategories + 2));
  outputs.forEach((_, o) => {
    const row = table.subarray(o * (nCategories + 2));
    row[0] = unknown[o];
    row[1] = missing[o];
    for (let c = 0; c < nCategories; c++) row[c + 2] = values[o * nCategories + c];
  });
  return graph.node('Gather', [graph.constant(doubles(table, [outputs.length, nCategories + 2])), position], {
    axis: { i: 1 },
  });
}
