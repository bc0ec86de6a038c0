import { timeAt } from '../../../core/time-grid.js';
import { calendarFeatures } from './calendar.js';
import type { SeriesPanel } from './panel.js';
import { originFeatureNames, periodsBack, targetFeatureNames, type LagPlan } from './plan.js';
import { originFeatures, targetFeatures, type Window } from './window.js';

/** Makes the features of targets, one origin after the other. */
export interface FeatureWriter {
  /** Goes to the origin whose last known point is `end - 1` of series `s`, already read into `window`. */
  moveTo(s: number, end: number): void;
  /** Features of the target `step` steps after that point, `[nFeatures]`; overwritten by the next call. */
  at(step: number): Float64Array;
}

/** A writer of the features of a panel, in the order of `featureNames(plan)`. */
export function featureWriter(panel: SeriesPanel, plan: LagPlan, window: Window): FeatureWriter {
  const { attributes = {}, dynamic = {}, events = {} } = panel;
  const nTarget = targetFeatureNames(plan).length;
  const nOrigin = originFeatureNames(plan).length;
  const eventRows = plan.events.map((name) => events[name]);
  const season = plan.seasons.length > 0 ? plan.seasons[0] : 0;
  const nOther =
    plan.calendar.length +
    plan.events.length * (season > 0 ? 2 : 1) +
    plan.attributes.length +
    plan.dynamic.length;
  const row = new Float64Array(nTarget + nOrigin + nOther + 1);
  let series = 0;
  let origin = 0;
  return {
    moveTo(s, end) {
      series = s;
      origin = end;
      originFeatures(window, plan, row, nTarget);
    },
    at(step) {
      targetFeatures(window, plan, step, row, 0);
      const place = origin - 1 + step;
      let at = calendarFeatures(
        plan.calendar,
        timeAt(panel.series[series].grid, place),
        row,
        nTarget + nOrigin,
      );
      for (const rows of eventRows) row[at++] = rows[series][place];
      if (season > 0) {
        const before = place - season * periodsBack(step, season);
        for (const rows of eventRows) row[at++] = before >= 0 ? rows[series][before] : NaN;
      }
      for (const name of plan.attributes) row[at++] = attributes[name][series];
      for (const name of plan.dynamic) row[at++] = origin > 0 ? dynamic[name][series][origin - 1] : NaN;
      row[at] = step;
      return row;
    },
  };
}
