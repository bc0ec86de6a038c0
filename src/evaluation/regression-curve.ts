import { checkBins, checkValues } from './check-input.js';
import { equalMassBins } from './equal-mass-bins.js';
import { criticalValue } from './interval.js';
import { tieGroups } from './tie-groups.js';

export interface RegressionBin {
  readonly nRows: number;
  /** Mean prediction in the bin. */
  readonly predicted: number;
  /** Mean target in the bin, with the normal interval of a mean; without width for a single row. */
  readonly observed: number;
  readonly lower: number;
  readonly upper: number;
}

export interface ResidualBin {
  readonly from: number;
  readonly to: number;
  readonly nRows: number;
}

/**
 * Mean target over mean prediction in equal-mass bins of the prediction, lowest first; empty bins are left out.
 * @param y targets `[nRows]`
 * @param prediction `[nRows]`
 * @throws {DataError} for a value that is not finite, naming the row
 * @throws {ConfigError} for a level outside (0, 1)
 */
export function regressionCurve(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  options: { readonly nBins?: number; readonly level?: number } = {},
): readonly RegressionBin[] {
  const { nBins = 15, level = 0.95 } = options;
  checkBins(nBins);
  checkValues('regression curve', y, prediction);
  const z = criticalValue(level);
  // Squares are summed about the mean, lest a large offset drown the spread.
  let centre = 0;
  for (let i = 0; i < y.length; i++) centre += y[i] / y.length;
  const centred = Float64Array.from(y, (value) => value - centre);
  const ones = new Float64Array(y.length).fill(1);
  const sums = equalMassBins(tieGroups(prediction), centred, prediction, ones, nBins);
  const bins: RegressionBin[] = [];
  for (let b = 0; b < nBins; b++) {
    const nRows = sums.weight[b];
    if (nRows === 0) continue;
    const mean = sums.observed[b] / nRows;
    const variance = nRows < 2 ? 0 : Math.max(0, sums.observedSquare[b] - nRows * mean * mean) / (nRows - 1);
    const half = z * Math.sqrt(variance / nRows);
    const observed = centre + mean;
    bins.push({
      nRows,
      predicted: sums.predicted[b] / nRows,
      observed,
      lower: observed - half,
      upper: observed + half,
    });
  }
  return bins;
}

/**
 * Residuals (target - prediction) in bins of equal width between the smallest and the largest; one bin where all are
 * equal.
 * @param y targets `[nRows]`
 * @param prediction `[nRows]`
 * @throws {DataError} for a value that is not finite, naming the row
 */
export function residualHistogram(
  y: ArrayLike<number>,
  prediction: ArrayLike<number>,
  nBins = 25,
): readonly ResidualBin[] {
  checkBins(nBins);
  checkValues('residual histogram', y, prediction);
  const residual = Float64Array.from(y, (value, i) => value - prediction[i]);
  const lowest = residual.reduce((a, b) => Math.min(a, b));
  const highest = residual.reduce((a, b) => Math.max(a, b));
  if (lowest === highest) return [{ from: lowest, to: highest, nRows: y.length }];
  const width = (highest - lowest) / nBins;
  const counts = new Float64Array(nBins);
  for (const value of residual) counts[Math.min(nBins - 1, Math.floor((value - lowest) / width))]++;
  return Array.from(counts, (nRows, b) => ({
    from: lowest + b * width,
    to: b === nBins - 1 ? highest : lowest + (b + 1) * width,
    nRows,
  }));
}
