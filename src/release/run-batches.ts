import type { InputColumn } from '../champion/model.js';
import type { Table } from '../core/table.js';
import { feedsOf } from '../onnx/feeds.js';
import type { Session } from '../onnx/session.js';

/** Rows per call: larger batches pad short texts to the longest one. */
const batchRows = 256;
const batchRowsWithoutText = 4_096;
/** Every output of the graph for every row of `table`, scored in batches. */
export async function runBatches(
  session: Session,
  inputs: readonly InputColumn[],
  table: Table,
): Promise<Record<string, Float32Array>> {
  const columns = feedsOf(inputs, table);
  const rows = inputs.some(({ type }) => type === 'string') ? batchRows : batchRowsWithoutText;
  const outputs = Object.fromEntries(session.outputs.map((name) => [name, new Float32Array(table.nRows)]));
  for (let start = 0; start < table.nRows; start += rows) {
    const end = Math.min(start + rows, table.nRows);
    const batch = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(start, end)]),
    );
    const scored = await session.run(batch);
    for (const name of session.outputs) outputs[name].set(scored[name], start);
  }
  return outputs;
}
