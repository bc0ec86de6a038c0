import { byMargin, gradeGain, idealGain, meanNdcg, placeDiscount } from './ndcg.js';
import type { Objective, RowNumbers } from './objective.js';

/**
 * LambdaMART (Burges 2010, "From RankNet to LambdaRank to LambdaMART", section 7), with the normalisations of
 * LightGBM's `lambdarank`: pairs by the distance of their margins, queries by the logarithm of their sum. A query's
 * pairs are summed in the order of its margins, equal ones in row order. Its loss is 1 - NDCG.
 *
 * @param truncation pairs count where one row at least is among so many first ones
 */
export function lambdarank(truncation: number): Objective {
  return {
    name: 'lambdarank',
    nMargins: 1,
    targets: { kind: 'regression', maxGrade: 31 },
    hasConstantHessian: false,
    baseScore: () => Float64Array.of(0),
    derivatives(y, weight, [margin], [gradient], [hessian], queries) {
      const starts = queries ?? Int32Array.of(0, y.length);
      gradient.fill(0);
      hessian.fill(0);
      // Doubles, whatever the precision of what is handed out.
      const lambda = new Float64Array(y.length);
      const curvature = new Float64Array(y.length);
      for (let q = 0; q + 1 < starts.length; q++) {
        addQuery(y, margin, starts[q], starts[q + 1], truncation, lambda, curvature);
      }
      for (let i = 0; i < y.length; i++) {
        gradient[i] = weight[i] * lambda[i];
        hessian[i] = weight[i] * curvature[i];
      }
    },
    loss: (y, weight, [margin], queries) =>
      1 - meanNdcg(y, weight, margin, queries ?? Int32Array.of(0, y.length), truncation),
  };
}

function addQuery(
  y: ArrayLike<number>,
  margin: RowNumbers,
  begin: number,
  end: number,
  truncation: number,
  lambda: Float64Array,
  curvature: Float64Array,
): void {
  const ideal = idealGain(y, begin, end, truncation);
  if (ideal === 0) return;
  const order = byMargin(margin, begin, end);
  const n = order.length;
  const allEqual = margin[order[0]] === margin[order[n - 1]];
  const discounts = Float64Array.from(order, (_, place) => placeDiscount(place));
  const gains = Float64Array.from(order, (row) => gradeGain(y[row]));
  let total = 0;
  for (let i = 0; i < Math.min(n - 1, truncation); i++) {
    for (let j = i + 1; j < n; j++) {
      if (gains[i] === gains[j]) continue;
      const [high, low] = gains[i] > gains[j] ? [order[i], order[j]] : [order[j], order[i]];
      const distance = margin[high] - margin[low];
      let worth = (Math.abs(gains[i] - gains[j]) * (discounts[i] - discounts[j])) / ideal;
      if (!allEqual) worth /= 0.01 + Math.abs(distance);
      // The chance that the better row is ranked below the other, and its complement, cannot overflow.
      const e = Math.exp(-Math.abs(distance));
      const wrong = (distance >= 0 ? e : 1) / (1 + e);
      const force = worth * wrong;
      const slope = (worth * e) / ((1 + e) * (1 + e));
      lambda[high] -= force;
      lambda[low] += force;
      curvature[high] += slope;
      curvature[low] += slope;
      total += 2 * force;
    }
  }
  if (total === 0) return;
  const factor = Math.log2(1 + total) / total;
  for (let i = begin; i < end; i++) {
    lambda[i] *= factor;
    curvature[i] *= factor;
  }
}
