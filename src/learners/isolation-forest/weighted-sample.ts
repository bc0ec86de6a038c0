import type { Rng } from '../../core/rng.js';

/** Draws rows one after the other, each with a chance proportional to its weight among the rows not yet drawn. */
export interface WeightedSampler {
  /** Rows with a weight above 0: as many can be drawn. */
  readonly nDrawable: number;
  /** `count` distinct rows, ascending; leaves the sampler as it was. */
  draw(count: number, rng: Rng): Uint32Array;
}

/**
 * Successive sampling without replacement on a tree of partial sums (Wong & Easton 1980): O(n) to build,
 * O(log n) a draw, however unequal the weights. Restoring a row sums the same leaves again, so that nothing
 * drifts from draw to draw.
 *
 * @param weight `[nRows]`, finite and not negative
 */
export function weightedSampler(weight: ArrayLike<number>): WeightedSampler {
  const nRows = weight.length;
  let leaves = 1;
  while (leaves < nRows) leaves *= 2;
  // Node i has the children 2i and 2i + 1; row r is leaf leaves + r.
  const sums = new Float64Array(2 * leaves);
  let largest = 0;
  for (let r = 0; r < nRows; r++) largest = Math.max(largest, weight[r]);
  let nDrawable = 0;
  for (let r = 0; r < nRows; r++) {
    // Relative to the largest, so that the total stays finite.
    sums[leaves + r] = weight[r] / largest;
    if (sums[leaves + r] > 0) nDrawable++;
  }
  for (let i = leaves - 1; i > 0; i--) sums[i] = sums[2 * i] + sums[2 * i + 1];

  function set(leaf: number, value: number): void {
    sums[leaf] = value;
    for (let i = leaf >> 1; i > 0; i >>= 1) sums[i] = sums[2 * i] + sums[2 * i + 1];
  }

  function drawOne(rng: Rng): number {
    let rest = rng.uniform() * sums[1];
    let i = 1;
    while (i < leaves) {
      i *= 2;
      // The second test keeps a sum that was rounded from leading into an empty branch.
      if (rest >= sums[i] && sums[i + 1] > 0) rest -= sums[i++];
    }
    return i;
  }

  return {
    nDrawable,
    draw(count, rng) {
      const drawn = new Uint32Array(count);
      const held = new Float64Array(count);
      for (let k = 0; k < count; k++) {
        const leaf = drawOne(rng);
        drawn[k] = leaf - leaves;
        held[k] = sums[leaf];
        set(leaf, 0);
      }
      drawn.forEach((row, k) => set(leaves + row, held[k]));
      return drawn.sort();
    },
  };
}
