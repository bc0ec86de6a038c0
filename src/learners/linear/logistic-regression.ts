import { throwIfAborted } from '../../core/errors.js';
import type { Matrix } from '../../core/matrix.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { aboveZero, checkInteger, checkWithin, mergeParams } from '../params.js';
import { checkTargets, checkWeights } from '../validate.js';
import { fitLogistic, type Design } from './fit-logistic.js';
import type { LinearModel } from './model.js';
import { fitLogisticByNewton } from './newton.js';
import { fitPresentClasses } from './present-classes.js';
import { fitStandardization, standardize } from './standardize.js';

/** Parameters of logistic regression. */
export interface LogisticRegressionParams {
  /** 0.5 * l2 * ||w||² is added to the sum of weighted log losses (scikit-learn's 1 / C); the intercept is free. */
  readonly l2Regularization: number;
  /** 2: one margin, the log-odds of class 1; more: one margin per class. */
  readonly nClasses: number;
  readonly maxIterations: number;
  /** Largest gradient component per unit of weight to stop at. */
  readonly tolerance: number;
}

const defaults: LogisticRegressionParams = {
  l2Regularization: 1,
  nClasses: 2,
  maxIterations: 200,
  tolerance: 1e-9,
};

/**
 * Logistic regression on standardised features, missing values at the mean: Newton's method for two classes, L-BFGS
 * on the softmax for more. A class without a row gets probability 1e-6.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 3]], ['followers']);
 * const model = await logisticRegression().fit(X, [0, 0, 1, 1], { rng: createRng(1) });
 * linearMargins(model, X)[0][3] > 0 // true
 */
export function logisticRegression(given: Partial<LogisticRegressionParams> = {}): Estimator<LinearModel> {
  const params = mergeParams('logistic regression', defaults, given);
  checkWithin(params, 'l2Regularization', 0, Number.MAX_VALUE);
  checkInteger(params, 'nClasses', 2, 10_000);
  checkInteger(params, 'maxIterations', 1, 1_000_000);
  checkWithin(params, 'tolerance', aboveZero, 1);
  Object.freeze(params);
  return { kind: 'logistic-regression', params, fit: (X, y, options) => fit(params, X, y, options) };
}

async function fit(
  params: LogisticRegressionParams,
  X: Matrix,
  y: ArrayLike<number>,
  { sampleWeight, onProgress, signal }: FitOptions,
): Promise<LinearModel> {
  const targets = checkTargets(X, y, { classes: params.nClasses });
  const weights = checkWeights(X.nRows, sampleWeight);
  const standardization = fitStandardization(X, weights);
  throwIfAborted(signal);
  const columns = standardize(X.columns, standardization);
  const options = { ...params, onProgress, signal };
  const { coefficients, intercept } = await fitPresentClasses(
    targets,
    weights,
    params.nClasses,
    X.nFeatures,
    (present, nMargins) =>
      nMargins === 1
        ? fitLogisticByNewton(columns, present, weights, options)
        : fitLogistic(denseDesign(columns, X.nRows), present, weights, nMargins, options),
  );
  return Object.freeze({
    kind: 'logistic-regression',
    format: 1,
    featureNames: X.names,
    nMargins: intercept.length,
    ...standardization,
    coefficients,
    intercept,
  });
}

function denseDesign(columns: readonly Float64Array[], nRows: number): Design {
  return {
    nRows,
    nFeatures: columns.length,
    addProduct(coefficients, margin) {
      columns.forEach((column, j) => {
        const factor = coefficients[j];
        for (let i = 0; i < nRows; i++) margin[i] += factor * column[i];
      });
    },
    addTransposed(residual, gradient) {
      columns.forEach((column, j) => {
        let sum = 0;
        for (let i = 0; i < nRows; i++) sum += residual[i] * column[i];
        gradient[j] += sum;
      });
    },
  };
}
