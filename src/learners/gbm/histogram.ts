import type { Bins } from './binning.js';

/**
 * Sums per bin of every feature: [gradient, hessian, rows] at 3 * (offsets[j] + bin). The last bin of a feature
 * holds its missing values.
 */
export type Histogram = Float64Array;

/** Where each feature's bins begin; `offsets[nFeatures]` is the number of bins of all. */
export function binOffsets(binsPerFeature: readonly number[]): Int32Array {
  const offsets = new Int32Array(binsPerFeature.length + 1);
  binsPerFeature.forEach((count, j) => (offsets[j + 1] = offsets[j] + count));
  return offsets;
}

/** Reused memory of one leaf's rows: their gradients and hessians side by side. */
export interface GatherBuffer {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** Sums the rows `rows[start..end)` into `out` for the features in `features`. */
export function buildHistogram(
  out: Histogram,
  bins: Bins,
  offsets: Int32Array,
  features: Int32Array,
  rows: Uint32Array,
  start: number,
  end: number,
  gradient: Float64Array,
  hessian: Float64Array,
  buffer: GatherBuffer,
): void {
  const n = end - start;
  const g = buffer.gradient;
  const h = buffer.hessian;
  for (let i = 0; i < n; i++) {
    const row = rows[start + i];
    g[i] = gradient[row];
    h[i] = hessian[row];
  }
  for (const j of features) {
    const column = bins[j];
    const base = 3 * offsets[j];
    out.fill(0, base, 3 * offsets[j + 1]);
    for (let i = 0; i < n; i++) {
      const k = base + 3 * column[rows[start + i]];
      out[k] += g[i];
      out[k + 1] += h[i];
      out[k + 2] += 1;
    }
  }
}

/** `parent` becomes the sibling of `child`: the sums of the rows that are not in it. */
export function subtractHistogram(
  parent: Histogram,
  child: Histogram,
  offsets: Int32Array,
  features: Int32Array,
): void {
  for (const j of features) {
    const end = 3 * offsets[j + 1];
    for (let k = 3 * offsets[j]; k < end; k++) parent[k] -= child[k];
  }
}
