import type { Trees } from './trees.js';

/** The leaves of a tree as SHAP values read them: which features a row must pass to get there. */
export interface LeafPaths {
  /** `[nSplits]` nodes. */
  readonly splits: Int32Array;
  /** The largest number of distinct features on a path. */
  readonly mostFeatures: number;
  /** `[nLeaves]` where each leaf begins in `words`, in `numbers`, and how many distinct features lead to it. */
  readonly wordStarts: Int32Array;
  readonly numberStarts: Int32Array;
  readonly nFeatures: Int32Array;
  /** Per leaf as `addLeafShap` reads it; columns are features of the trees. */
  readonly words: Uint32Array;
  readonly numbers: Float64Array;
  /** The mean of the leaf values over the training rows. */
  readonly expected: number;
}

interface Condition {
  readonly feature: number;
  /** 2 * split + (1 where the path goes left). */
  readonly code: number;
  /** Share of the split's rows that go this way. */
  readonly share: number;
}

const cache = new WeakMap<Trees, LeafPaths[]>();

/**
 * The paths of every tree, worked out once.
 * @param trees with `cover`
 */
export function leafPaths(trees: Trees): readonly LeafPaths[] {
  let paths = cache.get(trees);
  if (paths === undefined) {
    paths = Array.from(trees.roots, (root) => pathsOf(trees, root));
    cache.set(trees, paths);
  }
  return paths;
}

function pathsOf(trees: Trees, root: number): LeafPaths {
  const { feature, left, right, value } = trees;
  const splits: number[] = [];
  const words: number[] = [];
  const numbers: number[] = [];
  const wordStarts: number[] = [];
  const numberStarts: number[] = [];
  const nFeatures: number[] = [];
  let expected = 0;
  // A loop, not a recursion: a tree may be a chain of any length.
  const path: Condition[] = [];
  const open: { node: number; depth: number; condition?: Condition }[] = [{ node: root, depth: 0 }];
  while (open.length > 0) {
    const { node, depth, condition } = open.pop()!;
    path.length = Math.max(depth - 1, 0);
    if (condition !== undefined) path.push(condition);
    if (feature[node] < 0) {
      const byFeature = groupByFeature(path);
      wordStarts.push(words.length);
      numberStarts.push(numbers.length);
      nFeatures.push(byFeature.size);
      expected += value[node] * writeLeaf(value[node], byFeature, words, numbers);
      continue;
    }
    const split = splits.push(node) - 1;
    const leftShare = shareOf(trees, node);
    const conditionOn = (goesLeft: boolean): Condition => ({
      feature: feature[node],
      code: 2 * split + Number(goesLeft),
      share: goesLeft ? leftShare : 1 - leftShare,
    });
    open.push({ node: right[node], depth: depth + 1, condition: conditionOn(false) });
    open.push({ node: left[node], depth: depth + 1, condition: conditionOn(true) });
  }
  return {
    splits: Int32Array.from(splits),
    mostFeatures: nFeatures.reduce((most, d) => Math.max(most, d), 0),
    wordStarts: Int32Array.from(wordStarts),
    numberStarts: Int32Array.from(numberStarts),
    nFeatures: Int32Array.from(nFeatures),
    words: Uint32Array.from(words),
    numbers: Float64Array.from(numbers),
    expected,
  };
}

/** Share of a split's rows on its left; half of none. */
function shareOf({ cover, left, right }: Trees, node: number): number {
  const onLeft = cover![left[node]];
  const total = onLeft + cover![right[node]];
  return total > 0 ? onLeft / total : 0.5;
}

function groupByFeature(path: readonly Condition[]): Map<number, Condition[]> {
  const byFeature = new Map<number, Condition[]>();
  for (const condition of path) {
    const own = byFeature.get(condition.feature);
    if (own === undefined) byFeature.set(condition.feature, [condition]);
    else own.push(condition);
  }
  return byFeature;
}

/** @returns share of the rows that reach the leaf */
function writeLeaf(
  value: number,
  byFeature: ReadonlyMap<number, readonly Condition[]>,
  words: number[],
  numbers: number[],
): number {
  words.push(byFeature.size);
  numbers.push(value);
  let end = 0;
  let reach = 1;
  for (const [feature, conditions] of byFeature) {
    const share = conditions.reduce((product, condition) => product * condition.share, 1);
    end += conditions.length;
    words.push(feature, end);
    numbers.push(share);
    reach *= share;
  }
  for (const conditions of byFeature.values()) words.push(...conditions.map(({ code }) => code));
  return reach;
}
