import type { InputColumn } from '../champion/model.js';
import { sanitizeText } from '../core/sanitize-text.js';
import { Table } from '../core/table.js';
import type { Session, SessionColumns } from '../onnx/session.js';

/** Rows per call: larger batches pad short texts to the longest one. */
const batchRows = 256;
const batchRowsWithoutText = 4_096;
const millisecondsPerDay = 86_400_000;

/**
 * Raw columns as the graph takes them: numbers as float32, timestamps as days since 1970-01-01, texts sanitised.
 * @throws {DataError} naming a column that is missing or of the wrong type
 */
export function sessionColumns(inputs: readonly InputColumn[], table: Table): SessionColumns {
  return Object.fromEntries(
    inputs.map(({ name, type }) => {
      if (type === 'string') return [name, Table.strings(table, name).map(sanitizeText)];
      const values = Table.numbers(table, name);
      const unit = Table.column(table, name).type === 'timestamp' ? millisecondsPerDay : 1;
      return [name, Float32Array.from(values, (value) => value / unit)];
    }),
  );
}

/** Every output of the graph for every row of `table`, scored in batches. */
export async function runBatches(
  session: Session,
  inputs: readonly InputColumn[],
  table: Table,
): Promise<Record<string, Float32Array>> {
  const columns = sessionColumns(inputs, table);
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
