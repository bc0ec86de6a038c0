import { sampleIndices, type Rng } from '../../core/rng.js';

/** How the values of every feature fall into bins; plain data. */
export interface BinMapper {
  /**
   * Per feature the upper bounds of all bins but the last, ascending float32 values: bin b holds
   * bounds[b - 1] < x <= bounds[b]. Empty for category columns.
   */
  readonly bounds: readonly Float32Array[];
  /** Per category column the code of each bin, by position; undefined for the others. */
  readonly categories: readonly (Uint32Array | undefined)[];
  /**
   * Bins of values. Those of a category column are its known codes and, as the last, all others. Missing values have
   * the bin behind them.
   */
  readonly valueBins: readonly number[];
}

/** Bounds are found on at most this many rows. */
export const mostBinningRows = 200_000;

/** The rows that bounds are found on; undefined for all. */
export function binningRows(nRows: number, rng: Rng): Uint32Array | undefined {
  return nRows > mostBinningRows ? sampleIndices(nRows, mostBinningRows, rng) : undefined;
}

/** A cut between bins as a tree states it: a threshold, or the codes of a set, a bit each. */
export function cutOf(
  mapper: BinMapper,
  feature: number,
  { bin, set }: { readonly bin: number; readonly set?: Uint8Array },
): { threshold: number; words?: Uint32Array } {
  const codes = mapper.categories[feature];
  if (codes === undefined || set === undefined) {
    const bounds = mapper.bounds[feature];
    // The last value bin has no upper bound: only missing values lie behind it.
    return { threshold: bin < bounds.length ? bounds[bin] : Infinity };
  }
  const taken = codes.filter((_, b) => ((set[b >> 3] >> (b & 7)) & 1) === 1);
  const words = new Uint32Array((taken.reduce((most, code) => Math.max(most, code), 0) >>> 5) + 1);
  for (const code of taken) words[code >>> 5] |= 1 << (code & 31);
  return { threshold: 0, words };
}
