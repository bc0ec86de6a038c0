import { checkBins, checkProbabilities } from './check-input.js';
import { defaultBins } from './calibration-error.js';
import { equalMassBins } from './equal-mass-bins.js';
import { wilsonInterval } from './interval.js';
import { tieGroups } from './tie-groups.js';

export interface CalibrationBin {
  readonly nRows: number;
  /** Mean probability in the bin. */
  readonly predicted: number;
  /** Share of positives in the bin, with its Wilson interval. */
  readonly observed: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Reliability diagram over the equal-mass bins of `expectedCalibrationError`, lowest probabilities first; empty bins
 * are left out.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 * @throws {ConfigError} for a number of bins that is not a whole number from 1, or a level outside (0, 1)
 */
export function calibrationCurve(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  options: { readonly nBins?: number; readonly level?: number } = {},
): readonly CalibrationBin[] {
  const { nBins = defaultBins, level = 0.95 } = options;
  checkBins(nBins);
  checkProbabilities('calibration curve', y, p);
  const sums = equalMassBins(tieGroups(p), y, p, new Float64Array(y.length).fill(1), nBins);
  const bins: CalibrationBin[] = [];
  for (let b = 0; b < nBins; b++) {
    const nRows = sums.weight[b];
    if (nRows === 0) continue;
    bins.push({
      nRows,
      predicted: sums.predicted[b] / nRows,
      observed: sums.observed[b] / nRows,
      ...wilsonInterval(sums.observed[b], nRows, level),
    });
  }
  return bins;
}
