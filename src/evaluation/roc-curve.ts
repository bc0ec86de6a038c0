import { DataError } from '../core/errors.js';
import { checkScores } from './check-input.js';
import { thinPoints } from './curve-points.js';
import { tieGroups } from './tie-groups.js';

export interface RocPoint {
  readonly falsePositiveRate: number;
  readonly truePositiveRate: number;
  /** Scores from here up are called positive; null where none are. */
  readonly threshold: number | null;
}

/**
 * Receiver operating characteristic from (0, 0) to (1, 1), a point per distinct score, thinned to 200 by distance.
 * @param y labels `[nRows]`, 0 or 1
 * @param score `[nRows]`, higher = more positive
 * @throws {DataError} for a NaN, naming the row, and where only one class is present
 */
export function rocCurve(y: ArrayLike<number>, score: ArrayLike<number>): readonly RocPoint[] {
  checkScores('roc curve', y, score);
  const { order, ends } = tieGroups(score);
  const nGroups = ends.length;
  const tp = new Float64Array(nGroups + 1);
  const fp = new Float64Array(nGroups + 1);
  for (let g = nGroups - 1, k = 1; g >= 0; g--, k++) {
    tp[k] = tp[k - 1];
    fp[k] = fp[k - 1];
    for (let i = g === 0 ? 0 : ends[g - 1]; i < ends[g]; i++) {
      tp[k] += y[order[i]];
      fp[k] += 1 - y[order[i]];
    }
  }
  const positives = tp[nGroups];
  const negatives = fp[nGroups];
  if (positives === 0 || negatives === 0) {
    throw new DataError('roc curve: is undefined for these rows, it needs rows of both classes');
  }
  const position = tp.map((_, k) => tp[k] / positives + fp[k] / negatives);
  return thinPoints(position).map((k) => ({
    falsePositiveRate: fp[k] / negatives,
    truePositiveRate: tp[k] / positives,
    threshold: k === 0 ? null : score[order[ends[nGroups - k] - 1]],
  }));
}
