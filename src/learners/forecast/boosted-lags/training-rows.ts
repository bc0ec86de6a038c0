import { Matrix } from '../../../core/matrix.js';
import { featureWriter } from './features.js';
import { transformed, type BoostedLagsModel } from './model.js';
import type { BoostedLagsParams } from './params.js';
import type { SeriesPanel } from './panel.js';
import { featureNames, type LagPlan } from './plan.js';
import { emptyWindow, readWindow, seasonalLevel } from './window.js';

const farthestTarget = 20;

/** A design matrix and its targets. */
export interface TrainingRows {
  readonly X: Matrix;
  readonly y: Float64Array;
}

/**
 * Rows of (origin, step) pairs, evenly over all origins of all series, so that their number is bounded whatever the
 * number of series; which ones depends on the lengths of the series alone. A row reads nothing after its origin but
 * its target and what is known beforehand, and its target lies within the known points.
 *
 * @param known `[nSeries]` points of each series that may be looked at
 */
export function trainingRows(
  params: BoostedLagsParams,
  panel: SeriesPanel,
  plan: LagPlan,
  known: Int32Array,
  how: Pick<BoostedLagsModel, 'transform' | 'target'>,
): TrainingRows {
  const { horizon, minHistory, maxRows } = params;
  const stepsPerOrigin = Math.min(params.stepsPerOrigin, horizon);
  const available = Array.from(known, (n) => Math.max(0, n - minHistory));
  const total = available.reduce((sum, count) => sum + count, 0);
  const nOrigins = Math.min(total, Math.max(1, Math.floor(maxRows / stepsPerOrigin)));
  const names = featureNames(plan);
  const columns = names.map(() => new Float32Array(nOrigins * stepsPerOrigin));
  const targets = new Float64Array(nOrigins * stepsPerOrigin);
  const window = emptyWindow(plan);
  const writer = featureWriter(panel, plan, window);

  let nRows = 0;
  let series = -1;
  let first = 0;
  let next = 0;
  let z: Float64Array = new Float64Array();
  for (let o = 0; o < nOrigins; o++) {
    const position = Math.floor(((o + 0.5) * total) / nOrigins);
    while (position >= next) {
      first = next;
      next += available[++series];
      if (position < next) z = transformed(panel.series[series].y, known[series], how.transform);
    }
    const end = minHistory + position - first;
    readWindow(window, plan, z, end);
    if (window.nKnown === 0) continue;
    writer.moveTo(series, end);
    const level = how.target === 'ratio' ? meanLevel(panel.series[series].y, end, plan.history) : 1;
    for (let k = 0; k < stepsPerOrigin; k++) {
      // Steps at equal distance, from another one on at every origin.
      const step = 1 + ((o + Math.floor((k * horizon) / stepsPerOrigin)) % horizon);
      const place = end - 1 + step;
      if (place >= known[series] || Number.isNaN(z[place])) continue;
      const row = writer.at(step);
      for (let j = 0; j < row.length; j++) columns[j][nRows] = row[j];
      targets[nRows++] =
        how.target === 'ratio'
          ? panel.series[series].y[place] / level
          : held((z[place] - window.center) / window.scale - seasonalLevel(window, plan, step));
    }
  }
  return {
    X: Matrix.fromColumns(
      columns.map((column) => column.subarray(0, nRows)),
      names,
    ),
    y: targets.subarray(0, nRows),
  };
}

/** A target within so many deviations: after a window that never moves, the smallest step is a million of them. */
function held(target: number): number {
  return Math.min(Math.max(target, -farthestTarget), farthestTarget);
}

/**
 * The level that ratios are taken to: the mean of the window, drawn towards a half by one value, so that a window of
 * zeros still has one. Made for counts.
 * @param y `[>= end]` not negative, NaN where missing
 */
export function meanLevel(y: ArrayLike<number>, end: number, history: number): number {
  let sum = 0.5;
  let n = 1;
  for (let i = Math.max(0, end - history); i < end; i++) {
    if (Number.isNaN(y[i])) continue;
    sum += y[i];
    n++;
  }
  return sum / n;
}
