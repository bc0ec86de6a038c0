import { throwIfAborted } from '../../core/errors.js';
import type { Matrix } from '../../core/matrix.js';
import type { Estimator, FitOptions } from '../estimator.js';
import { checkTargets, checkWeights } from '../validate.js';
import { fitPresentClasses } from './absent-classes.js';
import { fitLogisticLoss, type DesignRows, type LogisticOptions } from './logistic-loss.js';
import type { LinearModel } from './model.js';
import { fitNewton } from './newton.js';
import { logisticRegressionParams, type LogisticRegressionParams } from './params.js';
import { fitStandardization, standardize } from './standardize.js';

export type { LogisticRegressionParams } from './params.js';

/** Beyond so many features the Hessian costs more than it saves. */
const maxNewtonFeatures = 512;

/**
 * L2-penalised logistic regression on standardised features: binary by Newton steps, multinomial by L-BFGS. A
 * missing value stands at the mean, an infinite one at the largest finite float32, a class without weight at a
 * share of one in a million.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 3]], ['followers']);
 * const model = await logisticRegression().fit(X, [0, 0, 1, 1], { rng: createRng(1) });
 * linearMargins(model, X)[0][3] > 0 // true
 */
export function logisticRegression(given: Partial<LogisticRegressionParams> = {}): Estimator<LinearModel> {
  const params = logisticRegressionParams(given);
  return { kind: 'logistic-regression', params, fit: (X, y, options) => fit(params, X, y, options) };
}

async function fit(
  params: LogisticRegressionParams,
  X: Matrix,
  y: ArrayLike<number>,
  { sampleWeight, signal, onProgress }: FitOptions,
): Promise<LinearModel> {
  const targets = checkTargets(X, y, { classes: params.nClasses });
  const weight = checkWeights(X.nRows, sampleWeight);
  throwIfAborted(signal);
  const standardization = fitStandardization(X, weight);
  const columns = standardize(X, standardization);
  const learned = await fitPresentClasses(
    targets,
    weight,
    params.nClasses,
    X.nFeatures,
    (labels, nMargins) => {
      const options: LogisticOptions = {
        nMargins,
        l2: params.l2Regularization,
        maxIterations: params.maxIterations,
        tolerance: params.tolerance,
        signal,
      };
      return nMargins === 1 && X.nFeatures <= maxNewtonFeatures
        ? fitNewton(columns, labels, weight, options)
        : fitLogisticLoss(denseRows(columns, X.nRows), labels, weight, options);
    },
  );
  onProgress?.(1, 1);
  return Object.freeze({
    kind: 'logistic-regression',
    format: 1,
    featureNames: X.names,
    nMargins: learned.intercept.length,
    ...standardization,
    ...learned,
  });
}

function denseRows(columns: readonly Float64Array[], nRows: number): DesignRows {
  return {
    nRows,
    nColumns: columns.length,
    addProduct(vector, out) {
      columns.forEach((column, j) => {
        for (let i = 0; i < nRows; i++) out[i] += vector[j] * column[i];
      });
    },
    addTransposedProduct(vector, out) {
      columns.forEach((column, j) => {
        let sum = 0;
        for (let i = 0; i < nRows; i++) sum += vector[i] * column[i];
        out[j] += sum;
      });
    },
  };
}
