import { checkScores } from './check-input.js';
import { type MetricKernel, valueOf } from './metric.js';
import { tieGroups } from './tie-groups.js';

/**
 * Area under the ROC curve: the chance that a positive row scores above a negative one, a tie counting one half
 * (Mann & Whitney 1947). In [0, 1], higher is better; O(n) after the sort.
 * @param y labels `[nRows]`, 0 or 1
 * @param score `[nRows]`, higher = more positive
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row, and where only one class is present
 */
export function rocAuc(
  y: ArrayLike<number>,
  score: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): number {
  return valueOf('roc auc', 'rows of both classes', prepareRocAuc(y, score), y.length, sampleWeight);
}

/** `rocAuc` with the sort done. */
export function prepareRocAuc(y: ArrayLike<number>, score: ArrayLike<number>): MetricKernel {
  checkScores('roc auc', y, score);
  const { order, ends } = tieGroups(score);
  const positive = Float64Array.from(order, (row) => y[row]);
  return (weight) => {
    let wins = 0;
    let negatives = 0;
    let positives = 0;
    let i = 0;
    for (const end of ends) {
      let groupPositives = 0;
      let groupNegatives = 0;
      for (; i < end; i++) {
        // Labels are a coin flip for the branch predictor: multiplying is several times faster, and as exact.
        const w = weight[order[i]];
        const wPositive = w * positive[i];
        groupPositives += wPositive;
        groupNegatives += w - wPositive;
      }
      wins += groupPositives * (negatives + groupNegatives / 2);
      negatives += groupNegatives;
      positives += groupPositives;
    }
    // Rounding of fractional weights must not lift a perfect score above 1.
    return Math.min(1, wins / (positives * negatives));
  };
}
