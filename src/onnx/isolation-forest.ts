import type { IsolationForestModel } from '../learners/isolation-forest/model.js';
import { averagePathLength } from '../learners/tree/average-path-length.js';
import type { GraphBuilder, ValueName } from './graph.js';
import { scalar, toDouble } from './layout.js';
import { treeEnsemble } from './tree-ensemble.js';

/**
 * The anomaly score 2^(-mean path length / c(sampleSize)) on (0, 1), higher = more anomalous; 0.5 where the forest saw a single row.
 *
 * @param X design matrix `[N, nColumns]`, double
 * @param columns columns of `X`, by feature of the trees
 * @returns `[N, 1]`, double
 */
export function isolationForest(
  graph: GraphBuilder,
  model: IsolationForestModel,
  X: ValueName,
  columns: readonly number[],
): ValueName {
  const paths = treeEnsemble(graph, X, { trees: model.trees, base: [0], columns });
  const total = model.trees.roots.length * averagePathLength(model.sampleSize);
  // A forest that saw a single row says the same of all.
  if (total === 0)
    return graph.node('Clip', [toDouble(graph, paths), scalar(graph, 0.5), scalar(graph, 0.5)]);
  const exponent = graph.node('Div', [toDouble(graph, paths), scalar(graph, -total)]);
  return graph.node('Pow', [scalar(graph, 2), exponent]);
}
