import { binShares, jeffreysCount } from './bin-shares.js';

/**
 * Population stability index: the sum over bins of (q - p) · ln(q / p), p and q the shares of the reference and of
 * the current rows (Jeffreys' divergence; Siddiqi 2006, "Credit Risk Scorecards", for its use in monitoring). In
 * [0, ∞), 0 where the shares are equal, symmetric in its arguments.
 *
 * Customary reading, of large samples: below 0.1 no shift, 0.1 to 0.25 some, above 0.25 a large one. It is never
 * negative, so that sampling alone lifts it: by about (nBins - 1) · (1 / n + 1 / m) for samples of n and m rows that
 * do not differ (Yurdakul & Naranjo 2020). `stabilityNoise` says what they reach by chance.
 *
 * @param reference rows of the reference in each bin `[nBins]`
 * @param current rows to judge in the same bins `[nBins]`
 * @param pseudoCount added to each bin that any side fills; with 0, a bin that only one side fills gives Infinity
 * @throws {DataError} for counts of different length, a count that is none, or a side without rows
 * @example populationStabilityIndex([50, 30, 20], [40, 30, 30]) // 0.0608…
 */
export function populationStabilityIndex(
  reference: ArrayLike<number>,
  current: ArrayLike<number>,
  pseudoCount = jeffreysCount,
): number {
  const { reference: p, current: q } = binShares(
    'population stability index',
    reference,
    current,
    pseudoCount,
  );
  let sum = 0;
  for (let b = 0; b < p.length; b++) sum += (q[b] - p[b]) * Math.log(q[b] / p[b]);
  return sum;
}
