// The best cut of one slot in one node. Sums are whole numbers, turned into doubles for the gain; gains are in units
// of the quantised sums (gradient² / hessian), which the host turns into those of the loss.
import {
  begunAt,
  histogramBytesAt,
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
  slotsPerTask,
  summationAt,
  summedAt,
  threadHistogramsAt,
  threadsAt,
  valueBinsAt,
} from '../control';
import { scanCategories } from './scan-categories';
import { Bounded, countFactor, countOf, Free, gradientOf, gradients, hessianOf, hessians, isFree, parentScore, scoresOf } from './gain';

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
  if (!isFree(node, sign)) {
    scanBins<Entry, Bounded>(node, histogram, first, endRight, valueBins, 0, sign);
    if (isMissing) scanBins<Entry, Bounded>(node, histogram, first, endLeft, valueBins, 1, sign);
  } else {
    scanBins<Entry, Free>(node, histogram, first, endRight, valueBins, 0, sign);
    if (isMissing) scanBins<Entry, Free>(node, histogram, first, endLeft, valueBins, 1, sign);
  }
  if (bestBin < 0) return;
  sumLeft<Entry>(histogram, missing);
  store<f64>(result, bestGain);
  store<f64>(result, gradientOf<Entry>(bestSum), 8);
  store<f64>(result, hessianOf<Entry>(bestSum, bestSecondSum), 16);
  store<f64>(result, countOf<Entry>(bestSum, bestSecondSum, countFactor(node)), 24);
  store<i32>(result, bestBin, 32);
  store<i32>(result, bestMissingLeft, 36);
}

/** How much one side must hold, as sums. */
// @ts-ignore: decorator
@inline
function isEnough<Entry>(sum: i64, secondSum: i64, minHessian: f64, minCount: f64): bool {
  if (sizeof<Entry>() == 16) return hessianOf<Entry>(sum, secondSum) >= minHessian && countOf<Entry>(sum, secondSum, 0) >= minCount;
  // The count is a share of the hessian: the host asks for the larger of both as a hessian.
  return hessianOf<Entry>(sum, secondSum) >= minHessian;
}

/**
 * Bins whose cut leaves both sides enough are neighbours, since sums only grow: what lies before and behind them is
 * skipped. Those between are looked at two at a time without a branch; the prefix sums are all that waits for another.
 */
function scanBins<Entry, Rule>(
  node: usize,
  histogram: usize,
  first: i32,
  end: i32,
  valueBins: i32,
  missingLeft: i32,
  sign: i32,
): void {
  const minCount = load<f64>(minSamplesLeafAt);
  const nodeCount = load<f64>(node, 16);
  // Half a row less than the least count is rounded up to it.
  const minHessian =
    sizeof<Entry>() == 16
      ? load<f64>(minChildWeightAt)
      : Math.max(load<f64>(minChildWeightAt), ((minCount - 0.5) * load<f64>(node, 8)) / nodeCount);
  const missing = histogram + <usize>valueBins * sizeof<Entry>();

  // From the right: bins from `last` on leave too little there.
  let a: i64 = missingLeft ? 0 : load<i64>(missing);
  let b: i64 = 0;
  if (sizeof<Entry>() == 16) b = missingLeft ? 0 : load<i64>(missing, 8);
  let last = valueBins;
  while (last > first && !isEnough<Entry>(a, b, minHessian, minCount)) {
    last--;
    const entry = histogram + <usize>last * sizeof<Entry>();
    a += load<i64>(entry);
    if (sizeof<Entry>() == 16) b += load<i64>(entry, 8);
  }
  last = min(last, end);

  a = missingLeft ? load<i64>(missing) : 0;
  if (sizeof<Entry>() == 16) b = missingLeft ? load<i64>(missing, 8) : 0;
  let bin = 0;
  let entry = histogram;
  while (bin < last) {
    const nextA = a + load<i64>(entry);
    const nextB = sizeof<Entry>() == 16 ? b + load<i64>(entry, 8) : b;
    if (bin >= first && isEnough<Entry>(nextA, nextB, minHessian, minCount)) break;
    a = nextA;
    b = nextB;
    bin++;
    entry += sizeof<Entry>();
  }
  if (bin >= last) return;

  const gradient = f64x2.splat(load<f64>(node));
  const hessian = f64x2.splat(load<f64>(node, 8));
  const lower = f64x2.splat(load<f64>(node, 24));
  const upper = f64x2.splat(load<f64>(node, 32));
  const l1 = f64x2.splat(load<f64>(l1At));
  const l2 = f64x2.splat(load<f64>(l2At));
  const direction = f64x2.splat(<f64>sign);
  const parent = parentScore<Rule>(node);
  const least = bestGain + parent;
  let bestScores = f64x2.splat(least);
  let bestBins = i64x2.splat(-1);
  let bins = i64x2(bin, bin + 1);
  const two = i64x2.splat(2);
  const pairs = (last - bin) >> 1;
  for (let pair = 0; pair < pairs; pair++, entry += 2 * sizeof<Entry>()) {
    const a0 = a + load<i64>(entry);
    a = a0 + load<i64>(entry, sizeof<Entry>());
    const sums = i64x2.replace_lane(i64x2.splat(a0), 1, a);
    let secondSums = sums;
    if (sizeof<Entry>() == 16) {
      const b0 = b + load<i64>(entry, 8);
      b = b0 + load<i64>(entry, sizeof<Entry>() + 8);
      secondSums = i64x2.replace_lane(i64x2.splat(b0), 1, b);
    }
    const g = gradients<Entry>(sums);
    const h = hessians<Entry>(sums, secondSums);
    const scores = scoresOf<Rule>(g, h, f64x2.sub(gradient, g), f64x2.sub(hessian, h), l1, l2, lower, upper, direction);
    const isBetter = f64x2.gt(scores, bestScores);
    bestScores = v128.bitselect(scores, bestScores, isBetter);
    bestBins = v128.bitselect(bins, bestBins, isBetter);
    bins = i64x2.add(bins, two);
  }
  let best = f64x2.extract_lane(bestScores, 0);
  let winner = <i32>i64x2.extract_lane(bestBins, 0);
  const odd = f64x2.extract_lane(bestScores, 1);
  const oddBin = <i32>i64x2.extract_lane(bestBins, 1);
  if (oddBin >= 0 && (odd > best || winner < 0 || (odd == best && oddBin < winner))) {
    best = odd;
    winner = oddBin;
  }
  if (((last - bin) & 1) != 0) {
    a += load<i64>(entry);
    if (sizeof<Entry>() == 16) b += load<i64>(entry, 8);
    const g = f64x2.splat(gradientOf<Entry>(a));
    const h = f64x2.splat(hessianOf<Entry>(a, b));
    const score = f64x2.extract_lane(
      scoresOf<Rule>(g, h, f64x2.sub(gradient, g), f64x2.sub(hessian, h), l1, l2, lower, upper, direction),
      0,
    );
    if (score > best) {
      best = score;
      winner = last - 1;
    }
  }
  if (winner < 0) return;
  bestGain = best - parent;
  bestBin = winner;
  bestMissingLeft = missingLeft;
}

/** The sums of the side that the best cut sends left. */
function sumLeft<Entry>(histogram: usize, missing: usize): void {
  bestSum = bestMissingLeft ? load<i64>(missing) : 0;
  bestSecondSum = 0;
  if (sizeof<Entry>() == 16) bestSecondSum = bestMissingLeft ? load<i64>(missing, 8) : 0;
  for (let bin = 0; bin <= bestBin; bin++, histogram += sizeof<Entry>()) {
    bestSum += load<i64>(histogram);
    if (sizeof<Entry>() == 16) bestSecondSum += load<i64>(histogram, 8);
  }
}
