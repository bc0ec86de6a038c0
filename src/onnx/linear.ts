import type { LinearModel } from '../learners/linear/model.js';
import { doubles, type GraphBuilder, type ValueName } from './graph.js';
import { gather, scalar } from './layout.js';

/**
 * A linear model. The mean is taken off before the weights are applied, as in training: folded into the intercept
 * it would cancel badly where a mean is much larger than its spread.
 *
 * @param X design matrix `[N, nColumns]`, double
 * @param columns columns of `X`, by feature of the model
 * @param nColumns width of `X`
 * @returns margins `[N, nMargins]`, double
 */
export function linear(
  graph: GraphBuilder,
  model: LinearModel,
  X: ValueName,
  columns: readonly number[],
  nColumns: number,
): ValueName {
  const { mean, scale, coefficients, intercept, nMargins } = model;
  const nFeatures = columns.length;
  const whole = nFeatures === nColumns && columns.every((column, j) => column === j);
  const own = whole ? X : gather(graph, X, columns, 1);
  const centred = graph.node('Sub', [own, graph.constant(doubles(mean))]);
  const filled = graph.node('Where', [graph.node('IsNaN', [centred]), scalar(graph, 0), centred]);
  const weights = new Float64Array(nFeatures * nMargins);
  for (let j = 0; j < nFeatures; j++) {
    for (let k = 0; k < nMargins; k++) {
      weights[j * nMargins + k] = coefficients[k * nFeatures + j] / scale[j];
    }
  }
  const product = graph.node('MatMul', [filled, graph.constant(doubles(weights, [nFeatures, nMargins]))]);
  return graph.node('Add', [product, graph.constant(doubles(intercept))]);
}
