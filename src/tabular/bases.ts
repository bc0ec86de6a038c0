import type { BaseSpec } from '../champion/base-model.js';
import type { Task } from '../champion/model.js';
import type { GradientBoostingParams } from '../learners/gbm/params.js';

/** The boosters whose mean is the consensus. */
export const tableConsensus = ['leaf_wise', 'depth_wise', 'symmetric', 'random_splits'] as const;

const objectives = { binary: 'binary', multiclass: 'multiclass', regression: 'squared-error' } as const;

/**
 * Base models for any table: boosters grown in four ways, a linear model for what is linear, and one model per text
 * column. The number of trees is an upper bound; early stopping finds it. The boosters' mean is the consensus; where
 * there is nothing to read but texts, theirs is.
 * @param nFeatures columns of the design matrix
 */
export function tableBases(
  task: Task,
  nClasses: number,
  nRows: number,
  nFeatures: number,
  texts: readonly string[],
): { readonly bases: readonly BaseSpec[]; readonly consensus: readonly string[] } {
  const textBases = texts.map((column): BaseSpec => ({
    name: `text_${column}`,
    kind: 'text-classifier',
    params: { column, ...(task === 'multiclass' && { nClasses }) },
  }));
  if (nFeatures === 0) return { bases: textBases, consensus: textBases.map(({ name }) => name) };
  // Small tables need small leaves to say anything at all, large ones can afford sure ones.
  const minSamplesLeaf = Math.min(Math.max(Math.round(nRows / 500), 3), 20);
  const shared: Partial<GradientBoostingParams> = {
    objective: objectives[task],
    ...(task === 'multiclass' && { nClasses }),
    nEstimators: 2_000,
    learningRate: 0.05,
    subsample: 0.8,
    l2Regularization: 3,
    minSamplesLeaf,
  };
  // As LightGBM asks: a set of rare categories is chance.
  const categories = { minSamplesPerCategory: 100 };
  const linear: BaseSpec =
    task === 'regression'
      ? { name: 'ridge', kind: 'ridge-regression', categories: 'one-hot', params: { l2Regularization: 1 } }
      : {
          name: 'logistic',
          kind: 'logistic-regression',
          categories: 'one-hot',
          params: { l2Regularization: 1, ...(task === 'multiclass' && { nClasses }) },
        };
  const bases: BaseSpec[] = [
    {
      name: 'leaf_wise',
      kind: 'gradient-boosting',
      categories: 'category-codes',
      params: { ...shared, ...categories, maxLeafNodes: 31, colsampleByTree: 0.6 },
    },
    {
      name: 'depth_wise',
      kind: 'gradient-boosting',
      categories: 'category-codes',
      params: {
        ...shared,
        ...categories,
        growth: 'depth-wise',
        maxDepth: 6,
        maxLeafNodes: 64,
        minChildWeight: 3,
        colsampleByTree: 0.5,
      },
    },
    {
      name: 'symmetric',
      kind: 'gradient-boosting',
      params: { ...shared, growth: 'symmetric', maxDepth: 6, minSamplesLeaf: 1, colsampleByTree: 0.7 },
    },
    {
      name: 'random_splits',
      kind: 'gradient-boosting',
      params: { ...shared, splitter: 'random', learningRate: 0.08, maxLeafNodes: 31, colsampleByTree: 0.7 },
    },
    linear,
    ...textBases,
  ];
  return { bases, consensus: tableConsensus };
}
