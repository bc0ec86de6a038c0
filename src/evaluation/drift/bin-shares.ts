import { DataError } from '../../core/errors.js';

/**
 * Rows that are added to every bin before shares are taken (Jeffreys 1946): a bin that only one side fills would
 * make the logarithm of the ratio infinite, and how far it is from that should depend on how many rows were seen.
 */
export const jeffreysCount = 0.5;

/** Counts of two samples over the same bins as shares that sum to 1 each; bins that neither fills are left out. */
export interface BinShares {
  readonly reference: Float64Array;
  readonly current: Float64Array;
}

/**
 * @param reference rows of the first sample in each bin `[nBins]`; weighted counts are taken as they are
 * @param current rows of the second sample in the same bins `[nBins]`
 * @param pseudoCount added to every bin that at least one sample fills, on both sides
 * @throws {DataError} for arrays of different length, a count that is no count, or a sample without rows
 */
export function binShares(
  measure: string,
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  pseudoCount: number,
): BinShares {
  if (reference.length !== current.length) {
    throw new DataError(
      `${measure}: reference has ${reference.length} bins, current ${current.length}; count both over the same bins`,
    );
  }
  checkCounts(measure, 'reference', reference);
  checkCounts(measure, 'current', current);
  const filled = Array.from(reference, (_, b) => b).filter((b) => reference[b] > 0 || current[b] > 0);
  return {
    reference: sharesOf(filled.map((b) => reference[b] + pseudoCount)),
    current: sharesOf(filled.map((b) => current[b] + pseudoCount)),
  };
}

function checkCounts(measure: string, side: string, counts: ArrayLike<number>): void {
  let total = 0;
  for (let b = 0; b < counts.length; b++) {
    if (!(counts[b] >= 0 && counts[b] < Infinity)) {
      throw new DataError(`${measure}: ${side}[${b}]=${counts[b]} must be finite and not negative`);
    }
    total += counts[b];
  }
  if (total === 0) throw new DataError(`${measure}: ${side} has no rows`);
}

function sharesOf(counts: readonly number[]): Float64Array {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return Float64Array.from(counts, (count) => count / total);
}
