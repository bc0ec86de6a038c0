import type { Rng } from '../../core/rng.js';

/** Draws rows without replacement, each next one with a chance proportional to its weight. */
export interface RowSampler {
  /** Rows of positive weight. */
  readonly nDrawable: number;
  /** @param count at most `nDrawable` */
  draw(count: number, rng: Rng): Uint32Array;
}

/**
 * A sampler over a tree of weight sums (Wong & Easton 1980): O(nRows) to build, O(count log nRows) per draw of
 * `count` rows, so many small samples of a large table cost next to nothing.
 * @param weights `[nRows]`, finite and not negative
 */
export function rowSampler(weights: Float64Array): RowSampler {
  const nRows = weights.length;
  const leaves = 2 ** Math.ceil(Math.log2(Math.max(nRows, 2)));
  const sums = new Float64Array(2 * leaves);
  sums.set(weights, leaves);
  for (let node = leaves - 1; node >= 1; node--) sums[node] = sums[2 * node] + sums[2 * node + 1];

  function set(row: number, weight: number): void {
    let node = leaves + row;
    sums[node] = weight;
    // Parents are recomputed, not adjusted: putting a weight back restores every sum to the bit.
    for (node >>= 1; node >= 1; node >>= 1) sums[node] = sums[2 * node] + sums[2 * node + 1];
  }

  function drawOne(rng: Rng): number {
    let rest = rng.uniform() * sums[1];
    let node = 1;
    while (node < leaves) {
      node *= 2;
      const left = sums[node];
      // The second test keeps a rounded-up `rest` from ending on a row of weight 0.
      if (rest >= left && sums[node + 1] > 0) {
        rest -= left;
        node++;
      }
    }
    return node - leaves;
  }

  return {
    nDrawable: weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0),
    draw(count, rng) {
      const rows = new Uint32Array(count);
      for (let i = 0; i < count; i++) {
        rows[i] = drawOne(rng);
        set(rows[i], 0);
      }
      for (const row of rows) set(row, weights[row]);
      return rows;
    },
  };
}
