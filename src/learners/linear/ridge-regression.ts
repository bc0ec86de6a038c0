import { throwIfAborted } from '../../core/errors.js';
import type { Matrix } from '../../core/matrix.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { checkTargets, checkWeights } from '../validate.js';
import { solveCholesky } from './cholesky.js';
import type { LinearModel } from './model.js';
import { ridgeRegressionParams, type RidgeRegressionParams } from './params.js';
import { fitStandardization, standardize } from './standardize.js';

export type { RidgeRegressionParams } from './params.js';

/**
 * Ridge regression (Hoerl & Kennard 1970) on standardised features by the normal equations; the intercept carries
 * no penalty. A missing value stands at the mean, an infinite one at the largest finite float32.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 3]], ['posts']);
 * const model = await ridgeRegression({ l2Regularization: 0 }).fit(X, [1, 3, 5, 7], { rng: createRng(1) });
 * linearMargins(model, X)[0][3] // 7
 */
export function ridgeRegression(given: Partial<RidgeRegressionParams> = {}): Estimator<LinearModel> {
  const params = ridgeRegressionParams(given);
  return {
    kind: 'ridge-regression',
    params,
    // eslint-disable-next-line @typescript-eslint/require-await -- a refusal must reject, not throw
    fit: async (X, y, options) => fit(params, X, y, options),
  };
}

function fit(
  params: RidgeRegressionParams,
  X: Matrix,
  y: ArrayLike<number>,
  { sampleWeight, signal, onProgress }: FitOptions,
): LinearModel {
  const targets = checkTargets(X, y, 'regression');
  const weight = checkWeights(X.nRows, sampleWeight);
  throwIfAborted(signal);
  const standardization = fitStandardization(X, weight);
  const columns = standardize(X, standardization);

  let total = 0;
  let sum = 0;
  for (let i = 0; i < targets.length; i++) {
    total += weight[i];
    sum += weight[i] * targets[i];
  }
  // Standardised columns, missing values at 0, have mean 0: the intercept is the mean target whatever the slopes.
  const intercept = sum / total;
  const residual = targets.map((target, i) => weight[i] * (target - intercept));
  const size = X.nFeatures;
  const gram = new Float64Array(size * size);
  columns.forEach((column, j) => {
    const weighted = column.map((value, i) => weight[i] * value);
    for (let k = 0; k <= j; k++) gram[j * size + k] = dot(weighted, columns[k]);
    gram[j * size + j] += params.l2Regularization;
  });
  const coefficients = solveCholesky(
    gram,
    Float64Array.from(columns, (column) => dot(column, residual)),
  );
  onProgress?.(1, 1);
  return Object.freeze({
    kind: 'ridge-regression',
    format: 1,
    featureNames: X.names,
    nMargins: 1,
    ...standardization,
    coefficients,
    intercept: Float64Array.of(intercept),
  });
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
