import { meanNdcg } from './objectives/ndcg.js';
import { weightedMean, type Objective, type RowNumbers } from './objectives/objective.js';
import type { WatchedMetric } from './params.js';

/** What early stopping watches, from margins. */
export interface EarlyStoppingMetric {
  readonly direction: 'lower' | 'higher';
  /**
   * @param y `[nRows]`
   * @param weight `[nRows]`
   * @param margins `[nMargins]` arrays of `[nRows]`
   * @param queries `[nQueries + 1]` where each query's rows begin, for ranking
   * @returns NaN where it is not defined: a ranking metric without rows of both classes
   */
  compute(
    y: ArrayLike<number>,
    weight: ArrayLike<number>,
    margins: readonly RowNumbers[],
    queries?: Int32Array,
  ): number;
}

/**
 * The metric of that name for the objective, which the parameters have found to fit. Two-class metrics take targets
 * above 0 for positive ones, so that they serve custom objectives as well.
 *
 * @param truncation places that NDCG counts
 */
export function earlyStoppingMetric(
  name: WatchedMetric,
  objective: Objective,
  truncation: number,
): EarlyStoppingMetric {
  switch (name) {
    case 'loss':
      return {
        direction: 'lower',
        compute: (y, weight, margins, queries) => objective.loss(y, weight, margins, queries),
      };
    case 'roc-auc':
      return { direction: 'higher', compute: (y, weight, [margin]) => rocAuc(y, weight, margin) };
    case 'average-precision':
      return { direction: 'higher', compute: (y, weight, [margin]) => averagePrecision(y, weight, margin) };
    case 'error':
      return {
        direction: 'lower',
        compute: (y, weight, margins) =>
          weightedMean(y, weight, (label, i) => Number(!isHit(label, margins, i))),
      };
    case 'rmse': {
      const predict = predictionOf(objective);
      return {
        direction: 'lower',
        compute: (y, weight, [margin]) =>
          Math.sqrt(weightedMean(y, weight, (target, i) => (target - predict(margin[i])) ** 2)),
      };
    }
    case 'mae': {
      const predict = predictionOf(objective);
      return {
        direction: 'lower',
        compute: (y, weight, [margin]) =>
          weightedMean(y, weight, (target, i) => Math.abs(target - predict(margin[i]))),
      };
    }
    case 'ndcg':
      return {
        direction: 'higher',
        compute: (y, weight, [margin], queries) =>
          meanNdcg(y, weight, margin, queries ?? Int32Array.of(0, y.length), truncation),
      };
  }
}

/** From a margin to the unit of the target. */
function predictionOf({ name }: Objective): (margin: number) => number {
  return name === 'poisson' || name === 'tweedie' ? Math.exp : (margin) => margin;
}

/** Whether the class of the largest margin, the first of equal ones, is the row's; one margin means class 1 from 0 on. */
function isHit(label: number, margins: readonly RowNumbers[], i: number): boolean {
  if (margins.length === 1) return margins[0][i] >= 0 === label > 0;
  let largest = 0;
  for (let k = 1; k < margins.length; k++) if (margins[k][i] > margins[largest][i]) largest = k;
  return largest === label;
}

/**
 * Weights of the positive and the negative rows of each distinct margin, lowest first.
 * Sorted as doubles: a sort of numbers takes a tenth of the time of a sort of row numbers.
 */
function tiedWeights(
  y: ArrayLike<number>,
  weight: ArrayLike<number>,
  margin: RowNumbers,
): { readonly positive: Float64Array; readonly negative: Float64Array } {
  // Adding 0 makes -0 and 0 one value.
  const distinct = Float64Array.from(margin, (m) => m + 0).sort();
  let n = 0;
  for (const m of distinct) if (n === 0 || m !== distinct[n - 1]) distinct[n++] = m;
  const positive = new Float64Array(n);
  const negative = new Float64Array(n);
  for (let i = 0; i < y.length; i++) {
    let low = 0;
    let high = n - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (distinct[middle] < margin[i]) low = middle + 1;
      else high = middle;
    }
    (y[i] > 0 ? positive : negative)[low] += weight[i];
  }
  return { positive, negative };
}

/** The chance that a positive row has the larger margin, a tie counting one half (Mann & Whitney 1947). */
function rocAuc(y: ArrayLike<number>, weight: ArrayLike<number>, margin: RowNumbers): number {
  const { positive, negative } = tiedWeights(y, weight, margin);
  let wins = 0;
  let below = 0;
  let positives = 0;
  for (let k = 0; k < positive.length; k++) {
    wins += positive[k] * (below + negative[k] / 2);
    below += negative[k];
    positives += positive[k];
  }
  return wins / (positives * below);
}

/** Sum over distinct margins, from the highest, of (recall gained) x (precision there). */
function averagePrecision(y: ArrayLike<number>, weight: ArrayLike<number>, margin: RowNumbers): number {
  const { positive, negative } = tiedWeights(y, weight, margin);
  let sum = 0;
  let positives = 0;
  let rows = 0;
  for (let k = positive.length - 1; k >= 0; k--) {
    positives += positive[k];
    rows += positive[k] + negative[k];
    if (positive[k] > 0) sum += (positive[k] * positives) / rows;
  }
  return sum / positives;
}
