import { ConfigError } from '../../core/errors.js';

/** Parameters of gradient boosting, named as in scikit-learn, else as in LightGBM. */
export interface GradientBoostingParams {
  readonly objective: 'binary' | 'multiclass' | 'squared-error';
  /** Classes of `multiclass`; 2 otherwise ignored. */
  readonly nClasses: number;
  /** Boosting iterations (trees per class for `multiclass`). */
  readonly nEstimators: number;
  /** Shrinkage of every leaf, (0, 1]. */
  readonly learningRate: number;
  /**
   * `leaf-wise`: always the leaf with the most gain (LightGBM); `depth-wise`: level by level (XGBoost);
   * `symmetric`: one split for a whole level (oblivious trees, CatBoost).
   */
  readonly growth: 'leaf-wise' | 'depth-wise' | 'symmetric';
  /**
   * `best`: every bound of every feature is tried; `random`: one bound per feature and node, drawn uniformly
   * (extremely randomised trees, Geurts et al. 2006). Not for `symmetric` growth.
   */
  readonly splitter: 'best' | 'random';
  /** Leaves a tree may have; not a bound on `symmetric` trees. */
  readonly maxLeafNodes: number;
  /** Splits on a path; 0 for no bound (`symmetric`: at least 1). */
  readonly maxDepth: number;
  /** Rows a leaf must hold. */
  readonly minSamplesLeaf: number;
  /** Sum of hessians a leaf must hold. */
  readonly minChildWeight: number;
  /** L2 penalty on leaf values. */
  readonly l2Regularization: number;
  /** Gain a split must bring. */
  readonly minGainToSplit: number;
  /** Bins for the values of a feature, [2, 255]; one more holds the missing ones. */
  readonly maxBins: number;
  /** Share of rows each tree sees, drawn without replacement, (0, 1]. */
  readonly subsample: number;
  /** Share of features each tree sees, (0, 1]. */
  readonly colsampleByTree: number;
  /** Per feature name: 1 where the prediction may only rise with the feature, -1 where it may only fall. */
  readonly monotoneConstraints: Readonly<Record<string, 1 | -1>>;
  /** Stop after so many iterations without a better validation loss; 0 never. Needs `validation` in `fit`. */
  readonly earlyStoppingRounds: number;
}

const defaults: GradientBoostingParams = {
  objective: 'binary',
  nClasses: 2,
  nEstimators: 100,
  learningRate: 0.1,
  growth: 'leaf-wise',
  splitter: 'best',
  maxLeafNodes: 31,
  maxDepth: 0,
  minSamplesLeaf: 20,
  minChildWeight: 1e-3,
  l2Regularization: 0,
  minGainToSplit: 0,
  maxBins: 255,
  subsample: 1,
  colsampleByTree: 1,
  monotoneConstraints: {},
  earlyStoppingRounds: 0,
};

/**
 * Given parameters over the defaults.
 * @throws {ConfigError} naming the first parameter that is unknown or out of its range
 */
export function gradientBoostingParams(given: Partial<GradientBoostingParams>): GradientBoostingParams {
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(defaults, name)) {
      throw new ConfigError(
        `${name} is not a parameter of gradient boosting; known are ${Object.keys(defaults).join(', ')}`,
      );
    }
  }
  const params = {
    ...defaults,
    ...given,
    monotoneConstraints: Object.freeze({ ...given.monotoneConstraints }),
  };
  oneOf(params, 'objective', ['binary', 'multiclass', 'squared-error']);
  oneOf(params, 'growth', ['leaf-wise', 'depth-wise', 'symmetric']);
  oneOf(params, 'splitter', ['best', 'random']);
  if (params.splitter === 'random' && params.growth === 'symmetric') {
    throw new ConfigError('splitter=random must not be combined with growth=symmetric');
  }
  integer(params, 'nClasses', 2, 10_000);
  integer(params, 'nEstimators', 1, 1_000_000);
  within(params, 'learningRate', Number.MIN_VALUE, 1);
  integer(params, 'maxLeafNodes', 2, 1_000_000);
  integer(
    params,
    'maxDepth',
    params.growth === 'symmetric' ? 1 : 0,
    params.growth === 'symmetric' ? 16 : 1_000,
  );
  integer(params, 'minSamplesLeaf', 1, 2 ** 31);
  within(params, 'minChildWeight', 0, Infinity);
  within(params, 'l2Regularization', 0, Number.MAX_VALUE);
  within(params, 'minGainToSplit', 0, Number.MAX_VALUE);
  integer(params, 'maxBins', 2, 255);
  within(params, 'subsample', Number.MIN_VALUE, 1);
  within(params, 'colsampleByTree', Number.MIN_VALUE, 1);
  integer(params, 'earlyStoppingRounds', 0, 1_000_000);
  for (const [name, sign] of Object.entries(params.monotoneConstraints)) {
    if (sign !== 1 && sign !== -1)
      throw new ConfigError(`monotoneConstraints.${name}=${String(sign)} must be 1 or -1`);
  }
  return Object.freeze(params);
}

type NumericName = {
  [K in keyof GradientBoostingParams]: GradientBoostingParams[K] extends number ? K : never;
}[keyof GradientBoostingParams];

function within(params: GradientBoostingParams, name: NumericName, low: number, high: number): void {
  const value: unknown = params[name];
  if (typeof value !== 'number' || !(value >= low && value <= high)) {
    const lower = low === Number.MIN_VALUE ? 'above 0' : `at least ${low}`;
    throw new ConfigError(
      `${name}=${String(value)} must be ${lower}${high < 1e300 ? ` and at most ${high}` : ''}`,
    );
  }
}

function integer(params: GradientBoostingParams, name: NumericName, low: number, high: number): void {
  if (!Number.isInteger(params[name]) || params[name] < low || params[name] > high) {
    throw new ConfigError(`${name}=${String(params[name])} must be a whole number from ${low} to ${high}`);
  }
}

function oneOf(
  params: GradientBoostingParams,
  name: 'objective' | 'growth' | 'splitter',
  allowed: readonly string[],
): void {
  if (!allowed.includes(params[name])) {
    throw new ConfigError(`${name}=${String(params[name])} must be one of ${allowed.join(', ')}`);
  }
}
