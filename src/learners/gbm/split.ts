import type { Rng } from '../../core/rng.js';
import type { Histogram } from './histogram.js';

/** A node's sums and the range its value may take under monotone constraints. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
  readonly lower: number;
  readonly upper: number;
}

/** Rows with bin <= `bin` (and, with `missingLeft`, missing ones) go left. */
export interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
  readonly left: NodeSums;
  readonly right: NodeSums;
}

/** What bounds a split. */
export interface SplitRules {
  readonly minSamplesLeaf: number;
  readonly minChildWeight: number;
  readonly l2Regularization: number;
  readonly minGainToSplit: number;
  /** `[nFeatures]` 1, -1 or 0. */
  readonly monotone: Int8Array;
}

/** The Newton step -G / (H + l2), held within the node's range (Chen & Guestrin 2016, eq. 5). */
export function leafValue(sums: NodeSums, l2: number): number {
  const value = -sums.gradient / (sums.hessian + l2);
  return Math.min(Math.max(Number.isFinite(value) ? value : 0, sums.lower), sums.upper);
}

/** Twice the fall of the second-order loss when the node takes `value`. */
function score(gradient: number, hessian: number, value: number, l2: number): number {
  return -(2 * gradient * value + (hessian + l2) * value * value);
}

/** The best cut found so far, overwritten in place. */
interface BestCut {
  /** -1 for none. */
  slot: number;
  bin: number;
  missingLeft: boolean;
  gain: number;
}

/** Whether a node could be split by some cut: each side must hold the least rows and the least hessian. */
export function canSplit(node: NodeSums, rules: SplitRules): boolean {
  // Exact in spite of rounding: where 2 w > hessian and h >= w, hessian - h rounds to less than w.
  return node.count >= 2 * rules.minSamplesLeaf && node.hessian >= 2 * rules.minChildWeight;
}

/**
 * The best split of a node over `features`, or undefined where none is allowed or gains.
 *
 * @param offsets `[features.length + 1]` where each feature's bins begin in `histogram`
 * @param draw when given, each feature tries one random bound instead of all
 */
export function findBestSplit(
  histogram: Histogram,
  offsets: Int32Array,
  features: Int32Array,
  node: NodeSums,
  rules: SplitRules,
  draw?: Rng,
): Split | undefined {
  if (!canSplit(node, rules)) return undefined;
  const best: BestCut = { slot: -1, bin: 0, missingLeft: false, gain: rules.minGainToSplit };
  const parentScore = score(
    node.gradient,
    node.hessian,
    leafValue(node, rules.l2Regularization),
    rules.l2Regularization,
  );
  for (let slot = 0; slot < features.length; slot++) {
    const begin = offsets[slot];
    const valueBins = offsets[slot + 1] - begin - 1;
    const sign = rules.monotone[features[slot]];
    let firstBin = 0;
    let endBin = valueBins;
    if (draw !== undefined) {
      firstBin = draw.integer(Math.max(valueBins - 1, 1));
      endBin = firstBin + 1;
    }
    const missingCount = histogram[3 * (begin + valueBins) + 2];
    // With missing values sent right, the last value bin splits "present against missing"; else it splits nothing.
    const endRight = missingCount > 0 ? endBin : Math.min(endBin, valueBins - 1);
    scanBins(
      histogram,
      begin,
      valueBins,
      firstBin,
      endRight,
      slot,
      false,
      node,
      parentScore,
      rules,
      sign,
      best,
    );
    if (missingCount === 0) continue;
    const endLeft = Math.min(endBin, valueBins - 1);
    scanBins(
      histogram,
      begin,
      valueBins,
      firstBin,
      endLeft,
      slot,
      true,
      node,
      parentScore,
      rules,
      sign,
      best,
    );
  }
  if (best.slot < 0) return undefined;
  const { slot, bin, missingLeft, gain } = best;
  const cut = { feature: features[slot], bin, missingLeft, gain };
  return describeSplit(histogram, offsets[slot], offsets[slot + 1], node, rules, cut);
}

/** Tries the cuts behind the bins `firstBin..endBin)` of one feature, missing values on one side. */
function scanBins(
  histogram: Histogram,
  begin: number,
  valueBins: number,
  firstBin: number,
  endBin: number,
  slot: number,
  missingLeft: boolean,
  node: NodeSums,
  parentScore: number,
  rules: SplitRules,
  sign: number,
  best: BestCut,
): void {
  const { minSamplesLeaf, minChildWeight, l2Regularization: l2 } = rules;
  const { gradient, hessian, count, lower, upper } = node;
  const bounded = sign !== 0 || lower !== -Infinity || upper !== Infinity;
  const missing = 3 * (begin + valueBins);
  let g = missingLeft ? histogram[missing] : 0;
  let h = missingLeft ? histogram[missing + 1] : 0;
  let n = missingLeft ? histogram[missing + 2] : 0;
  let bestGain = best.gain;
  let bestBin = -1;
  for (let bin = 0, k = 3 * begin; bin < endBin; bin++, k += 3) {
    const inBin = histogram[k + 2];
    if (inBin === 0) continue;
    g += histogram[k];
    h += histogram[k + 1];
    n += inBin;
    if (bin < firstBin || n < minSamplesLeaf || h < minChildWeight) continue;
    const rightHessian = hessian - h;
    if (count - n < minSamplesLeaf || rightHessian < minChildWeight) break;
    const rightGradient = gradient - g;
    const leftWeight = h + l2;
    const rightWeight = rightHessian + l2;
    let gain: number;
    if (bounded) {
      let left = -g / leftWeight;
      let right = -rightGradient / rightWeight;
      // Comparisons, not Math.min and Math.max: those care for the sign of zero, at twice the time.
      if (left < lower) left = lower;
      if (left > upper) left = upper;
      if (right < lower) right = lower;
      if (right > upper) right = upper;
      if ((right - left) * sign < 0) continue;
      gain =
        -(2 * g * left + leftWeight * left * left) -
        (2 * rightGradient * right + rightWeight * right * right) -
        parentScore;
    } else {
      gain = (g * g) / leftWeight + (rightGradient * rightGradient) / rightWeight - parentScore;
    }
    if (gain > bestGain) {
      bestGain = gain;
      bestBin = bin;
    }
  }
  if (bestBin < 0) return;
  best.slot = slot;
  best.bin = bestBin;
  best.missingLeft = missingLeft;
  best.gain = bestGain;
}

/** A split with the sums and value ranges of both sides. */
export function describeSplit(
  histogram: Histogram,
  begin: number,
  end: number,
  node: NodeSums,
  rules: SplitRules,
  cut: { feature: number; bin: number; missingLeft: boolean; gain: number },
): Split {
  const missing = 3 * (end - 1);
  let gradient = cut.missingLeft ? histogram[missing] : 0;
  let hessian = cut.missingLeft ? histogram[missing + 1] : 0;
  let count = cut.missingLeft ? histogram[missing + 2] : 0;
  for (let b = begin; b <= begin + cut.bin; b++) {
    gradient += histogram[3 * b];
    hessian += histogram[3 * b + 1];
    count += histogram[3 * b + 2];
  }
  const { lower, upper } = node;
  if (count === 0) gradient = hessian = 0;
  // A symmetric level may leave a side empty; the rounding left over by a subtraction must not become its value.
  const rightIsEmpty = count === node.count;
  const left = { gradient, hessian, count, lower, upper };
  const right = {
    gradient: rightIsEmpty ? 0 : node.gradient - gradient,
    hessian: rightIsEmpty ? 0 : node.hessian - hessian,
    count: node.count - count,
    lower,
    upper,
  };
  // Where training saw no missing value, one goes with the majority.
  const missingLeft = histogram[missing + 2] > 0 ? cut.missingLeft : left.count >= right.count;
  const sign = rules.monotone[cut.feature];
  if (sign !== 0) {
    const l2 = rules.l2Regularization;
    const leftValue = leafValue(count === 0 ? right : left, l2);
    const rightValue = leafValue(rightIsEmpty ? left : right, l2);
    const middle = (leftValue + rightValue) / 2;
    if (sign > 0) left.upper = right.lower = middle;
    else left.lower = right.upper = middle;
  }
  return { ...cut, missingLeft, left, right };
}
