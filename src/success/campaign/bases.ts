import type { BaseSpec } from '../../champion/base-model.js';
import type { GradientBoostingParams } from '../../learners/gbm/params.js';

/** The boosters whose mean is the consensus. */
export const campaignConsensus = ['leaf_wise', 'random_splits'] as const;

const shared: Partial<GradientBoostingParams> = {
  nEstimators: 120,
  learningRate: 0.05,
  maxLeafNodes: 15,
  minSamplesLeaf: 30,
  subsample: 0.8,
  colsampleByTree: 0.5,
  l2Regularization: 5,
};

function boosters(params: Partial<GradientBoostingParams>): BaseSpec[] {
  return [
    { name: 'leaf_wise', kind: 'gradient-boosting', params: { ...shared, ...params } },
    {
      name: 'random_splits',
      kind: 'gradient-boosting',
      params: { ...shared, nEstimators: 150, splitter: 'random', colsampleByTree: 0.7, ...params },
    },
  ];
}

/** Base models of the probability of success: boosters that grow in two ways, and a logistic regression. */
export function successBases(): readonly BaseSpec[] {
  return [
    ...boosters({ objective: 'binary' }),
    { name: 'logistic', kind: 'logistic-regression', params: { l2Regularization: 10 } },
  ];
}

/**
 * Base models of an expected amount: boosters on its likelihood, and a ridge regression of its logarithm, which goes on
 * where trees stop.
 */
export function amountBases(tweedieVariancePower: number): readonly BaseSpec[] {
  return [
    ...boosters({ objective: 'tweedie', tweedieVariancePower }),
    { name: 'ridge', kind: 'ridge-regression', params: { l2Regularization: 10 }, logTargets: true },
  ];
}
