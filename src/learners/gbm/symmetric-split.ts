import type { Histogram } from './histogram.js';
import { leafValue, type NodeSums, type SplitRules } from './split.js';

/** The one cut a whole level makes. */
export interface LevelCut {
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly gain: number;
}

/**
 * The cut with the largest sum of gains over all nodes of a level (oblivious trees; Prokhorenkova et al. 2018).
 * A node which the cut leaves whole, or with too small a side, adds nothing; one whose sides break a monotone
 * constraint forbids the cut.
 */
export function findLevelCut(
  histograms: readonly Histogram[],
  offsets: Int32Array,
  features: Int32Array,
  nodes: readonly NodeSums[],
  rules: SplitRules,
): LevelCut | undefined {
  let best: LevelCut | undefined;
  const l2 = rules.l2Regularization;
  for (const feature of features) {
    const begin = offsets[feature];
    const valueBins = offsets[feature + 1] - begin - 1;
    const missing = 3 * (begin + valueBins);
    // Without missing values both directions are the same.
    const anyMissing = histograms.some((histogram) => histogram[missing + 2] > 0);
    for (const missingLeft of anyMissing ? [false, true] : [false]) {
      const gains = new Float64Array(valueBins);
      nodes.forEach((node, which) => {
        const sign = rules.monotone[feature];
        addGains(gains, histograms[which], begin, missing, missingLeft, node, rules, sign, l2);
      });
      for (let bin = 0; bin < valueBins; bin++) {
        if (gains[bin] > (best?.gain ?? rules.minGainToSplit))
          best = { feature, bin, missingLeft, gain: gains[bin] };
      }
    }
  }
  return best;
}

function addGains(
  gains: Float64Array,
  histogram: Histogram,
  begin: number,
  missing: number,
  missingLeft: boolean,
  node: NodeSums,
  rules: SplitRules,
  sign: number,
  l2: number,
): void {
  const value = leafValue(node, l2);
  const parentScore = -(2 * node.gradient * value + (node.hessian + l2) * value * value);
  let g = missingLeft ? histogram[missing] : 0;
  let h = missingLeft ? histogram[missing + 1] : 0;
  let n = missingLeft ? histogram[missing + 2] : 0;
  for (let bin = 0; bin < gains.length; bin++) {
    const k = 3 * (begin + bin);
    g += histogram[k];
    h += histogram[k + 1];
    n += histogram[k + 2];
    const rightHessian = node.hessian - h;
    const rightCount = node.count - n;
    if (n < rules.minSamplesLeaf || rightCount < rules.minSamplesLeaf) continue;
    if (h < rules.minChildWeight || rightHessian < rules.minChildWeight) continue;
    const rightGradient = node.gradient - g;
    const leftValue = Math.min(Math.max(-g / (h + l2), node.lower), node.upper);
    const rightValue = Math.min(Math.max(-rightGradient / (rightHessian + l2), node.lower), node.upper);
    if ((rightValue - leftValue) * sign < 0) {
      gains[bin] = -Infinity;
      continue;
    }
    gains[bin] +=
      -(2 * g * leftValue + (h + l2) * leftValue * leftValue) -
      (2 * rightGradient * rightValue + (rightHessian + l2) * rightValue * rightValue) -
      parentScore;
  }
}
