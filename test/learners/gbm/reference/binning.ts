import { floorToFloat32 } from '../../../../src/core/float32.js';
import type { Matrix } from '../../../../src/core/matrix.js';
import { sampleIndices, type Rng } from '../../../../src/core/rng.js';

/** How the values of every feature fall into bins. */
export interface BinMapper {
  /**
   * Per feature the upper bounds of all bins but the last, ascending float32 values: bin b holds
   * bounds[b - 1] < x <= bounds[b].
   */
  readonly bounds: readonly Float32Array[];
}

/** Rows as bin numbers, column by column. Bin `bounds.length + 1` of a feature holds its missing values. */
export type Bins = readonly Uint8Array[];

/** Bounds are found on at most this many rows. */
const sampleSize = 200_000;

/**
 * Bounds that give every bin about the same number of rows; values that fill a bin alone get one
 * (the greedy rule of LightGBM, Ke et al. 2017). With few distinct values, one bin each.
 *
 * @param X `[nRows, nFeatures]`
 * @param maxBins at most this many bins for values, [2, 255]
 */
export function fitBins(X: Matrix, maxBins: number, rng: Rng): BinMapper {
  const rows = X.nRows > sampleSize ? sampleIndices(X.nRows, sampleSize, rng.split('bin-sample')) : undefined;
  return { bounds: X.columns.map((column) => findBounds(column, rows, maxBins)) };
}

function findBounds(column: Float32Array, rows: Uint32Array | undefined, maxBins: number): Float32Array {
  const sorted = (rows === undefined ? column : Float32Array.from(rows, (i) => column[i]))
    .filter((x) => x === x)
    .sort();
  const distinct: number[] = [];
  const counts: number[] = [];
  for (const x of sorted) {
    // -0 and 0 are one value.
    if (distinct.length > 0 && distinct[distinct.length - 1] === x) counts[counts.length - 1]++;
    else {
      distinct.push(x);
      counts.push(1);
    }
  }
  const cuts = distinct.length <= maxBins ? distinct.keys() : greedyCuts(counts, sorted.length, maxBins);
  const bounds: number[] = [];
  for (const last of cuts) {
    if (last >= distinct.length - 1) break;
    bounds.push(middle(distinct[last], distinct[last + 1]));
  }
  return Float32Array.from(bounds);
}

/** A float32 bound between two neighbouring values, infinities included. */
function middle(low: number, high: number): number {
  const centre = low / 2 + high / 2;
  return Number.isFinite(centre) && centre >= low && centre < high
    ? Math.max(floorToFloat32(centre), low)
    : low;
}

/** Indices of the distinct values that close a bin. */
function greedyCuts(counts: readonly number[], total: number, maxBins: number): number[] {
  const isBig = counts.map((count) => count >= total / maxBins);
  let restRows = total;
  let restBins = maxBins;
  counts.forEach((count, k) => {
    if (isBig[k]) {
      restRows -= count;
      restBins--;
    }
  });
  let target = restRows / Math.max(restBins, 1);
  const cuts: number[] = [];
  let filled = 0;
  for (let k = 0; k < counts.length - 1 && cuts.length < maxBins - 1; k++) {
    if (!isBig[k]) restRows -= counts[k];
    filled += counts[k];
    if (isBig[k] || filled >= target || (isBig[k + 1] && filled >= Math.max(1, target / 2))) {
      cuts.push(k);
      filled = 0;
      if (!isBig[k]) {
        restBins--;
        target = restRows / Math.max(restBins, 1);
      }
    }
  }
  return cuts;
}

/** Every row's bin number under `mapper`. */
export function mapToBins(mapper: BinMapper, X: Matrix): Bins {
  return X.columns.map((column, j) => mapColumn(column, mapper.bounds[j]));
}

function mapColumn(column: Float32Array, bounds: Float32Array): Uint8Array {
  const bins = new Uint8Array(column.length);
  const missing = bounds.length + 1;
  for (let i = 0; i < column.length; i++) {
    const x = column[i];
    if (x !== x) {
      bins[i] = missing;
      continue;
    }
    let low = 0;
    let high = bounds.length;
    while (low < high) {
      const mid = (low + high) >> 1;
      if (x <= bounds[mid]) high = mid;
      else low = mid + 1;
    }
    bins[i] = low;
  }
  return bins;
}
