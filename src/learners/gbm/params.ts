import { ConfigError } from '../../core/errors.js';
import { aboveZero, checkBetween, checkInteger, checkOneOf, checkWithin, mergeParams } from '../params.js';

/** Losses that can be boosted; `custom` takes its derivatives from the options of `fit`. */
export type ObjectiveName =
  | 'binary'
  | 'multiclass'
  | 'squared-error'
  | 'absolute-error'
  | 'huber'
  | 'quantile'
  | 'poisson'
  | 'tweedie'
  | 'lambdarank'
  | 'custom';

/** What early stopping may watch. */
export type WatchedMetric = 'loss' | 'roc-auc' | 'average-precision' | 'error' | 'rmse' | 'mae' | 'ndcg';

/** Parameters of gradient boosting, named as in scikit-learn, else as in LightGBM. */
export interface GradientBoostingParams {
  readonly objective: ObjectiveName;
  /** Classes of `multiclass`; ignored otherwise. */
  readonly nClasses: number;
  /** Where the loss of `huber` turns from squares to absolute values, in the unit of the target. */
  readonly huberDelta: number;
  /** Level of `quantile`, (0, 1). */
  readonly quantile: number;
  /** Variance ~ mean^power of `tweedie`, (1, 2). */
  readonly tweedieVariancePower: number;
  /** `lambdarank` looks at pairs of which one row at least is among so many first ones; NDCG counts as many. */
  readonly lambdarankTruncation: number;
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
   * (extremely randomised trees, Geurts et al. 2006). `random` goes neither with `symmetric` growth nor with
   * categorical features.
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
  /** L1 penalty on leaf values. */
  readonly l1Regularization: number;
  /** L2 penalty on leaf values. */
  readonly l2Regularization: number;
  /** Gain a split must bring. */
  readonly minGainToSplit: number;
  /** Bins for the values of a feature, [2, 255]; one more holds the missing ones. */
  readonly maxBins: number;
  /** `goss`: the rows of steepest gradients and a weighted draw of the others (Ke et al. 2017). */
  readonly sampling: 'uniform' | 'goss';
  /** Share of rows each tree sees, drawn without replacement, (0, 1]; for `uniform` sampling. */
  readonly subsample: number;
  /** Share of rows that `goss` keeps for their gradients, (0, 1). */
  readonly gossTopRate: number;
  /** Share of all rows that `goss` draws from the others, (0, 1). */
  readonly gossOtherRate: number;
  /** Share of features each tree sees, (0, 1]. */
  readonly colsampleByTree: number;
  /** Share of its tree's features each node sees, (0, 1]. */
  readonly colsampleByNode: number;
  /**
   * Factors on the weights of the rows of each class of `binary` or `multiclass`; `balanced`: each class weighs the
   * same, all together as much as the rows.
   */
  readonly classWeight: 'balanced' | readonly number[] | null;
  /** Per feature name: 1 where the prediction may only rise with the feature, -1 where it may only fall. */
  readonly monotoneConstraints: Readonly<Record<string, 1 | -1>>;
  /** Groups of feature names: only features of one group may meet on a path; features in no group meet nobody. */
  readonly interactionConstraints: readonly (readonly string[])[];
  /** Names of features whose values are category codes, whole numbers of at least 0. Not for `symmetric` growth. */
  readonly categoricalFeatures: readonly string[];
  /** Added to the hessians that categories are sorted by, so that small ones stand in the middle. */
  readonly categorySmoothing: number;
  /** L2 penalty on the sides of a split by several categories, on top of `l2Regularization`. */
  readonly categoryL2: number;
  /** Nodes with at most so many categories try each one alone against the others. */
  readonly maxCategoriesOneHot: number;
  /** Categories a split may send left. */
  readonly maxCategoriesPerSplit: number;
  /** Rows a node must hold of a category to send it left, where there are more than `maxCategoriesOneHot`. */
  readonly minSamplesPerCategory: number;
  /** Stop after so many iterations without a better `earlyStoppingMetric`; 0 never. Needs `validation` in `fit`. */
  readonly earlyStoppingRounds: number;
  /** What is watched on the validation rows; `loss` is the objective's own. */
  readonly earlyStoppingMetric: WatchedMetric;
}

const defaults: GradientBoostingParams = {
  objective: 'binary',
  nClasses: 2,
  huberDelta: 1,
  quantile: 0.5,
  tweedieVariancePower: 1.5,
  lambdarankTruncation: 30,
  nEstimators: 100,
  learningRate: 0.1,
  growth: 'leaf-wise',
  splitter: 'best',
  maxLeafNodes: 31,
  maxDepth: 0,
  minSamplesLeaf: 20,
  minChildWeight: 1e-3,
  l1Regularization: 0,
  l2Regularization: 0,
  minGainToSplit: 0,
  maxBins: 255,
  sampling: 'uniform',
  subsample: 1,
  gossTopRate: 0.2,
  gossOtherRate: 0.1,
  colsampleByTree: 1,
  colsampleByNode: 1,
  classWeight: null,
  monotoneConstraints: {},
  interactionConstraints: [],
  categoricalFeatures: [],
  categorySmoothing: 10,
  categoryL2: 10,
  maxCategoriesOneHot: 4,
  maxCategoriesPerSplit: 32,
  minSamplesPerCategory: 10,
  earlyStoppingRounds: 0,
  earlyStoppingMetric: 'loss',
};

/**
 * Given parameters over the defaults, frozen, and plain data that JSON carries unchanged.
 * @throws {ConfigError} naming the first parameter that is unknown or out of its range, or two that contradict
 */
export function gradientBoostingParams(given: Partial<GradientBoostingParams>): GradientBoostingParams {
  const params = mergeParams('gradient boosting', defaults, given);
  checkObjective(params);
  checkGrowth(params);
  checkSampling(params);
  checkConstraints(params);
  checkCategories(params);
  checkInteger(params, 'earlyStoppingRounds', 0, 1_000_000);
  const { classWeight, monotoneConstraints, interactionConstraints, categoricalFeatures } = params;
  return Object.freeze({
    ...params,
    classWeight:
      classWeight === null || classWeight === 'balanced' ? classWeight : Object.freeze([...classWeight]),
    monotoneConstraints: Object.freeze({ ...monotoneConstraints }),
    interactionConstraints: Object.freeze(interactionConstraints.map((group) => Object.freeze([...group]))),
    categoricalFeatures: Object.freeze([...categoricalFeatures]),
  });
}

const objectives = Object.keys({
  binary: 0,
  multiclass: 0,
  'squared-error': 0,
  'absolute-error': 0,
  huber: 0,
  quantile: 0,
  poisson: 0,
  tweedie: 0,
  lambdarank: 0,
  custom: 0,
} satisfies Record<ObjectiveName, 0>) as readonly ObjectiveName[];

/** The objectives that predict a number in the unit of the target. */
const regressions: readonly ObjectiveName[] = objectives.slice(2, 8);

/** The objectives each metric fits; a custom one fits all. */
const metricObjectives: Readonly<Record<WatchedMetric, readonly ObjectiveName[]>> = {
  loss: objectives,
  'roc-auc': ['binary', 'custom'],
  'average-precision': ['binary', 'custom'],
  error: ['binary', 'multiclass', 'custom'],
  rmse: [...regressions, 'custom'],
  mae: [...regressions, 'custom'],
  ndcg: ['lambdarank', 'custom'],
};

function checkObjective(params: GradientBoostingParams): void {
  const { objective, classWeight, nClasses, earlyStoppingMetric } = params;
  checkOneOf(params, 'objective', objectives);
  checkInteger(params, 'nClasses', 2, 10_000);
  checkWithin(params, 'huberDelta', aboveZero, Number.MAX_VALUE);
  checkBetween(params, 'quantile', 0, 1);
  checkBetween(params, 'tweedieVariancePower', 1, 2);
  checkInteger(params, 'lambdarankTruncation', 1, 1_000_000);
  checkOneOf(params, 'earlyStoppingMetric', Object.keys(metricObjectives) as WatchedMetric[]);
  if (!metricObjectives[earlyStoppingMetric].includes(objective)) {
    throw new ConfigError(
      `earlyStoppingMetric=${earlyStoppingMetric} must not be combined with objective=${objective}`,
    );
  }
  if (classWeight === null) return;
  if (objective !== 'binary' && objective !== 'multiclass') {
    throw new ConfigError(
      `classWeight must not be combined with objective=${objective}, which has no classes`,
    );
  }
  if (classWeight === 'balanced') return;
  if (!Array.isArray(classWeight)) {
    throw new ConfigError(`classWeight=${String(classWeight)} must be null, balanced or a factor per class`);
  }
  const factors = classWeight as readonly unknown[];
  const classes = objective === 'binary' ? 2 : nClasses;
  if (factors.length !== classes) {
    throw new ConfigError(
      `classWeight has ${factors.length} factors, expected one for each of ${classes} classes`,
    );
  }
  factors.forEach((factor, k) => {
    checkWithin({ [`classWeight[${k}]`]: factor }, `classWeight[${k}]`, 0, Number.MAX_VALUE);
  });
  if (factors.every((factor) => factor === 0)) {
    throw new ConfigError('classWeight must not be 0 for every class');
  }
}

function checkGrowth(params: GradientBoostingParams): void {
  const { growth, splitter } = params;
  checkOneOf(params, 'growth', ['leaf-wise', 'depth-wise', 'symmetric']);
  checkOneOf(params, 'splitter', ['best', 'random']);
  if (splitter === 'random' && growth === 'symmetric') {
    throw new ConfigError('splitter=random must not be combined with growth=symmetric');
  }
  checkInteger(params, 'nEstimators', 1, 1_000_000);
  checkWithin(params, 'learningRate', aboveZero, 1);
  checkInteger(params, 'maxLeafNodes', 2, 1_000_000);
  checkInteger(params, 'maxDepth', growth === 'symmetric' ? 1 : 0, growth === 'symmetric' ? 16 : 1_000);
  checkInteger(params, 'minSamplesLeaf', 1, 2 ** 31);
  for (const name of ['minChildWeight', 'l1Regularization', 'l2Regularization', 'minGainToSplit'] as const) {
    checkWithin(params, name, 0, Number.MAX_VALUE);
  }
  checkInteger(params, 'maxBins', 2, 255);
}

function checkSampling(params: GradientBoostingParams): void {
  const { sampling, subsample, gossTopRate, gossOtherRate } = params;
  checkOneOf(params, 'sampling', ['uniform', 'goss']);
  checkWithin(params, 'subsample', aboveZero, 1);
  checkBetween(params, 'gossTopRate', 0, 1);
  checkBetween(params, 'gossOtherRate', 0, 1);
  checkWithin(params, 'colsampleByTree', aboveZero, 1);
  checkWithin(params, 'colsampleByNode', aboveZero, 1);
  if (sampling !== 'goss') return;
  if (subsample < 1) throw new ConfigError(`sampling=goss must not be combined with subsample=${subsample}`);
  if (gossTopRate + gossOtherRate > 1) {
    throw new ConfigError(
      `gossTopRate=${gossTopRate} and gossOtherRate=${gossOtherRate} must add up to at most 1`,
    );
  }
}

function checkConstraints(params: GradientBoostingParams): void {
  const { monotoneConstraints, interactionConstraints } = params;
  for (const [name, sign] of Object.entries<unknown>(monotoneConstraints)) {
    if (sign !== 1 && sign !== -1) {
      throw new ConfigError(`monotoneConstraints.${name}=${String(sign)} must be 1 or -1`);
    }
  }
  if (!Array.isArray(interactionConstraints)) {
    throw new ConfigError('interactionConstraints must be a list of lists of feature names');
  }
  (interactionConstraints as readonly (readonly string[])[]).forEach((group, which) => {
    checkNames(group, `interactionConstraints[${which}]`);
    if (group.length === 0) throw new ConfigError(`interactionConstraints[${which}] must name a feature`);
  });
}

function checkCategories(params: GradientBoostingParams): void {
  const { categoricalFeatures, monotoneConstraints, growth, splitter } = params;
  checkNames(categoricalFeatures, 'categoricalFeatures');
  for (const name of ['categorySmoothing', 'categoryL2'] as const) {
    checkWithin(params, name, 0, Number.MAX_VALUE);
  }
  checkInteger(params, 'maxCategoriesOneHot', 1, 1_000_000);
  checkInteger(params, 'maxCategoriesPerSplit', 1, 1_000_000);
  checkInteger(params, 'minSamplesPerCategory', 1, 2 ** 31);
  const [first] = categoricalFeatures;
  if (first === undefined) return;
  const constrained = categoricalFeatures.find((name) => Object.hasOwn(monotoneConstraints, name));
  if (constrained !== undefined) {
    throw new ConfigError(
      `categoricalFeatures must not name ${constrained}, which monotoneConstraints orders`,
    );
  }
  if (growth === 'symmetric') {
    throw new ConfigError(`categoricalFeatures=${first} must not be combined with growth=symmetric`);
  }
  if (splitter === 'random') {
    throw new ConfigError(`categoricalFeatures=${first} must not be combined with splitter=random`);
  }
}

function checkNames(names: unknown, path: string): void {
  if (!Array.isArray(names)) throw new ConfigError(`${path} must be a list of feature names`);
  const seen = new Set<unknown>();
  names.forEach((name: unknown, k) => {
    if (typeof name !== 'string' || name === '') {
      throw new ConfigError(`${path}[${k}]=${String(name)} must be the name of a feature`);
    }
    if (seen.has(name)) throw new ConfigError(`${path} must not name ${name} twice`);
    seen.add(name);
  });
}
