import { prepareCalibrationError } from './calibration-error.js';
import { checkClassProbabilities } from './check-input.js';
import { valueOf, type MetricKernel } from './metric.js';
import { mostProbable, type ClassProbabilities } from './multiclass.js';

/**
 * Expected calibration error of the most probable class: how far its probability is from the share of rows where it is
 * right, over 15 equal-mass bins (Guo, Pleiss, Sun & Weinberger 2017, equal-mass instead of equal-width). In [0, 1],
 * lower is better; biased upwards in small samples.
 * @param y class indices `[nRows]`
 * @param P one column of probabilities `[nRows]` per class
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row
 */
export function confidenceError(
  y: ArrayLike<number>,
  P: ClassProbabilities,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf(
    'confidence error',
    'a positive weight',
    prepareConfidenceError(y, P),
    y.length,
    sampleWeight,
  );
}

/** `confidenceError` with the sort done. */
export function prepareConfidenceError(y: ArrayLike<number>, P: ClassProbabilities): MetricKernel {
  checkClassProbabilities('confidence error', y, P);
  const chosen = mostProbable(P);
  return prepareCalibrationError(
    Float64Array.from(chosen, (k, i) => (y[i] === k ? 1 : 0)),
    Float64Array.from(chosen, (k, i) => P[k][i]),
  );
}
