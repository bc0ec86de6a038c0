import type { Trees } from './trees.js';

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
  const { roots, feature, threshold, left, right, missingLeft, value } = trees;
  const nRows = out.length;
  for (let t = first; t < roots.length; t += stride) {
    const root = roots[t];
    for (let i = 0; i < nRows; i++) {
      let node = root;
      let j = feature[node];
      while (j >= 0) {
        const x = columns[j][i];
        const goLeft = x <= threshold[node] || (x !== x && missingLeft[node] === 1);
        node = goLeft ? left[node] : right[node];
        j = feature[node]!;
      }
      out[i] += value[node];
    }
  }
}
