import { Table } from '../../core/table.js';

/** The start of the month of a time, both milliseconds since 1970 UTC. */
export function monthOf(time: number): number {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/**
 * Rows in the order of their times, month by month; memory is bounded by the largest month.
 * @param column the timestamp that batches are sorted by, without gaps
 */
export async function* byMonth(
  batches: AsyncIterable<Table>,
  column: string,
): AsyncGenerator<{ readonly month: number; readonly rows: Table }> {
  let month = NaN;
  let parts: Table[] = [];
  for await (const batch of batches) {
    const times = Table.numbers(batch, column);
    let start = 0;
    while (start < batch.nRows) {
      const own = monthOf(times[start]);
      let end = start + 1;
      while (end < batch.nRows && monthOf(times[end]) === own) end++;
      if (own !== month && parts.length > 0) {
        yield { month, rows: Table.concat(parts) };
        parts = [];
      }
      month = own;
      parts.push(
        Table.rows(
          batch,
          Uint32Array.from({ length: end - start }, (_, i) => start + i),
        ),
      );
      start = end;
    }
  }
  if (parts.length > 0) yield { month, rows: Table.concat(parts) };
}
