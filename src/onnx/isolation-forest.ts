import type { IsolationForestModel } from '../learners/isolation-forest/model.js';
import type { GraphBuilder, ValueName } from './graph.js';
import { scalar, toDouble } from './layout.js';
import { treeEnsemble } from './tree-ensemble.js';

/**
 * Average path length of an unsuccessful search in a binary search tree of n keys (Liu, Ting & Zhou 2008, eq. 1).
 * @returns 0 for n <= 1, 1 for n = 2
 */
export function averagePathLength(n: number): number {
  if (n <= 1) return 0;
  if (n === 2) return 1;
  const eulerGamma = 0.5772156649015329;
  return 2 * (Math.log(n - 1) + eulerGamma) - (2 * (n - 1)) / n;
}

/**
 * The anomaly score 2^(-mean path length / c(sampleSize)) on (0, 1), higher = more anomalous.
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
  const longest = model.trees.roots.length * averagePathLength(model.sampleSize);
  const exponent = graph.node('Mul', [toDouble(graph, paths), scalar(graph, -1 / longest)]);
  return graph.node('Pow', [scalar(graph, 2), exponent]);
}
