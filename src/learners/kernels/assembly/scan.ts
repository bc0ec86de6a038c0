// The best cut of one slot in one node. Sums are whole numbers, turned into doubles for the gain; gains are in units
// of the quantised sums (gradient² / hessian), which the host turns into those of the loss.
import {
  begunAt,
  histogramBytesAt,
  isBoundedAt,
  isCategoryAt,
  isSummedApartAt,
  isWideAt,
  l1At,
  l2At,
  minChildWeightAt,
  minGainAt,
  minSamplesLeafAt,
  restAt,
  resultBytes,
  resultsAt,
  scanNodeBytes,
  scanNodesAt,
  scanRestAt,
  scanSummedAt,
  signsAt,
  slotFeaturesAt,
  slotsAt,
  summationAt,
  summedAt,
  threadHistogramsAt,
  threadsAt,
  valueBinsAt,
} from '../control';
import { scanCategories } from './scan-categories';
import { Bounded, countOf, counts, Free, gainOf, gradientOf, gradients, hessianOf, hessians, parentScore } from './gain';

/** Slots a scan task has. */
export const slotsPerTask: i32 = 4;

export function scanTask(task: i32, thread: i32): void {
  const end = min((task + 1) * slotsPerTask, load<i32>(slotsAt));
  for (let slot = task * slotsPerTask; slot < end; slot++) {
    if (load<i32>(isWideAt) != 0) scanSlot<v128>(slot, thread);
    else scanSlot<i64>(slot, thread);
  }
}

function scanSlot<Entry>(slot: i32, thread: i32): void {
  const feature = <usize>load<u16>(load<usize>(slotFeaturesAt) + ((<usize>slot) << 1));
  const valueBins = <i32>load<u16>(load<usize>(valueBinsAt) + (feature << 1));
  const offset = ((<usize>slot) << 8) * sizeof<Entry>();
  const bytes = <usize>(valueBins + 1) * sizeof<Entry>();
  const summed = load<usize>(summedAt) + offset;
  if (load<i32>(isSummedApartAt) != 0) gatherSums(summed, offset, bytes);
  const rest = load<usize>(restAt);
  if (rest != 0) subtract<Entry>(rest + offset, summed, bytes);
  if (load<i32>(scanSummedAt) != 0) scanNode<Entry>(0, summed, slot, feature, valueBins, thread);
  if (load<i32>(scanRestAt) != 0) scanNode<Entry>(1, rest + offset, slot, feature, valueBins, thread);
}

/** Adds up what the threads summed apart. */
function gatherSums(summed: usize, offset: usize, bytes: usize): void {
  const threads = load<i32>(threadsAt);
  const all = load<usize>(threadHistogramsAt);
  const size = load<usize>(histogramBytesAt);
  const begun = load<usize>(begunAt);
  const summation = load<i32>(summationAt);
  let isFirst = true;
  for (let thread = 0; thread < threads; thread++) {
    if (load<i32>(begun + ((<usize>thread) << 2)) != summation) continue;
    const from = all + <usize>thread * size + offset;
    if (isFirst) memory.copy(summed, from, bytes);
    else for (let k: usize = 0; k < bytes; k += 8) store<i64>(summed + k, load<i64>(summed + k) + load<i64>(from + k));
    isFirst = false;
  }
  // No chunk had a row of this side.
  if (isFirst) memory.fill(summed, 0, bytes);
}

function subtract<Entry>(rest: usize, summed: usize, bytes: usize): void {
  // The last half entry of an odd number lies in the unused part of the slot, which has 256 entries.
  for (let k: usize = 0; k < bytes; k += 16) {
    v128.store(rest + k, i64x2.sub(v128.load(rest + k), v128.load(summed + k)));
  }
}

/** Best cut so far; a module's numbers are a thread's own. */
let bestGain: f64 = 0;
let bestBin: i32 = -1;
let bestMissingLeft: i32 = 0;
let bestSum: i64 = 0;
let bestSecondSum: i64 = 0;

function scanNode<Entry>(
  which: i32,
  histogram: usize,
  slot: i32,
  feature: usize,
  valueBins: i32,
  thread: i32,
): void {
  const node = <usize>scanNodesAt + <usize>(which * scanNodeBytes);
  const slots = load<i32>(slotsAt);
  const result = load<usize>(resultsAt) + <usize>(which * slots + slot) * resultBytes;
  store<f64>(result, -1);
  const allowed = load<usize>(node, 40);
  if (allowed != 0 && load<u8>(allowed + <usize>slot) == 0) return;
  if (load<u8>(load<usize>(isCategoryAt) + feature) != 0) {
    scanCategories<Entry>(node, histogram, valueBins, result, thread);
    return;
  }
  bestGain = load<f64>(minGainAt);
  bestBin = -1;
  const draws = load<usize>(node, 44);
  let first = 0;
  let end = valueBins;
  if (draws != 0) {
    first = load<i32>(draws + ((<usize>slot) << 2));
    end = first + 1;
  }
  const missing = histogram + <usize>valueBins * sizeof<Entry>();
  const isMissing =
    sizeof<Entry>() == 16 ? load<i64>(missing, 8) != 0 : load<i64>(missing) != 0;
  const sign = <i32>load<i8>(load<usize>(signsAt) + feature);
  // With missing values sent right, the last value bin parts "present | missing"; else it parts nothing.
  const endRight = isMissing ? end : min(end, valueBins - 1);
  const endLeft = min(end, valueBins - 1);
  if (load<i32>(isBoundedAt) != 0 || load<f64>(l1At) > 0) {
    scanBins<Entry, Bounded>(node, histogram, first, endRight, 0, missing, sign);
    if (isMissing) scanBins<Entry, Bounded>(node, histogram, first, endLeft, 1, missing, sign);
  } else {
    scanBins<Entry, Free>(node, histogram, first, endRight, 0, missing, sign);
    if (isMissing) scanBins<Entry, Free>(node, histogram, first, endLeft, 1, missing, sign);
  }
  if (bestBin < 0) return;
  store<f64>(result, bestGain);
  store<f64>(result, gradientOf<Entry>(bestSum), 8);
  store<f64>(result, hessianOf<Entry>(bestSum, bestSecondSum), 16);
  store<f64>(result, countOf<Entry>(bestSum, bestSecondSum, countFactor(node)), 24);
  store<i32>(result, bestBin, 32);
  store<i32>(result, bestMissingLeft, 36);
}

/** Rows of a side as narrow entries tell: its share of the node's hessian, as in LightGBM. */
// @ts-ignore: decorator
@inline
export function countFactor(node: usize): f64 {
  return load<f64>(node, 16) / load<f64>(node, 8);
}

/** Two bins at a time, without a branch: the sums are the only thing that one bin waits for another for. */
function scanBins<Entry, Rule>(
  node: usize,
  histogram: usize,
  first: i32,
  end: i32,
  missingLeft: i32,
  missing: usize,
  sign: i32,
): void {
  const gradient = f64x2.splat(load<f64>(node));
  const hessian = f64x2.splat(load<f64>(node, 8));
  const count = f64x2.splat(load<f64>(node, 16));
  const lower = f64x2.splat(load<f64>(node, 24));
  const upper = f64x2.splat(load<f64>(node, 32));
  const factor = countFactor(node);
  const minCount = f64x2.splat(load<f64>(minSamplesLeafAt));
  const minWeight = f64x2.splat(load<f64>(minChildWeightAt));
  const l1 = f64x2.splat(load<f64>(l1At));
  const l2 = f64x2.splat(load<f64>(l2At));
  const direction = f64x2.splat(<f64>sign);
  const parent = f64x2.splat(parentScore<Rule>(node));
  let a: i64 = missingLeft ? load<i64>(missing) : 0;
  let b: i64 = 0;
  if (sizeof<Entry>() == 16) b = missingLeft ? load<i64>(missing, 8) : 0;
  for (let bin = 0; bin < first; bin++, histogram += sizeof<Entry>()) {
    a += load<i64>(histogram);
    if (sizeof<Entry>() == 16) b += load<i64>(histogram, 8);
  }
  let bestGains = f64x2.splat(bestGain);
  let bestBins = i64x2.splat(-1);
  let bestSums = i64x2.splat(0);
  let bestSecondSums = i64x2.splat(0);
  let bins = i64x2(first, first + 1);
  const ends = i64x2.splat(end);
  const two = i64x2.splat(2);
  for (let bin = first; bin < end; bin += 2, histogram += 2 * sizeof<Entry>()) {
    const a0 = a + load<i64>(histogram);
    a = a0 + load<i64>(histogram, sizeof<Entry>());
    const sums = i64x2.replace_lane(i64x2.splat(a0), 1, a);
    let secondSums = sums;
    if (sizeof<Entry>() == 16) {
      const b0 = b + load<i64>(histogram, 8);
      b = b0 + load<i64>(histogram, sizeof<Entry>() + 8);
      secondSums = i64x2.replace_lane(i64x2.splat(b0), 1, b);
    }
    const g = gradients<Entry>(sums);
    const h = hessians<Entry>(sums, secondSums);
    const n = counts<Entry>(h, secondSums, factor);
    const rightHessian = f64x2.sub(hessian, h);
    const gains = gainOf<Rule>(g, h, f64x2.sub(gradient, g), rightHessian, l1, l2, lower, upper, direction, parent);
    const isLarge = v128.and(
      v128.and(f64x2.ge(n, minCount), f64x2.ge(f64x2.sub(count, n), minCount)),
      v128.and(f64x2.ge(h, minWeight), f64x2.ge(rightHessian, minWeight)),
    );
    const isBetter = v128.and(v128.and(isLarge, i64x2.lt_s(bins, ends)), f64x2.gt(gains, bestGains));
    bestGains = v128.bitselect(gains, bestGains, isBetter);
    bestBins = v128.bitselect(bins, bestBins, isBetter);
    bestSums = v128.bitselect(sums, bestSums, isBetter);
    if (sizeof<Entry>() == 16) bestSecondSums = v128.bitselect(secondSums, bestSecondSums, isBetter);
    bins = i64x2.add(bins, two);
  }
  const even = f64x2.extract_lane(bestGains, 0);
  const odd = f64x2.extract_lane(bestGains, 1);
  const evenBin = i64x2.extract_lane(bestBins, 0);
  const oddBin = i64x2.extract_lane(bestBins, 1);
  const isOdd = oddBin >= 0 && (odd > even || (odd == even && (evenBin < 0 || oddBin < evenBin)));
  if (!isOdd && evenBin < 0) return;
  bestGain = isOdd ? odd : even;
  bestBin = <i32>(isOdd ? oddBin : evenBin);
  bestMissingLeft = missingLeft;
  bestSum = isOdd ? i64x2.extract_lane(bestSums, 1) : i64x2.extract_lane(bestSums, 0);
  bestSecondSum = isOdd ? i64x2.extract_lane(bestSecondSums, 1) : i64x2.extract_lane(bestSecondSums, 0);
}
