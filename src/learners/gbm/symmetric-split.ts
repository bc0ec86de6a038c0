import type { Histogram } from './histogram.js';
import { canSplit, leafValue, type NodeSums, type SplitRules } from './split.js';

/** The one cut a whole level makes. */
export interface LevelCut {
  /** Place of the feature among those of the tree. */
  readonly slot: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
}

/**
 * The cut with the largest sum of gains over all nodes of a level (oblivious trees; Prokhorenkova et al. 2018).
 * A node which the cut leaves whole, or with too small a side, adds nothing; one whose sides break a monotone
 * constraint forbids the cut.
 *
 * @param offsets `[features.length + 1]` where each feature's bins begin in the histograms
 */
export function findLevelCut(
  histograms: readonly Histogram[],
  offsets: Int32Array,
  features: Int32Array,
  nodes: readonly NodeSums[],
  rules: SplitRules,
): LevelCut | undefined {
  const { minGainToSplit, l2Regularization: l2 } = rules;
  const open = [...nodes.keys()].filter((which) => canSplit(nodes[which], rules));
  const parentScores = nodes.map((node) => {
    const value = leafValue(node, l2);
    return -(2 * node.gradient * value + (node.hessian + l2) * value * value);
  });
  // A feature has at most 256 bins.
  const gains = new Float64Array(256);
  let best: LevelCut | undefined;
  let bestGain = minGainToSplit;
  for (let slot = 0; slot < features.length; slot++) {
    const begin = offsets[slot];
    const valueBins = offsets[slot + 1] - begin - 1;
    const missing = 3 * (begin + valueBins);
    const sign = rules.monotone[features[slot]];
    // Without missing values both directions are the same.
    const anyMissing = histograms.some((histogram) => histogram[missing + 2] > 0);
    for (const missingLeft of anyMissing ? [false, true] : [false]) {
      gains.fill(0, 0, valueBins);
      for (const which of open) {
        const parentScore = parentScores[which];
        const histogram = histograms[which];
        addGains(gains, histogram, begin, valueBins, missingLeft, nodes[which], parentScore, rules, sign);
      }
      for (let bin = 0; bin < valueBins; bin++) {
        if (gains[bin] > bestGain) {
          bestGain = gains[bin];
          best = { slot, bin, missingLeft, gain: bestGain };
        }
      }
    }
  }
  return best;
}

function addGains(
  gains: Float64Array,
  histogram: Histogram,
  begin: number,
  valueBins: number,
  missingLeft: boolean,
  node: NodeSums,
  parentScore: number,
  rules: SplitRules,
  sign: number,
): void {
  const { minSamplesLeaf, minChildWeight, l2Regularization: l2 } = rules;
  const { gradient, hessian, count, lower, upper } = node;
  const missing = 3 * (begin + valueBins);
  let g = missingLeft ? histogram[missing] : 0;
  let h = missingLeft ? histogram[missing + 1] : 0;
  let n = missingLeft ? histogram[missing + 2] : 0;
  for (let bin = 0, k = 3 * begin; bin < valueBins; bin++, k += 3) {
    g += histogram[k];
    h += histogram[k + 1];
    n += histogram[k + 2];
    const rightHessian = hessian - h;
    if (n < minSamplesLeaf || count - n < minSamplesLeaf) continue;
    if (h < minChildWeight || rightHessian < minChildWeight) continue;
    const rightGradient = gradient - g;
    const leftWeight = h + l2;
    const rightWeight = rightHessian + l2;
    let left = -g / leftWeight;
    let right = -rightGradient / rightWeight;
    // Comparisons, not Math.min and Math.max: those care for the sign of zero, at twice the time.
    if (left < lower) left = lower;
    if (left > upper) left = upper;
    if (right < lower) right = lower;
    if (right > upper) right = upper;
    if ((right - left) * sign < 0) {
      gains[bin] = -Infinity;
      continue;
    }
    gains[bin] +=
      -(2 * g * left + leftWeight * left * left) -
      (2 * rightGradient * right + rightWeight * right * right) -
      parentScore;
  }
}
