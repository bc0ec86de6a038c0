import { areBinned, binnedTrees, type TreeGroup } from './binned-trees.js';
import { sumBinned } from './sum-binned.js';
import type { Trees } from './trees.js';
import { walkByBlocks, walkRowByRow } from './walk-trees.js';

/**
 * Adds to `out` the leaf value that every row reaches in every `stride`-th tree from `first` on.
 *
 * @param columns the features the trees were fitted on, `[nFeatures]` arrays of `[nRows]`
 * @param out `[nRows]`, summed in tree order
 */
export function sumLeaves(
  trees: Trees,
  columns: readonly Float32Array[],
  out: Float64Array,
  first = 0,
  stride = 1,
): void {
  const outs = new Array<Float64Array | undefined>(stride).fill(undefined);
  outs[first % stride] = out;
  sumInto(trees, columns, outs, out.length, first, false);
}

/**
 * Adds the leaf values of tree t to `out[t mod out.length]`, for all trees at once.
 * @param columns the features the trees were fitted on, `[nFeatures]` arrays of `[nRows]`
 * @param out `[nMargins]` arrays of `[nRows]`
 * @param inFloat32 every sum is rounded to float32, as it is added
 */
export function sumMargins(
  trees: Trees,
  columns: readonly Float32Array[],
  out: readonly Float64Array[],
  inFloat32: boolean,
): void {
  if (out.length > 0) sumInto(trees, columns, out, out[0].length, 0, inFloat32);
}

function sumInto(
  trees: Trees,
  columns: readonly Float32Array[],
  outs: readonly (Float64Array | undefined)[],
  nRows: number,
  first: number,
  inFloat32: boolean,
): void {
  const nTrees = trees.roots.length - first;
  if (pays(trees, nRows, nTrees)) {
    const groups = binnedTrees(trees);
    if (groups !== null && columnsPerTree(groups, nTrees) <= mostColumnsPerTree) {
      sumBinned(groups, columns, nRows, { out: outs, first, inFloat32 });
      return;
    }
  }
  const stride = outs.length;
  // A block pays where many rows walk nodes packed once, and many trees read rows copied once.
  const inBlocks = nRows >= 32 && nTrees >= 8 * stride && trees.categories === undefined;
  const walk = inBlocks ? walkByBlocks : walkRowByRow;
  for (let t = first; t < first + stride; t++) {
    const out = outs[t % stride];
    if (out !== undefined) walk(trees, columns, out, t, stride, inFloat32);
  }
}

/** A walk down a tree costs about as much as binning so many values. */
const mostColumnsPerTree = 10;

function columnsPerTree(groups: readonly TreeGroup[], nTrees: number): number {
  return (
    groups.reduce(
      (count, { features, categoryFeatures }) => count + features.length + categoryFeatures.length,
      0,
    ) / nTrees
  );
}

function pays(trees: Trees, nRows: number, nTrees: number): boolean {
  if (nTrees < 8) return false;
  return areBinned(trees) ? nRows >= 64 : nRows >= 1024;
}
