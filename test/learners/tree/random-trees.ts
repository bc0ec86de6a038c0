import type { Rng } from '../../../src/core/rng.js';
import { isInSet, treeBuilder, type Trees } from '../../../src/learners/tree/trees.js';

/** Values at, just beside and far from the thresholds of `randomTrees`. */
export const cells = [
  ...[NaN, -Infinity, Infinity, -3, -2, -1, -0, 0, 1, 2, 3],
  ...[1 - 2 ** -24, 1 + 2 ** -23, 2 ** -149, -(2 ** -149), 3.4028234663852886e38],
];

/** What `randomTrees` draws from. */
export interface TreeShape {
  readonly nTrees: number;
  readonly nFeatures: number;
  readonly maxDepth: number;
  /** Chance that a node above `maxDepth` is split; 0.7 when left out. */
  readonly splits?: number;
  /** The last feature is split by category sets. */
  readonly categories?: boolean;
  /** Thresholds; whole numbers around 0 and infinities when left out. */
  readonly threshold?: (rng: Rng) => number;
}

const fewThresholds = (rng: Rng): number => [-Infinity, -2, -1, -0, 0, 1, 2, Infinity][rng.integer(8)];

/** Trees of any shape, single leaves and long chains among them; covers add up. */
export function randomTrees(shape: TreeShape, rng: Rng): Trees {
  const { nTrees, nFeatures, maxDepth, splits = 0.7, categories = false, threshold = fewThresholds } = shape;
  const builder = treeBuilder();
  const grow = (depth: number, cover: number): number => {
    const node = builder.addLeaf(rng.normal(), cover);
    if (depth < maxDepth && rng.uniform() < splits) {
      const feature = rng.integer(nFeatures);
      const onLeft = cover * (0.05 + 0.9 * rng.uniform());
      builder.setSplit(node, {
        feature,
        threshold: threshold(rng),
        missingLeft: rng.uniform() < 0.5,
        left: grow(depth + 1, onLeft),
        right: grow(depth + 1, cover - onLeft),
        ...(categories &&
          feature === nFeatures - 1 && {
            words: Uint32Array.from({ length: 1 + rng.integer(2) }, () => rng.integer(2 ** 32)),
          }),
      });
    }
    return node;
  };
  for (let t = 0; t < nTrees; t++) {
    builder.beginTree();
    grow(0, 100);
  }
  return builder.finish();
}

/** Whether a value goes left at a node, read off the definition of `Trees`. */
export function goesLeft(trees: Trees, node: number, x: number): boolean {
  if (Number.isNaN(x)) return trees.missingLeft[node] === 1;
  const { categories } = trees;
  if (categories !== undefined && categories.starts[node + 1] > categories.starts[node]) {
    return isInSet(categories, node, x);
  }
  return x <= trees.threshold[node];
}

/** The value of the leaf that a row reaches. */
export function leafOf(trees: Trees, root: number, row: readonly number[]): number {
  if (trees.feature[root] < 0) return trees.value[root];
  const isLeft = goesLeft(trees, root, row[trees.feature[root]]);
  return leafOf(trees, isLeft ? trees.left[root] : trees.right[root], row);
}
