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

/**
 * The best split of a node over `features`, or undefined where none is allowed or gains.
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
  let best: Split | undefined;
  if (node.count < 2 * rules.minSamplesLeaf) return best;
  for (const j of features) {
    const bounds = offsets[j + 1] - offsets[j] - 2;
    const only = draw === undefined ? undefined : draw.integer(Math.max(bounds, 1));
    const gainToBeat = best?.gain ?? rules.minGainToSplit;
    best = findFeatureSplit(histogram, offsets[j], offsets[j + 1], j, node, rules, gainToBeat, only) ?? best;
  }
  return best;
}

function findFeatureSplit(
  histogram: Histogram,
  begin: number,
  end: number,
  feature: number,
  node: NodeSums,
  rules: SplitRules,
  gainToBeat: number,
  only: number | undefined,
): Split | undefined {
  const { minSamplesLeaf, minChildWeight, l2Regularization: l2 } = rules;
  const { gradient, hessian, count, lower, upper } = node;
  const sign = rules.monotone[feature];
  const bounded = sign !== 0 || lower !== -Infinity || upper !== Infinity;
  const parentScore = score(gradient, hessian, leafValue(node, l2), l2);
  const missing = 3 * (end - 1);
  const missingCount = histogram[missing + 2];
  const nScans = missingCount > 0 ? 2 : 1;
  let bestGain = gainToBeat;
  let bestBin = -1;
  let bestMissingLeft = false;

  for (let scan = 0; scan < nScans; scan++) {
    // The first scan sends missing values right, the second left.
    let g = scan === 0 ? 0 : histogram[missing];
    let h = scan === 0 ? 0 : histogram[missing + 1];
    let n = scan === 0 ? 0 : missingCount;
    // The last value bin splits only "present against missing".
    const lastBin = scan === 0 && missingCount > 0 ? end - 1 : end - 2;
    for (let b = begin; b < lastBin; b++) {
      const k = 3 * b;
      const inBin = histogram[k + 2];
      if (inBin === 0) continue;
      g += histogram[k];
      h += histogram[k + 1];
      n += inBin;
      if (n < minSamplesLeaf || h < minChildWeight) continue;
      if (only !== undefined && b - begin !== only) continue;
      const rightHessian = hessian - h;
      if (count - n < minSamplesLeaf || rightHessian < minChildWeight) break;
      const rightGradient = gradient - g;
      let gain: number;
      if (bounded) {
        const leftValue = Math.min(Math.max(-g / (h + l2), lower), upper);
        const rightValue = Math.min(Math.max(-rightGradient / (rightHessian + l2), lower), upper);
        if ((rightValue - leftValue) * sign < 0) continue;
        gain = score(g, h, leftValue, l2) + score(rightGradient, rightHessian, rightValue, l2) - parentScore;
      } else {
        gain = (g * g) / (h + l2) + (rightGradient * rightGradient) / (rightHessian + l2) - parentScore;
      }
      if (gain > bestGain) {
        bestGain = gain;
        bestBin = b - begin;
        bestMissingLeft = scan === 1;
      }
    }
  }
  if (bestBin < 0) return undefined;
  return describeSplit(histogram, begin, end, node, rules, {
    feature,
    bin: bestBin,
    missingLeft: bestMissingLeft,
    gain: bestGain,
  });
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
