import { checkProbabilities } from './check-input.js';
import { meanKernel, type MetricKernel, valueOf } from './metric.js';

/**
 * Mean squared difference between probability and label (Brier 1950, half of his two-class sum). In [0, 1], lower
 * is better.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 */
export function brierScore(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('brier score', 'a positive weight', prepareBrierScore(y, p), y.length, sampleWeight);
}

/** `brierScore` with the row losses computed. */
export function prepareBrierScore(y: ArrayLike<number>, p: ArrayLike<number>): MetricKernel {
  checkProbabilities('brier score', y, p);
  return meanKernel(Float64Array.from(p, (pi, i) => (pi - y[i]) ** 2));
}
