import { DataError } from '../../../core/errors.js';

/**
 * Where the rows of each query begin, and the number of rows at the end.
 *
 * @param group `[nRows]` query ids, the rows of one query adjacent
 * @returns `[nQueries + 1]`
 * @throws {DataError} for ids that are too few, not finite, or come back after another query's rows
 */
export function queryStarts(group: ArrayLike<number> | undefined, nRows: number): Int32Array {
  if (group === undefined) throw new DataError('ranking needs group, the query of every row');
  if (group.length !== nRows) {
    throw new DataError(`group has ${group.length} values, expected one for each of ${nRows} rows`);
  }
  const starts: number[] = [];
  const seen = new Set<number>();
  for (let i = 0; i < nRows; i++) {
    const id = group[i];
    if (!Number.isFinite(id)) throw new DataError(`group[${i}]=${id} must be a finite number`);
    if (i > 0 && id === group[i - 1]) continue;
    if (seen.has(id)) {
      throw new DataError(`group[${i}]=${id} must stand beside the other rows of query ${id}`);
    }
    seen.add(id);
    starts.push(i);
  }
  return Int32Array.of(...starts, nRows);
}
