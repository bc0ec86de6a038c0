import { DataError } from '../core/errors.js';
import type { Session, SessionColumns } from './session.js';

/** How far a graph is from the model it was written from. */
export interface Parity {
  /**
   * Largest difference, absolute up to 1 and relative to the expected value above; Infinity where one side has a
   * number and the other has none.
   */
  readonly maxDifference: number;
  readonly nRows: number;
  /** The row and output of the largest difference; -1 and '' for no rows. */
  readonly worstRow: number;
  readonly worstOutput: string;
}

/** Rows that go through a session at once: batches of this size pad texts least. */
const batchRows = 100;

/**
 * Compares a graph with what TypeScript says of the same rows.
 * @param expected values `[nRows]` by output name; outputs that are not named are not compared
 * @throws {DataError} when the graph lacks an output or the row counts differ
 */
export async function checkParity(
  session: Session,
  columns: SessionColumns,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): Promise<Parity> {
  const nRows = columns[session.inputs[0]]?.length ?? 0;
  for (const [name, values] of Object.entries(expected)) {
    if (!session.outputs.includes(name)) {
      throw new DataError(`parity: the graph has no output ${name}, only ${session.outputs.join(', ')}`);
    }
    if (values.length !== nRows) {
      throw new DataError(`parity: ${values.length} expected values of ${name} for ${nRows} rows`);
    }
  }
  let worst = { maxDifference: 0, nRows, worstRow: -1, worstOutput: '' };
  for (let start = 0; start < nRows; start += batchRows) {
    const batch = Object.fromEntries(
      Object.entries(columns).map(([name, values]) => [name, values.slice(start, start + batchRows)]),
    );
    const results = await session.run(batch);
    for (const [name, values] of Object.entries(expected)) {
      results[name].forEach((actual, i) => {
        const difference = distance(actual, values[start + i]);
        if (difference > worst.maxDifference || worst.worstRow < 0) {
          worst = { maxDifference: difference, nRows, worstRow: start + i, worstOutput: name };
        }
      });
    }
  }
  return worst;
}

function distance(actual: number, expected: number): number {
  if (Object.is(actual, expected) || actual === expected) return 0;
  const difference = Math.abs(actual - expected) / Math.max(1, Math.abs(expected));
  return Number.isNaN(difference) ? Infinity : difference;
}
