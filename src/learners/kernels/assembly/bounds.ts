// Bounds of bins: each bin gets about the same number of rows, values that fill a bin alone get one (the greedy rule
// of LightGBM, Ke et al. 2017); with few distinct values, one bin each.
import {
  boundCountsAt,
  boundsAt,
  maxBinsAt,
  rowsAt,
  sampleRowsAt,
  sampleSizeAt,
  sortBytesAt,
  sortMemoryAt,
  stagedAt,
  stagedFirstAt,
} from '../control';

/** Finds the bounds of a staged column. Sort memory: two arrays of the sample, 2048 counts, then 256 cuts. */
export function boundsOfColumn(staged: i32): void {
  const values = load<usize>(load<usize>(stagedAt) + ((<usize>staged) << 2));
  const size = load<i32>(sampleSizeAt);
  const keys = load<usize>(sortMemoryAt) + <usize>staged * load<usize>(sortBytesAt);
  const other = keys + ((<usize>size) << 2);
  const counts = other + ((<usize>size) << 2);
  const present = gatherKeys(values, size, keys);
  radixPass(keys, other, present, 0, 2048, counts);
  radixPass(other, keys, present, 11, 2048, counts);
  radixPass(keys, other, present, 22, 1024, counts);
  // Distinct values into `keys`, how often each into `other`: neither outruns what is read.
  const distinct = runs(other, present, keys);
  const feature = <usize>(load<i32>(stagedFirstAt) + staged);
  const bounds = load<usize>(boundsAt) + (feature << 10);
  const nBounds = cut(keys, other, distinct, present, load<i32>(maxBinsAt), bounds);
  for (let b = nBounds; b < 256; b++) store<f32>(bounds + ((<usize>b) << 2), Infinity);
  store<i32>(load<usize>(boundCountsAt) + (feature << 2), nBounds);
}

/** Present values as numbers that sort as they do: -0 as 0. @returns how many */
function gatherKeys(values: usize, size: i32, keys: usize): i32 {
  const rows = load<usize>(sampleRowsAt);
  let to = keys;
  for (let i = 0; i < size; i++) {
    const row = rows == 0 ? <u32>i : load<u32>(rows + ((<usize>i) << 2));
    const x = load<f32>(values + ((<usize>row) << 2)) + <f32>0;
    const bits = reinterpret<u32>(x);
    store<u32>(to, bits ^ (<u32>(<i32>bits >> 31) | 0x80000000));
    to += <usize>(x == x) << 2;
  }
  return <i32>((to - keys) >>> 2);
}

// @ts-ignore: decorator
@inline
function valueOf(key: u32): f32 {
  return reinterpret<f32>(key & 0x80000000 ? key ^ 0x80000000 : ~key);
}

function radixPass(from: usize, to: usize, count: i32, shift: u32, buckets: i32, counts: usize): void {
  memory.fill(counts, 0, (<usize>buckets) << 2);
  const mask = <u32>buckets - 1;
  for (let i = 0; i < count; i++) {
    const bucket = counts + ((<usize>((load<u32>(from + ((<usize>i) << 2)) >>> shift) & mask)) << 2);
    store<u32>(bucket, load<u32>(bucket) + 1);
  }
  let total: u32 = 0;
  for (let b = 0; b < buckets; b++) {
    const bucket = counts + ((<usize>b) << 2);
    const own = load<u32>(bucket);
    store<u32>(bucket, total);
    total += own;
  }
  for (let i = 0; i < count; i++) {
    const key = load<u32>(from + ((<usize>i) << 2));
    const bucket = counts + ((<usize>((key >>> shift) & mask)) << 2);
    const place = load<u32>(bucket);
    store<u32>(bucket, place + 1);
    store<u32>(to + ((<usize>place) << 2), key);
  }
}

/** Sorted keys as distinct ones in `distinct`, with their counts written over the keys. @returns how many */
function runs(sorted: usize, count: i32, distinct: usize): i32 {
  let n = -1;
  let last: u32 = 0;
  for (let i = 0; i < count; i++) {
    const key = load<u32>(sorted + ((<usize>i) << 2));
    if (n < 0 || key != last) {
      n++;
      store<u32>(distinct + ((<usize>n) << 2), key);
      store<u32>(sorted + ((<usize>n) << 2), 0);
      last = key;
    }
    const own = sorted + ((<usize>n) << 2);
    store<u32>(own, load<u32>(own) + 1);
  }
  return n + 1;
}

/** Writes the bounds. @returns how many */
function cut(keys: usize, counts: usize, distinct: i32, total: i32, maxBins: i32, bounds: usize): i32 {
  let n = 0;
  if (distinct <= maxBins) {
    for (let k = 0; k < distinct - 1; k++) store<f32>(bounds + (<usize>(n++) << 2), between(keys, k));
    return n;
  }
  const big = <f64>total / <f64>maxBins;
  let restRows = <f64>total;
  let restBins = maxBins;
  for (let k = 0; k < distinct; k++) {
    const count = <f64>load<u32>(counts + ((<usize>k) << 2));
    if (count >= big) {
      restRows -= count;
      restBins--;
    }
  }
  let target = restRows / <f64>max(restBins, 1);
  let filled: f64 = 0;
  for (let k = 0; k < distinct - 1 && n < maxBins - 1; k++) {
    const count = <f64>load<u32>(counts + ((<usize>k) << 2));
    const isBig = count >= big;
    if (!isBig) restRows -= count;
    filled += count;
    const isNextBig = <f64>load<u32>(counts + ((<usize>(k + 1)) << 2)) >= big;
    if (isBig || filled >= target || (isNextBig && filled >= Math.max(1, target / 2))) {
      store<f32>(bounds + (<usize>(n++) << 2), between(keys, k));
      filled = 0;
      if (!isBig) {
        restBins--;
        target = restRows / <f64>max(restBins, 1);
      }
    }
  }
  return n;
}

/** The largest float32 not above the middle of two neighbouring values, infinities included. */
function between(keys: usize, k: i32): f32 {
  const low = valueOf(load<u32>(keys + ((<usize>k) << 2)));
  const high = valueOf(load<u32>(keys + ((<usize>(k + 1)) << 2)));
  const centre = <f64>low / 2 + <f64>high / 2;
  if (!(centre - centre == 0 && centre >= <f64>low && centre < <f64>high)) return low;
  let bound = <f32>centre;
  if (<f64>bound > centre) {
    const bits = reinterpret<i32>(bound);
    bound = bound == 0 ? -reinterpret<f32>(1) : reinterpret<f32>(bound > 0 ? bits - 1 : bits + 1);
  }
  return max<f32>(bound, low);
}
