import { ConfigError } from '../../core/errors.js';

/** Parameters of logistic regression. */
export interface LogisticRegressionParams {
  /** Penalty 0.5 * l2 * ||w||² beside the sum of weighted log losses: 1 / C of scikit-learn. */
  readonly l2Regularization: number;
  /** 2 gives one margin, more give one margin per class. */
  readonly nClasses: number;
  readonly maxIterations: number;
  /** Stop where no component of the gradient of the mean loss is larger. */
  readonly tolerance: number;
}

/** Parameters of ridge regression. */
export interface RidgeRegressionParams {
  /** Penalty l2 * ||w||² beside the sum of weighted squared errors: alpha of scikit-learn. */
  readonly l2Regularization: number;
}

/**
 * Given parameters over the defaults.
 * @throws {ConfigError} naming the first parameter that is unknown or out of its range
 */
export function logisticRegressionParams(given: Partial<LogisticRegressionParams>): LogisticRegressionParams {
  const defaults = { l2Regularization: 1, nClasses: 2, maxIterations: 100, tolerance: 1e-8 };
  refuseUnknown(given, defaults, 'logistic regression');
  const params = { ...defaults, ...given };
  checkPenalty(params.l2Regularization);
  checkWhole('nClasses', params.nClasses, 2, 10_000);
  checkWhole('maxIterations', params.maxIterations, 1, 1_000_000);
  if (!(params.tolerance > 0 && params.tolerance <= 1)) {
    throw new ConfigError(`tolerance=${params.tolerance} must be above 0 and at most 1`);
  }
  return Object.freeze(params);
}

/**
 * Given parameters over the defaults.
 * @throws {ConfigError} naming the first parameter that is unknown or out of its range
 */
export function ridgeRegressionParams(given: Partial<RidgeRegressionParams>): RidgeRegressionParams {
  const defaults = { l2Regularization: 1 };
  refuseUnknown(given, defaults, 'ridge regression');
  const params = { ...defaults, ...given };
  checkPenalty(params.l2Regularization);
  return Object.freeze(params);
}

/** @throws {ConfigError} naming a parameter that the learner does not have */
export function refuseUnknown(given: object, defaults: object, learner: string): void {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new ConfigError(
        `${name} is not a parameter of ${learner}; known are ${Object.keys(defaults).join(', ')}`,
      );
    }
  }
}

/** @throws {ConfigError} unless the penalty is a finite number of at least 0 */
export function checkPenalty(l2Regularization: number): void {
  if (!(Number.isFinite(l2Regularization) && l2Regularization >= 0)) {
    throw new ConfigError(`l2Regularization=${l2Regularization} must be a finite number of at least 0`);
  }
}

/** @throws {ConfigError} unless `value` is a whole number from `low` to `high` */
export function checkWhole(name: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high)) {
    throw new ConfigError(`${name}=${value} must be a whole number from ${low} to ${high}`);
  }
}
