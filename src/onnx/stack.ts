import type { StackModel } from '../ensemble/stack.js';
import { doubles, type GraphBuilder, type ValueName } from './graph.js';

/** Where the scores of a base model stand among the columns of all base scores. */
export interface ScoreColumns {
  readonly first: number;
  readonly count: number;
}

/**
 * The second level as one matrix product; a base with a single score adds it to every margin.
 *
 * @param scores all base scores `[N, nScores]`, double
 * @param bases `[nBases]` columns of every base, in the order of the stack's weights
 * @returns margins `[N, nMargins]`, double
 */
export function stack(
  graph: GraphBuilder,
  model: StackModel,
  scores: ValueName,
  bases: readonly ScoreColumns[],
): ValueName {
  const nMargins = model.intercept.length;
  const nScores = bases.reduce((sum, { count }) => sum + count, 0);
  const weights = new Float64Array(nScores * nMargins);
  bases.forEach(({ first, count }, b) => {
    for (let k = 0; k < nMargins; k++) {
      weights[(first + (count === 1 ? 0 : k)) * nMargins + k] = model.weights[b];
    }
  });
  const product = graph.node('MatMul', [scores, graph.constant(doubles(weights, [nScores, nMargins]))]);
  return graph.node('Add', [product, graph.constant(doubles(model.intercept))]);
}
