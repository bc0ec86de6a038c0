import { checkBins, checkProbabilities } from './check-input.js';
import { equalMassBins } from './equal-mass-bins.js';
import { type MetricKernel, valueOf } from './metric.js';
import { tieGroups } from './tie-groups.js';

/** Bins of the calibration error where nothing else is said. */
export const defaultBins = 15;

/**
 * Expected calibration error: the mean over equal-mass bins of |mean probability - share of positives|, weighted by
 * bin (Naeini, Cooper & Hauskrecht 2015; equal-mass bins after Nguyen & O'Connor 2015). In [0, 1], lower is better.
 * Biased upwards in small samples: a perfectly calibrated model does not reach 0.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 * @throws {ConfigError} for a number of bins that is not a whole number from 1
 */
export function expectedCalibrationError(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  options: { readonly nBins?: number; readonly sampleWeight?: ArrayLike<number> | undefined } = {},
): number {
  const kernel = prepareCalibrationError(y, p, options.nBins);
  return valueOf('calibration error', 'a positive weight', kernel, y.length, options.sampleWeight);
}

/** `expectedCalibrationError` with the sort done. */
export function prepareCalibrationError(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  nBins = defaultBins,
): MetricKernel {
  checkBins(nBins);
  checkProbabilities('calibration error', y, p);
  const groups = tieGroups(p);
  const label = Float64Array.from(y);
  const probability = Float64Array.from(p);
  return (weight) => {
    const bins = equalMassBins(groups, label, probability, weight, nBins);
    let sum = 0;
    let total = 0;
    for (let b = 0; b < nBins; b++) {
      sum += Math.abs(bins.predicted[b] - bins.observed[b]);
      total += bins.weight[b];
    }
    return sum / total;
  };
}
