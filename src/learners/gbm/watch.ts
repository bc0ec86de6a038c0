import type { Matrix } from '../../core/matrix.js';
import type { FitOptions } from '../estimator.js';
import { sumLeaves } from '../tree/sum-leaves.js';
import type { Trees } from '../tree/trees.js';
import { checkWeights } from '../validate.js';
import type { GradientBoostingModel } from './model.js';
import { checkObjectiveTargets } from './objectives/objective-of.js';
import { earlyStoppingMetric } from './metric.js';
import type { Objective } from './objectives/objective.js';
import { queryStarts } from './objectives/queries.js';
import type { GradientBoostingParams } from './params.js';
import { boostingMargins } from './predict.js';

/** Follows a metric on rows that are not trained on. */
export interface Watch {
  /** @returns the metric once the trees of an iteration are added */
  follow(trees: readonly Trees[]): number;
  isPatienceOver(): boolean;
  bestIterations(): number;
}

/** @param X the validation rows, columns in the order of the training rows */
export function watch(
  params: GradientBoostingParams,
  objective: Objective,
  X: Matrix,
  { y, sampleWeight, group }: NonNullable<FitOptions['validation']>,
  baseScore: Float64Array,
  initModel: GradientBoostingModel | undefined,
): Watch {
  checkObjectiveTargets(X, y, objective);
  const targets = Float64Array.from(y);
  const weight = checkWeights(X.nRows, sampleWeight);
  const queries = params.objective === 'lambdarank' ? queryStarts(group, X.nRows) : undefined;
  const margins =
    initModel === undefined
      ? Array.from(baseScore, (base) => new Float64Array(X.nRows).fill(base))
      : boostingMargins(initModel, X);
  const patience = params.earlyStoppingRounds;
  const metric = earlyStoppingMetric(params.earlyStoppingMetric, objective, params.lambdarankTruncation);
  const sign = metric.direction === 'lower' ? 1 : -1;
  let best = Infinity;
  let bestIteration = 0;
  let iteration = 0;
  return {
    follow(trees) {
      trees.forEach((tree, k) => {
        sumLeaves(tree, X.columns, margins[k]);
      });
      iteration++;
      const value = metric.compute(targets, weight, margins, queries);
      if (sign * value < best) {
        best = sign * value;
        bestIteration = iteration;
      }
      return value;
    },
    isPatienceOver: () => patience > 0 && iteration - bestIteration >= patience,
    bestIterations: () => (patience > 0 ? bestIteration : iteration),
  };
}
