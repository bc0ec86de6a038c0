import type { InputColumn } from '../../champion/model.js';
import { Table } from '../../core/table.js';
import { feedsOf } from '../../onnx/feeds.js';
import { shortFloat32, type ContractColumns } from './batch.js';

/** Columns as a consumer is handed them: numbers as the graph takes them, texts not yet sanitised. */
export function rawColumns(inputs: readonly InputColumn[], rows: Table): ContractColumns {
  const numbers = feedsOf(
    inputs.filter(({ type }) => type !== 'string'),
    rows,
  );
  return Object.fromEntries(
    inputs.map(({ name, type }) => [
      name,
      type === 'string' ? Table.strings(rows, name) : Array.from(numbers[name] as Float32Array, shortFloat32),
    ]),
  );
}
