import { checkScores } from './check-input.js';
import { maxCurvePoints } from './curve-points.js';
import { tieGroups } from './tie-groups.js';

/** What would be called positive from a threshold up. */
export interface ThresholdRow {
  readonly threshold: number;
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
}

/**
 * Counts over thresholds from the highest down, each at a score that occurs: about equally many rows lie between two of
 * them, so that the sparse top is drawn as finely as the crowded middle.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities or scores `[nRows]`
 * @throws {DataError} for a NaN, naming the row
 */
export function thresholdTable(y: ArrayLike<number>, p: ArrayLike<number>): readonly ThresholdRow[] {
  checkScores('threshold table', y, p);
  const { order, ends } = tieGroups(p);
  const nRows = y.length;
  let positives = 0;
  for (let i = 0; i < nRows; i++) positives += y[i];
  const table: ThresholdRow[] = [];
  let tp = 0;
  let next = 1;
  for (let g = ends.length - 1; g >= 0; g--) {
    const start = g === 0 ? 0 : ends[g - 1];
    for (let i = start; i < ends[g]; i++) tp += y[order[i]];
    const taken = nRows - start;
    if (taken < next && g > 0) continue;
    table.push({
      threshold: p[order[start]],
      tp,
      fp: taken - tp,
      tn: nRows - positives - (taken - tp),
      fn: positives - tp,
    });
    next = taken + nRows / maxCurvePoints;
  }
  return table;
}
