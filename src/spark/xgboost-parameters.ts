import type { BoosterSpec } from '../champion/booster-engine.js';
import { ConfigError } from '../core/errors.js';
import type { GradientBoostingParams } from '../learners/gbm/params.js';

/** A booster as XGBoost is told of it: `xgboost.train(parameters, matrix, rounds)`. */
export interface XgboostBooster {
  readonly name: string;
  readonly rounds: number;
  readonly parameters: Readonly<Record<string, unknown>>;
}

const objectives: Partial<Record<GradientBoostingParams['objective'], string>> = {
  binary: 'binary:logistic',
  multiclass: 'multi:softprob',
  'squared-error': 'reg:squarederror',
  poisson: 'count:poisson',
  tweedie: 'reg:tweedie',
};

/**
 * What XGBoost is to do for a booster of ours. Where it has no such thing, the nearest: symmetric trees are grown depth
 * by depth; random thresholds, which make trees differ from each other, become a draw of features at every node; and
 * rows a leaf must hold become the hessian that so many average rows have.
 * @param featureNames `[nFeatures]` in the order of the matrix
 * @param hessian of an average row at the start
 * @throws {ConfigError} naming booster and parameter, for what has no counterpart at all
 */
export function xgboostBooster(
  { name, params }: BoosterSpec,
  featureNames: readonly string[],
  hessian: number,
): XgboostBooster {
  const { objective = 'binary', growth = 'leaf-wise', monotoneConstraints = {} } = params;
  const refuse = (what: string): never => {
    throw new ConfigError(`booster ${name}: XGBoost has no ${what}; fit it with --engine local`);
  };
  const known = objectives[objective] ?? refuse(`objective ${objective}`);
  if (params.sampling === 'goss') refuse('sampling goss');
  if (params.classWeight) refuse('classWeight');
  if (params.categoricalFeatures?.length) refuse('category codes as ours');
  const byLeaves = growth === 'leaf-wise';
  const depth = params.maxDepth ?? (byLeaves ? 0 : 6);
  const nodeShare = params.colsampleByNode ?? 1;
  return {
    name,
    rounds: params.nEstimators ?? 100,
    parameters: {
      objective: known,
      ...(objective === 'multiclass' && { num_class: params.nClasses ?? 2 }),
      ...(objective === 'tweedie' && { tweedie_variance_power: params.tweedieVariancePower ?? 1.5 }),
      tree_method: 'hist',
      grow_policy: byLeaves ? 'lossguide' : 'depthwise',
      max_depth: depth,
      max_leaves: growth === 'symmetric' ? 0 : (params.maxLeafNodes ?? 31),
      learning_rate: params.learningRate ?? 0.1,
      min_child_weight: Math.max(params.minChildWeight ?? 1e-3, (params.minSamplesLeaf ?? 20) * hessian),
      reg_alpha: params.l1Regularization ?? 0,
      reg_lambda: params.l2Regularization ?? 0,
      min_split_loss: params.minGainToSplit ?? 0,
      subsample: params.subsample ?? 1,
      colsample_bytree: params.colsampleByTree ?? 1,
      colsample_bynode: params.splitter === 'random' ? nodeShare / 2 : nodeShare,
      monotone_constraints: `(${featureNames.map((feature) => monotoneConstraints[feature] ?? 0).join(',')})`,
      ...(params.interactionConstraints?.length && {
        interaction_constraints: params.interactionConstraints,
      }),
    },
  };
}
