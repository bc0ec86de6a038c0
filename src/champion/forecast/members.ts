import { forecastBoostedLags } from '../../learners/forecast/boosted-lags/forecast.js';
import { dayRegressors, eventColumns, eventNames } from './calendar.js';
import { countsOf, fillByWeek, leastMovement, levelOf, logHistory, movementOf, week } from './history.js';
import type { ForecastChampion, ForecastRequest } from './model.js';

/** What the members need of a champion. */
export type MemberModels = Pick<
  ForecastChampion,
  'horizon' | 'history' | 'calendar' | 'boosted' | 'lags' | 'kols'
>;

/** What every member says, before they are blended. */
export interface MemberForecasts {
  /** `[nMembers][N][horizon]` log(1 + value), not negative; in the order of `members`. */
  readonly z: readonly Float64Array[];
  /** `[N]` how much each history moves from week to week, above 0. */
  readonly movement: Float64Array;
}

/** How far from its level a recursion may run: so many deviations, and a factor of e^2 beside. */
export const reach = { deviations: 6, constant: 2 };

/**
 * The forecasts of all members. A history without any value stands at the level that the tables know; a gap at the
 * latest known value of its weekday, or else at the mean of the history.
 */
export function memberForecasts(models: MemberModels, request: ForecastRequest): MemberForecasts {
  const { horizon, history: length, kols, calendar } = models;
  const { history, rows, start } = request;
  const n = rows.length;
  const names = eventNames(calendar);
  const local = new Float64Array(n * horizon);
  const naive = new Float64Array(n * horizon);
  const movement = new Float64Array(n);
  const series = [];
  const unknown = [];
  const events = names.map((): Float64Array[] => []);
  const days = new Map<number, { events: Float64Array[]; regressors: Float64Array }>();

  for (let i = 0; i < n; i++) {
    const row = rows[i];
    const z = logHistory(history, i * length, length);
    const fallback = { center: kols.level[row], scale: kols.spread[row] };
    const level = levelOf(z) ?? fallback;
    const moved = movementOf(z);
    movement[i] = Math.max(Number.isNaN(moved) ? kols.movement[row] : moved, leastMovement);
    fillByWeek(z, level.center);
    for (let h = 0; h < horizon; h++) naive[i * horizon + h] = z[length - week + (h % week)];

    let known = days.get(start[i]);
    if (known === undefined) {
      known = {
        events: eventColumns(calendar, start[i] - length, length + horizon),
        regressors: dayRegressors(calendar, start[i], horizon),
      };
      days.set(start[i], known);
    }
    localForecast(models, row, z, known.regressors, level, local.subarray(i * horizon, (i + 1) * horizon));
    known.events.forEach((column, e) => events[e].push(column));
    series.push({
      y: countsOf(history, i * length, length),
      grid: {
        frequency: { unit: 'millisecond', step: 86_400_000 },
        start: (start[i] - length) * 86_400_000,
      } as const,
    });
    unknown.push(fallback);
  }

  const panel = { series, events: Object.fromEntries(names.map((name, e) => [name, events[e]])) };
  const boosted = new Float64Array(n * horizon);
  forecastBoostedLags(models.boosted, panel, horizon, { unknown }).forEach((forecast, i) =>
    boosted.set(forecast.map(Math.log1p), i * horizon),
  );
  return { z: [boosted, local, naive], movement };
}

/** The regression's recursion over its own forecasts. */
function localForecast(
  { lags, kols, horizon, history: length }: MemberModels,
  row: number,
  filled: Float64Array,
  regressors: Float64Array,
  level: { center: number; scale: number },
  out: Float64Array,
): void {
  const nKnown = regressors.length / horizon;
  const coefficients = kols.coefficients.subarray(
    row * (nKnown + lags.length),
    (row + 1) * (nKnown + lags.length),
  );
  const center = kols.center[row];
  const path = new Float64Array(length + horizon);
  for (let t = 0; t < length; t++) path[t] = filled[t] - center;
  const far = reach.deviations * level.scale + reach.constant;
  for (let h = 0; h < horizon; h++) {
    let value = 0;
    for (let j = 0; j < nKnown; j++) value += coefficients[j] * regressors[h * nKnown + j];
    for (let j = 0; j < lags.length; j++) value += coefficients[nKnown + j] * path[length + h - lags[j]];
    path[length + h] = value;
    const held = Math.min(Math.max(value + center, level.center - far), level.center + far);
    out[h] = Math.max(held, 0);
  }
}
