import { checkClassProbabilities, checkProbabilities } from './check-input.js';
import { meanKernel, type MetricKernel, valueOf } from './metric.js';

/** The largest value log loss takes: minus the logarithm of the clip, 2^-52. */
export const maxLogLoss = -Math.log(Number.EPSILON);

/**
 * Mean negative log-likelihood of binary labels in nats, probabilities clipped to [eps, 1 - eps] with eps = 2^-52
 * as scikit-learn does since 1.5. In [0, 36.05], lower is better.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 */
export function logLoss(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('log loss', 'a positive weight', prepareLogLoss(y, p), y.length, sampleWeight);
}

/** `logLoss` with the row losses computed. */
export function prepareLogLoss(y: ArrayLike<number>, p: ArrayLike<number>): MetricKernel {
  checkProbabilities('log loss', y, p);
  return meanKernel(
    Float64Array.from(p, (pi, i) => (y[i] === 1 ? -Math.log(clip(pi)) : -Math.log1p(-clip(pi)))),
  );
}

/**
 * Mean negative log-likelihood of class indices in nats, clipped as in `logLoss`. Lower is better.
 * @param y class indices `[nRows]`
 * @param P one column of probabilities `[nRows]` per class
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, a probability outside [0, 1], or a class without a column, naming the row
 */
export function multiclassLogLoss(
  y: ArrayLike<number>,
  P: readonly ArrayLike<number>[],
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('log loss', 'a positive weight', prepareMulticlassLogLoss(y, P), y.length, sampleWeight);
}

/** `multiclassLogLoss` with the row losses computed. */
export function prepareMulticlassLogLoss(
  y: ArrayLike<number>,
  P: readonly ArrayLike<number>[],
): MetricKernel {
  checkClassProbabilities('log loss', y, P);
  return meanKernel(Float64Array.from(y, (k, i) => -Math.log(clip(P[k][i]))));
}

function clip(p: number): number {
  return Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON);
}
