import { throwIfAborted } from '../../core/errors.js';
import type { Matrix } from '../../core/matrix.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { checkWithin, mergeParams } from '../params.js';
import { checkTargets, checkWeights } from '../validate.js';
import { solveCholesky } from './cholesky.js';
import type { LinearModel } from './model.js';
import { fitStandardization, standardize } from './standardize.js';

/** Parameters of ridge regression. */
export interface RidgeRegressionParams {
  /** l2 * ||w||² is added to the sum of weighted squared errors (scikit-learn's alpha); the intercept is free. */
  readonly l2Regularization: number;
}

const defaults: RidgeRegressionParams = { l2Regularization: 1 };

/**
 * Ridge regression (Hoerl & Kennard 1970) on standardised features, missing values at the mean, by the normal
 * equations: O(nRows nFeatures²).
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 3]], ['posts']);
 * const model = await ridgeRegression({ l2Regularization: 0 }).fit(X, [1, 3, 5, 7], { rng: createRng(1) });
 * linearMargins(model, X)[0] // [1, 3, 5, 7]
 */
export function ridgeRegression(given: Partial<RidgeRegressionParams> = {}): Estimator<LinearModel> {
  const params = mergeParams('ridge regression', defaults, given);
  checkWithin(params, 'l2Regularization', 0, Number.MAX_VALUE);
  Object.freeze(params);
  return { kind: 'ridge-regression', params, fit: (X, y, options) => fit(params, X, y, options) };
}

async function fit(
  { l2Regularization }: RidgeRegressionParams,
  X: Matrix,
  y: ArrayLike<number>,
  { sampleWeight, onProgress, signal }: FitOptions,
): Promise<LinearModel> {
  const targets = checkTargets(X, y, 'regression');
  const weights = checkWeights(X.nRows, sampleWeight);
  const standardization = fitStandardization(X, weights);
  throwIfAborted(signal);
  const columns = standardize(X.columns, standardization);
  const size = X.nFeatures;

  const centre = weightedMean(targets, weights);
  const centred = targets.map((target) => target - centre);
  // A column with missing values is not centred by itself: its zeros were not in its mean, but they weigh nothing
  // in its sum either, so the weighted sum of every standardised column is 0 and the intercept is the mean target.
  const gram = new Float64Array(size * size);
  const moments = new Float64Array(size);
  const weighted = new Float64Array(X.nRows);
  for (let j = 0; j < size; j++) {
    await new Promise((resume) => setImmediate(resume));
    throwIfAborted(signal);
    for (let i = 0; i < X.nRows; i++) weighted[i] = weights[i] * columns[j][i];
    for (let k = 0; k <= j; k++) gram[j * size + k] = dot(weighted, columns[k]);
    gram[j * size + j] += l2Regularization;
    moments[j] = dot(weighted, centred);
    onProgress?.(j + 1, size);
  }
  return Object.freeze({
    kind: 'ridge-regression',
    format: 1,
    featureNames: X.names,
    nMargins: 1,
    ...standardization,
    coefficients: solveCholesky(gram, moments),
    intercept: Float64Array.of(centre),
  });
}

function weightedMean(values: Float64Array, weights: Float64Array): number {
  let total = 0;
  let sum = 0;
  for (let i = 0; i < values.length; i++) {
    total += weights[i];
    sum += weights[i] * values[i];
  }
  return sum / total;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
