import { checkScores } from './check-input.js';
import { type MetricKernel, valueOf } from './metric.js';
import { tieGroups } from './tie-groups.js';

/**
 * Average precision: the sum over distinct scores, from the highest, of (recall gained) x (precision there), without
 * interpolation, as scikit-learn defines it. In [0, 1], higher is better; O(n) after the sort.
 * @param y labels `[nRows]`, 0 or 1
 * @param score `[nRows]`, higher = more positive
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row, and where there is no positive row
 */
export function averagePrecision(
  y: ArrayLike<number>,
  score: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  const kernel = prepareAveragePrecision(y, score);
  return valueOf('average precision', 'a positive row', kernel, y.length, sampleWeight);
}

/** `averagePrecision` with the sort done. */
export function prepareAveragePrecision(y: ArrayLike<number>, score: ArrayLike<number>): MetricKernel {
  checkScores('average precision', y, score);
  const { order, ends } = tieGroups(score);
  const positive = Float64Array.from(order, (row) => y[row]);
  return (weight) => {
    let sum = 0;
    let positives = 0;
    let rows = 0;
    for (let g = ends.length - 1; g >= 0; g--) {
      const start = g === 0 ? 0 : ends[g - 1];
      let groupPositives = 0;
      for (let i = start; i < ends[g]; i++) {
        const w = weight[order[i]];
        rows += w;
        groupPositives += w * positive[i];
      }
      if (groupPositives === 0) continue;
      positives += groupPositives;
      sum += (groupPositives * positives) / rows;
    }
    return Math.min(1, sum / positives);
  };
}
