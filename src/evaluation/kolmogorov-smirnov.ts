import { checkScores } from './check-input.js';
import { type MetricKernel, valueOf } from './metric.js';
import { tieGroups } from './tie-groups.js';

/**
 * Two-sample Kolmogorov-Smirnov statistic: the largest distance between the score distributions of the two classes
 * (Smirnov 1939), which is the largest |true positive rate - false positive rate|. In [0, 1], higher is better.
 * @param y labels `[nRows]`, 0 or 1
 * @param score `[nRows]`
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row, and where only one class is present
 */
export function kolmogorovSmirnov(
  y: ArrayLike<number>,
  score: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  const kernel = prepareKolmogorovSmirnov(y, score);
  return valueOf('kolmogorov-smirnov', 'rows of both classes', kernel, y.length, sampleWeight);
}

/** `kolmogorovSmirnov` with the sort done. */
export function prepareKolmogorovSmirnov(y: ArrayLike<number>, score: ArrayLike<number>): MetricKernel {
  checkScores('kolmogorov-smirnov', y, score);
  const { order, ends } = tieGroups(score);
  const positive = Float64Array.from(order, (row) => y[row]);
  return (weight) => {
    let positives = 0;
    let negatives = 0;
    for (let i = 0; i < order.length; i++) {
      const w = weight[order[i]];
      positives += w * positive[i];
      negatives += w - w * positive[i];
    }
    if (positives === 0 || negatives === 0) return NaN;
    let positivesBelow = 0;
    let negativesBelow = 0;
    let largest = 0;
    let i = 0;
    for (const end of ends) {
      for (; i < end; i++) {
        const w = weight[order[i]];
        positivesBelow += w * positive[i];
        negativesBelow += w - w * positive[i];
      }
      const distance = Math.abs(positivesBelow / positives - negativesBelow / negatives);
      if (distance > largest) largest = distance;
    }
    return Math.min(largest, 1);
  };
}
