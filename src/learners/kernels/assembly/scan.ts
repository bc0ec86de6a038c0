// The best cut of one slot in one node. Sums are whole numbers, turned into doubles for the gain; gains are in units
// of the quantised sums (gradient² / hessian), which the host turns into those of the loss.
import {
  begunAt,
  countShiftAt,
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
} from './control';
import { scanCategories } from './scan-categories';
import { scoreAt, scoreOf, softened } from './score';

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
let bestGradient: f64 = 0;
let bestHessian: f64 = 0;
let bestCount: f64 = 0;

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
    scanBounded<Entry>(node, histogram, first, endRight, 0, missing, sign);
    if (isMissing) scanBounded<Entry>(node, histogram, first, endLeft, 1, missing, sign);
  } else {
    scanFree<Entry>(node, histogram, first, endRight, 0, missing);
    if (isMissing) scanFree<Entry>(node, histogram, first, endLeft, 1, missing);
  }
  if (bestBin < 0) return;
  store<f64>(result, bestGain);
  store<f64>(result, bestGradient, 8);
  store<f64>(result, bestHessian, 16);
  store<f64>(result, bestCount, 24);
  store<i32>(result, bestBin, 32);
  store<i32>(result, bestMissingLeft, 36);
}

/** Rows of a side as narrow entries tell: its share of the node's hessian, as in LightGBM. */
// @ts-ignore: decorator
@inline
export function countFactor(node: usize): f64 {
  return load<f64>(node, 16) / load<f64>(node, 8);
}

function scanFree<Entry>(node: usize, histogram: usize, first: i32, end: i32, missingLeft: i32, missing: usize): void {
  const gradient = load<f64>(node);
  const hessian = load<f64>(node, 8);
  const count = load<f64>(node, 16);
  const factor = countFactor(node);
  const minCount = load<f64>(minSamplesLeafAt);
  const minWeight = load<f64>(minChildWeightAt);
  const l2 = load<f64>(l2At);
  const parent = scoreOf(gradient, hessian, 0, l2);
  const countShift = <i64>load<i32>(countShiftAt);
  const mask = ((<i64>1) << countShift) - 1;
  let a: i64 = missingLeft ? load<i64>(missing) : 0;
  let b: i64 = 0;
  if (sizeof<Entry>() == 16) b = missingLeft ? load<i64>(missing, 8) : 0;
  let g: f64 = 0;
  let h: f64 = 0;
  let n: f64 = 0;
  for (let bin = 0; bin < end; bin++, histogram += sizeof<Entry>()) {
    a += load<i64>(histogram);
    if (sizeof<Entry>() == 16) {
      b += load<i64>(histogram, 8);
      g = <f64>a;
      h = <f64>(b & mask);
      n = <f64>(<u64>b >>> <u64>countShift);
    } else {
      g = <f64><i32>(a >> 32);
      h = <f64><u32>a;
      n = Math.floor(h * factor + 0.5);
    }
    if (bin < first || n < minCount || h < minWeight) continue;
    const rightHessian = hessian - h;
    if (count - n < minCount || rightHessian < minWeight) break;
    const rightGradient = gradient - g;
    const gain = (g * g) / (h + l2) + (rightGradient * rightGradient) / (rightHessian + l2) - parent;
    if (gain > bestGain) {
      bestGain = gain;
      bestBin = bin;
      bestMissingLeft = missingLeft;
      bestGradient = g;
      bestHessian = h;
      bestCount = n;
    }
  }
}

/** The same with values held within the node's range, monotone signs, and an L1 penalty. */
function scanBounded<Entry>(
  node: usize,
  histogram: usize,
  first: i32,
  end: i32,
  missingLeft: i32,
  missing: usize,
  sign: i32,
): void {
  const gradient = load<f64>(node);
  const hessian = load<f64>(node, 8);
  const count = load<f64>(node, 16);
  const lower = load<f64>(node, 24);
  const upper = load<f64>(node, 32);
  const factor = countFactor(node);
  const minCount = load<f64>(minSamplesLeafAt);
  const minWeight = load<f64>(minChildWeightAt);
  const l1 = load<f64>(l1At);
  const l2 = load<f64>(l2At);
  const parent = scoreAt(gradient, hessian, held(gradient, hessian, lower, upper, l1, l2), l1, l2);
  const countShift = <i64>load<i32>(countShiftAt);
  const mask = ((<i64>1) << countShift) - 1;
  let a: i64 = missingLeft ? load<i64>(missing) : 0;
  let b: i64 = 0;
  if (sizeof<Entry>() == 16) b = missingLeft ? load<i64>(missing, 8) : 0;
  let g: f64 = 0;
  let h: f64 = 0;
  let n: f64 = 0;
  for (let bin = 0; bin < end; bin++, histogram += sizeof<Entry>()) {
    a += load<i64>(histogram);
    if (sizeof<Entry>() == 16) {
      b += load<i64>(histogram, 8);
      g = <f64>a;
      h = <f64>(b & mask);
      n = <f64>(<u64>b >>> <u64>countShift);
    } else {
      g = <f64><i32>(a >> 32);
      h = <f64><u32>a;
      n = Math.floor(h * factor + 0.5);
    }
    if (bin < first || n < minCount || h < minWeight) continue;
    const rightHessian = hessian - h;
    if (count - n < minCount || rightHessian < minWeight) break;
    const rightGradient = gradient - g;
    const left = held(g, h, lower, upper, l1, l2);
    const right = held(rightGradient, rightHessian, lower, upper, l1, l2);
    if ((right - left) * <f64>sign < 0) continue;
    const gain =
      scoreAt(g, h, left, l1, l2) + scoreAt(rightGradient, rightHessian, right, l1, l2) - parent;
    if (gain > bestGain) {
      bestGain = gain;
      bestBin = bin;
      bestMissingLeft = missingLeft;
      bestGradient = g;
      bestHessian = h;
      bestCount = n;
    }
  }
}

// @ts-ignore: decorator
@inline
export function held(gradient: f64, hessian: f64, lower: f64, upper: f64, l1: f64, l2: f64): f64 {
  let value = -softened(gradient, l1) / (hessian + l2);
  if (value < lower) value = lower;
  if (value > upper) value = upper;
  return value;
}
