import type { Bins } from './binning.js';

/**
 * Sums per bin of every feature of a tree: [gradient, hessian, rows] at 3 * (offsets[slot] + bin), the tree's
 * features taking the slots in their order. The last bin of a feature holds its missing values. May be longer than
 * the tree needs.
 */
export type Histogram = Float64Array;

/** Where each slot's bins begin; `offsets[nSlots]` is the number of bins of all. */
export function binOffsets(binsPerSlot: ArrayLike<number>): Int32Array {
  const offsets = new Int32Array(binsPerSlot.length + 1);
  for (let slot = 0; slot < binsPerSlot.length; slot++) offsets[slot + 1] = offsets[slot] + binsPerSlot[slot];
  return offsets;
}

/** Reused memory of one leaf's rows: their gradients and hessians in the order of the rows. */
export interface GatherBuffer {
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/**
 * Sums the rows `rows[start..end)` into `out` for the features in `features`.
 * @param offsets `[features.length + 1]` of {@link binOffsets}
 */
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
  const nSlots = features.length;
  out.fill(0, 0, 3 * offsets[nSlots]);
  const own = rows.subarray(start, end);
  const g = buffer.gradient;
  const h = buffer.hessian;
  for (let i = 0; i < own.length; i++) {
    const row = own[i];
    g[i] = gradient[row];
    h[i] = hessian[row];
  }
  let slot = 0;
  for (; slot + 4 <= nSlots; slot += 4) addFourColumns(out, bins, offsets, features, slot, own, g, h);
  for (; slot < nSlots; slot++) addColumn(out, bins[features[slot]], 3 * offsets[slot], own, g, h);
}

/**
 * Four columns in one pass: a row's number and derivatives are read once for all, and the sums of one column need
 * not wait for those of the next, which they would where a column has few bins.
 */
function addFourColumns(
  out: Histogram,
  bins: Bins,
  offsets: Int32Array,
  features: Int32Array,
  slot: number,
  rows: Uint32Array,
  g: Float64Array,
  h: Float64Array,
): void {
  const columnA = bins[features[slot]];
  const columnB = bins[features[slot + 1]];
  const columnC = bins[features[slot + 2]];
  const columnD = bins[features[slot + 3]];
  const baseA = 3 * offsets[slot];
  const baseB = 3 * offsets[slot + 1];
  const baseC = 3 * offsets[slot + 2];
  const baseD = 3 * offsets[slot + 3];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    const gi = g[i];
    const hi = h[i];
    const a = baseA + 3 * columnA[row];
    const b = baseB + 3 * columnB[row];
    const c = baseC + 3 * columnC[row];
    const d = baseD + 3 * columnD[row];
    out[a] += gi;
    out[a + 1] += hi;
    out[a + 2] += 1;
    out[b] += gi;
    out[b + 1] += hi;
    out[b + 2] += 1;
    out[c] += gi;
    out[c + 1] += hi;
    out[c + 2] += 1;
    out[d] += gi;
    out[d + 1] += hi;
    out[d + 2] += 1;
  }
}

function addColumn(
  out: Histogram,
  column: Uint8Array,
  base: number,
  rows: Uint32Array,
  g: Float64Array,
  h: Float64Array,
): void {
  for (let i = 0; i < rows.length; i++) {
    const k = base + 3 * column[rows[i]];
    out[k] += g[i];
    out[k + 1] += h[i];
    out[k + 2] += 1;
  }
}

/** `parent` becomes the sibling of `child`: the sums of the rows that are not in it. */
export function subtractHistogram(parent: Histogram, child: Histogram, offsets: Int32Array): void {
  const length = 3 * offsets[offsets.length - 1];
  for (let k = 0; k < length; k++) parent[k] -= child[k];
}
