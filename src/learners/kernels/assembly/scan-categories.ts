// The best set of categories to send left (Fisher 1958: sorted by gradient statistics, the best set is a prefix; with
// the smoothing and limits of LightGBM, Ke et al. 2017).
import {
  categoryL2At,
  categorySmoothingAt,
  countShiftAt,
  l1At,
  l2At,
  maxCategoriesOneHotAt,
  maxCategoriesPerSplitAt,
  minChildWeightAt,
  minGainAt,
  minSamplesLeafAt,
  minSamplesPerCategoryAt,
} from '../control';
import { tileOf } from './histogram';
import { countFactor } from './gain';
import { heldScore } from './score';

let entryGradient: f64 = 0;
let entryHessian: f64 = 0;
let entryCount: f64 = 0;

function readEntry<Entry>(histogram: usize, bin: i32, factor: f64): void {
  const entry = histogram + <usize>bin * sizeof<Entry>();
  if (sizeof<Entry>() == 16) {
    const shift = <u64>load<i32>(countShiftAt);
    const both = load<u64>(entry, 8);
    entryGradient = <f64>load<i64>(entry);
    entryHessian = <f64>(both & (((<u64>1) << shift) - 1));
    entryCount = <f64>(both >>> shift);
  } else {
    const both = load<i64>(entry);
    entryGradient = <f64><i32>(both >> 32);
    entryHessian = <f64><u32>both;
    // A row weighs at least one unit: a category with rows is never taken for an empty one.
    entryCount = Math.max(Math.floor(entryHessian * factor + 0.5), entryHessian > 0 ? 1 : 0);
  }
}

/**
 * Bins: the known categories, the unknown ones (which are never in a set), the missing values (one more category).
 * Writes gain, sums, missingLeft and the set of bins into `result`.
 */
export function scanCategories<Entry>(node: usize, histogram: usize, valueBins: i32, result: usize, thread: i32): void {
  const gradient = load<f64>(node);
  const hessian = load<f64>(node, 8);
  const count = load<f64>(node, 16);
  const factor = countFactor(node);
  const minCount = load<f64>(minSamplesLeafAt);
  const minWeight = load<f64>(minChildWeightAt);
  const l1 = load<f64>(l1At);
  const l2 = load<f64>(l2At);
  const lower = load<f64>(node, 24);
  const upper = load<f64>(node, 32);
  const parent = heldScore(gradient, hessian, l1, l2, lower, upper);
  const smoothing = load<f64>(categorySmoothingAt);
  const unknown = valueBins - 1;
  let best = load<f64>(minGainAt);

  let present = 0;
  for (let bin = 0; bin <= valueBins; bin++) {
    if (bin == unknown) continue;
    readEntry<Entry>(histogram, bin, factor);
    if (entryCount > 0) present++;
  }

  // Sorted candidates: f64 ratio, i32 bin, in the tile, which nobody needs now.
  const sorted = tileOf(thread);
  if (present <= load<i32>(maxCategoriesOneHotAt)) {
    let bestBin = -1;
    for (let bin = 0; bin <= valueBins; bin++) {
      if (bin == unknown) continue;
      readEntry<Entry>(histogram, bin, factor);
      if (entryCount < minCount || entryCount == 0 || entryHessian < minWeight) continue;
      if (count - entryCount < minCount || hessian - entryHessian < minWeight) continue;
      const gain =
        heldScore(entryGradient, entryHessian, l1, l2, lower, upper) +
        heldScore(gradient - entryGradient, hessian - entryHessian, l1, l2, lower, upper) -
        parent;
      if (gain > best) {
        best = gain;
        bestBin = bin;
        store<f64>(result, gain);
        store<f64>(result, entryGradient, 8);
        store<f64>(result, entryHessian, 16);
        store<f64>(result, entryCount, 24);
      }
    }
    if (bestBin < 0) return;
    clearSet(result);
    addToSet(result, bestBin, valueBins);
    return;
  }

  const least = <f64>load<i32>(minSamplesPerCategoryAt);
  let candidates = 0;
  for (let bin = 0; bin <= valueBins; bin++) {
    if (bin == unknown) continue;
    readEntry<Entry>(histogram, bin, factor);
    if (entryCount == 0 || entryCount < least) continue;
    insert(sorted, candidates++, entryGradient / (entryHessian + smoothing), bin);
  }
  const most = min(load<i32>(maxCategoriesPerSplitAt), (candidates + 1) >>> 1);
  const splitL2 = l2 + load<f64>(categoryL2At);
  let bestTaken = 0;
  let isFromHigh = false;
  for (let direction = 0; direction < 2; direction++) {
    let g: f64 = 0;
    let h: f64 = 0;
    let n: f64 = 0;
    for (let taken = 1; taken <= most; taken++) {
      const at = direction == 0 ? taken - 1 : candidates - taken;
      readEntry<Entry>(histogram, binAt(sorted, at), factor);
      g += entryGradient;
      h += entryHessian;
      n += entryCount;
      if (n < minCount || h < minWeight) continue;
      if (count - n < minCount || hessian - h < minWeight) break;
      const gain =
        heldScore(g, h, l1, splitL2, lower, upper) +
        heldScore(gradient - g, hessian - h, l1, splitL2, lower, upper) -
        parent;
      if (gain > best) {
        best = gain;
        bestTaken = taken;
        isFromHigh = direction == 1;
        store<f64>(result, gain);
        store<f64>(result, g, 8);
        store<f64>(result, h, 16);
        store<f64>(result, n, 24);
      }
    }
  }
  if (bestTaken == 0) return;
  clearSet(result);
  for (let taken = 1; taken <= bestTaken; taken++) {
    addToSet(result, binAt(sorted, isFromHigh ? candidates - taken : taken - 1), valueBins);
  }
}

function insert(sorted: usize, size: i32, ratio: f64, bin: i32): void {
  let at = sorted + <usize>size * 16;
  while (at > sorted && load<f64>(at - 16) > ratio) {
    store<f64>(at, load<f64>(at - 16));
    store<i32>(at, load<i32>(at - 16, 8), 8);
    at -= 16;
  }
  store<f64>(at, ratio);
  store<i32>(at, bin, 8);
}

// @ts-ignore: decorator
@inline
function binAt(sorted: usize, at: i32): i32 {
  return load<i32>(sorted + <usize>at * 16, 8);
}

function clearSet(result: usize): void {
  store<i32>(result, 0, 32);
  store<i32>(result, 0, 36);
  memory.fill(result + 40, 0, 32);
}

function addToSet(result: usize, bin: i32, missingBin: i32): void {
  if (bin == missingBin) store<i32>(result, 1, 36);
  const byte = result + 40 + <usize>(bin >> 3);
  const bits: i32 = <i32>load<u8>(byte) | (1 << (bin & 7));
  store<u8>(byte, <u8>bits);
}
