import type { Matrix } from '../../../../src/core/matrix.js';
import type { GradientBoostingModel } from '../../../../src/learners/gbm/model.js';
import type { GradientBoostingParams } from '../../../../src/learners/gbm/params.js';
import { joinTrees, treeBuilder, type Trees } from '../../../../src/learners/tree/trees.js';
import { referenceFit, type ReferenceNode } from './fit.js';

/** A model as the product would write it, fitted by the reference. */
export function referenceModel(
  X: Matrix,
  y: ArrayLike<number>,
  params: GradientBoostingParams,
  options: Parameters<typeof referenceFit>[3],
): GradientBoostingModel {
  const { baseScore, trees } = referenceFit(X, y, params, options);
  const gains = new Float64Array(X.nFeatures);
  for (const { cut, gain } of trees.flat()) if (cut !== undefined) gains[cut.feature.index] += gain;
  return {
    kind: 'gradient-boosting',
    format: 1,
    // Nothing that reads the model here cares for the name.
    objective: params.objective,
    featureNames: X.names,
    nMargins: baseScore.length,
    baseScore,
    trees: joinTrees(trees.map((tree) => treeOf(tree))),
    gains,
  };
}

function treeOf(nodes: readonly ReferenceNode[]): Trees {
  const builder = treeBuilder();
  builder.beginTree();
  for (const { value } of nodes) builder.addLeaf(value);
  nodes.forEach(({ cut, left, right }, node) => {
    if (cut === undefined) return;
    const { feature, bin, set, missingLeft } = cut;
    const threshold =
      feature.bounds !== undefined && bin < feature.bounds.length ? feature.bounds[bin] : Infinity;
    const codes = (set ?? []).flatMap((b) => feature.codes?.[b] ?? []);
    const words = new Uint32Array(Math.floor(Math.max(0, ...codes) / 32) + 1);
    for (const code of codes) words[code >>> 5] |= 1 << (code & 31);
    builder.setSplit(node, {
      feature: feature.index,
      threshold,
      missingLeft,
      left,
      right,
      ...(set !== undefined && { words }),
    });
  });
  return builder.finish();
}
