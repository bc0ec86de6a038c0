import { binShares } from './bin-shares.js';

/**
 * Jensen-Shannon distance: the square root of the mean of the Kullback-Leibler divergences of both shares from
 * their mean, in bits (Lin 1991; a metric by Endres & Schindelin 2003). In [0, 1], 0 where the shares are equal and
 * 1 where no bin is filled by both, symmetric in its arguments. Empty bins need no correction.
 *
 * Customary reading, of large samples: above 0.1 a shift worth a look. Sampling alone lifts it too: see
 * `stabilityNoise`.
 *
 * @param reference rows of the reference in each bin `[nBins]`
 * @param current rows to judge in the same bins `[nBins]`
 * @throws {DataError} for counts of different length, a count that is none, or a side without rows
 * @example jensenShannonDistance([50, 50, 0], [0, 50, 50]) // 0.7071…
 */
export function jensenShannonDistance(reference: ArrayLike<number>, current: ArrayLike<number>): number {
  const { reference: p, current: q } = binShares('jensen-shannon distance', reference, current, 0);
  let sum = 0;
  for (let b = 0; b < p.length; b++) {
    const mean = (p[b] + q[b]) / 2;
    if (p[b] > 0) sum += p[b] * Math.log2(p[b] / mean);
    if (q[b] > 0) sum += q[b] * Math.log2(q[b] / mean);
  }
  // Rounding can leave a sum of equal shares a hair below 0, and one of disjoint shares above 2.
  return Math.sqrt(Math.min(Math.max(sum / 2, 0), 1));
}
