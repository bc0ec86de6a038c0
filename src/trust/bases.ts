import type { BaseSpec } from '../champion/base-model.js';
import { monotoneTrustSigns } from './features.js';

/** The signs of those features that are there. */
function signsFor(features: ReadonlySet<string>): Record<string, 1 | -1> {
  return Object.fromEntries(Object.entries(monotoneTrustSigns).filter(([name]) => features.has(name)));
}

/** The boosters whose mean is the consensus; the stack never weighs one against another. */
export const trustConsensus = ['leaf_wise', 'depth_wise', 'symmetric', 'random_splits'] as const;

/**
 * The base models of trust. Averaging boosters that grow their trees in different ways is what lowers Brier score
 * and log loss here. Three of the four obey monotone signs, which hold up on accounts newer than the training rows;
 * the free one brings in what they cannot see. Chosen on rehearsals: older accounts against those just after them. The isolation forest knows trustworthy accounts only: bots
 * are no outliers among all accounts, famous people are.
 *
 * @param features names of the features that are computed
 * @param texts text columns that hold something
 */
export function trustBases(features: ReadonlySet<string>, texts: readonly string[]): readonly BaseSpec[] {
  const monotoneConstraints = signsFor(features);
  return [
    {
      name: 'leaf_wise',
      kind: 'gradient-boosting',
      params: {
        monotoneConstraints,
        nEstimators: 300,
        learningRate: 0.05,
        maxLeafNodes: 31,
        minSamplesLeaf: 30,
        subsample: 0.8,
        colsampleByTree: 0.5,
        l2Regularization: 5,
      },
    },
    {
      name: 'depth_wise',
      kind: 'gradient-boosting',
      params: {
        monotoneConstraints,
        growth: 'depth-wise',
        nEstimators: 350,
        learningRate: 0.06,
        maxDepth: 6,
        maxLeafNodes: 64,
        minSamplesLeaf: 1,
        minChildWeight: 5,
        subsample: 0.7,
        colsampleByTree: 0.5,
        l2Regularization: 5,
      },
    },
    {
      name: 'symmetric',
      kind: 'gradient-boosting',
      params: {
        monotoneConstraints,
        growth: 'symmetric',
        nEstimators: 600,
        learningRate: 0.05,
        maxDepth: 6,
        minSamplesLeaf: 1,
        subsample: 0.8,
        colsampleByTree: 0.7,
        l2Regularization: 3,
      },
    },
    {
      name: 'random_splits',
      kind: 'gradient-boosting',
      params: {
        splitter: 'random',
        nEstimators: 400,
        learningRate: 0.08,
        maxLeafNodes: 31,
        minSamplesLeaf: 10,
        subsample: 0.8,
        colsampleByTree: 0.7,
        l2Regularization: 5,
      },
    },
    {
      name: 'isolation_forest',
      kind: 'isolation-forest',
      trainOn: 'negatives',
      params: { nEstimators: 100 },
    },
    { name: 'logistic', kind: 'logistic-regression', params: { l2Regularization: 1 } },
    ...texts.map((column): BaseSpec => ({
      name: `text_${column}`,
      kind: 'text-classifier',
      params: { column },
    })),
  ];
}
