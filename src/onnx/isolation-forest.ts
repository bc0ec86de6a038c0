import type { IsolationForestModel } from '../learners/isolation-forest/model.js';
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

/** c(n), Liu, Ting & Zhou 2008, eq. 1: the learner's own, which this room may not call; tests hold both equal. */
function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  const eulerGamma = 0.5772156649015329;
  return 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}
