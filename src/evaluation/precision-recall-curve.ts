import { DataError } from '../core/errors.js';
import { checkScores } from './check-input.js';
import { thinPoints } from './curve-points.js';
import { tieGroups } from './tie-groups.js';

export interface PrecisionRecallPoint {
  readonly recall: number;
  readonly precision: number;
  /** Scores from here up are called positive. */
  readonly threshold: number;
}

/**
 * Precision over recall, a point per distinct score from the highest down to recall 1, thinned to 200 by recall.
 * @param y labels `[nRows]`, 0 or 1
 * @param score `[nRows]`, higher = more positive
 * @throws {DataError} for a NaN, naming the row, and where there is no positive row
 */
export function precisionRecallCurve(
  y: ArrayLike<number>,
  score: ArrayLike<number>,
): readonly PrecisionRecallPoint[] {
  checkScores('precision recall curve', y, score);
  const { order, ends } = tieGroups(score);
  let positives = 0;
  for (let i = 0; i < y.length; i++) positives += y[i];
  if (positives === 0) {
    throw new DataError('precision recall curve: is undefined for these rows, it needs a positive row');
  }
  const points: PrecisionRecallPoint[] = [];
  let tp = 0;
  for (let g = ends.length - 1; g >= 0; g--) {
    const start = g === 0 ? 0 : ends[g - 1];
    for (let i = start; i < ends[g]; i++) tp += y[order[i]];
    points.push({
      recall: tp / positives,
      precision: tp / (y.length - start),
      threshold: score[order[ends[g] - 1]],
    });
    if (tp === positives) break;
  }
  return thinPoints(points.map((point) => point.recall)).map((k) => points[k]);
}
