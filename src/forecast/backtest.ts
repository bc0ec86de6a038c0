import type { CalendarEvent } from '../core/calendar/events.js';
import { shiftGrid } from '../core/time-grid.js';
import type { DesignCache } from '../learners/forecast/seasonal/prepared.js';
import { candidatesFor, type Candidate } from './candidates.js';
import { backtestsOf } from './origins.js';
import type { PanelSeries } from './panel.js';
import { periodsOf, type Periods } from './seasons.js';

/** What every candidate says of one series: from each backtest origin, and from its end. */
export interface SeriesForecasts {
  readonly names: readonly string[];
  /** Points of the series, missing ones included. */
  readonly nPoints: number;
  /** `[nWindows]` points that were seen before each backtest window. */
  readonly origins: readonly number[];
  /** Steps judged after each backtest origin, 0 where there is none. */
  readonly judged: number;
  /** `[nWindows][nCandidates][judged]` */
  readonly backtests: readonly (readonly Float64Array[])[];
  /** `[nWindows][judged]` what came, NaN where missing. */
  readonly actual: readonly Float64Array[];
  /** `[nCandidates][horizon]` */
  readonly final: readonly Float64Array[];
  /** How much the series moved of late, before its end and before each backtest origin: the unit of its errors. */
  readonly unit: number;
  /** `[nWindows]` */
  readonly units: readonly number[];
  /** No value of the past was negative, so no forecast is. */
  readonly isNonNegative: boolean;
  /** Why the series is forecast by less than the candidates, in words. */
  readonly fallback?: string;
}

/** Fewer points than this tell nothing but their last value. */
const leastPoints = 5;
/** Older points than this many say nothing about the next ones that newer ones do not. */
const longestHistory = 20_000;

/** What the series of a job have in common. */
export interface BacktestSetting {
  readonly horizon: number;
  /** Cycles of series without a calendar. */
  readonly detected: Periods;
  readonly events: readonly CalendarEvent[];
}

/**
 * Forecasts one series with every candidate, from its end and from its backtest origins.
 * @param designs kept from one series to the next
 */
export function backtestSeries(
  series: PanelSeries,
  { horizon, detected, events }: BacktestSetting,
  designs: DesignCache,
): SeriesForecasts {
  const y = series.y.length > longestHistory ? series.y.subarray(-longestHistory) : series.y;
  const dropped = series.y.length - y.length;
  const n = y.length;
  const periods = periodsOf(series.grid.frequency, detected, n);
  const season = Math.round(periods[0] ?? 1);
  const complete = withoutGaps(y, season);
  const { origins, horizon: judged } = backtestsOf(n, horizon, season);
  const fallback = fallbackReason(complete, n, horizon, origins.length);
  const isNonNegative = complete.every((value) => value >= 0);
  const isPlain = n < leastPoints || isConstant(complete);
  const all = candidatesFor(complete, periods, designs);
  const candidates: Candidate[] = isPlain ? all.filter(({ name }) => name === 'naive') : all;
  const from = [...origins, n];
  const grid = shiftGrid(series.grid, dropped);
  const forecasts = candidates.map((candidate) =>
    candidate
      .forecast({ y: complete, periods, grid, events }, from, horizon)
      .map((path) => (isNonNegative ? path.map((value) => Math.max(value, 0)) : path)),
  );
  return {
    names: candidates.map(({ name }) => name),
    nPoints: series.y.length,
    origins: origins.map((origin) => origin + dropped),
    judged,
    backtests: origins.map((_, k) => forecasts.map((paths) => paths[k].slice(0, judged))),
    actual: origins.map((origin) => y.slice(origin, origin + judged)),
    final: forecasts.map((paths) => paths[origins.length]),
    unit: recentMovement(complete, season),
    units: origins.map((origin) => recentMovement(complete.subarray(0, origin), season)),
    isNonNegative,
    ...(fallback !== undefined && { fallback }),
  };
}

function fallbackReason(y: Float64Array, n: number, horizon: number, windows: number): string | undefined {
  if (n === 1) return 'one value: it is repeated';
  if (isConstant(y)) return y[0] === 0 ? 'all values are 0' : 'all values are equal';
  if (n < leastPoints) return `${n} values: the last one is repeated`;
  if (windows === 0) return `${n} points: too few to compare methods on, all count alike`;
  if (horizon > n) return `the horizon of ${horizon} is longer than the history of ${n} points`;
  return undefined;
}

function isConstant(y: Float64Array): boolean {
  return y.every((value) => value === y[0]);
}

/** Longest season whose last cycle stands for a missing point; of a longer one, the level has moved on. */
const longestRepeat = 31;

/**
 * Gaps filled by the value of one season before, or the last one: from the past alone, so that no backtest sees what
 * came after its origin.
 */
function withoutGaps(y: Float64Array, season: number): Float64Array {
  const complete = y.slice();
  const lag = season <= longestRepeat ? season : 1;
  for (let t = 1; t < complete.length; t++) {
    if (Number.isNaN(complete[t])) complete[t] = complete[t >= lag ? t - lag : t - 1];
  }
  return complete;
}

/** Least points, and seasons, over which movement is measured. */
const recentPoints = 12;
const recentSeasons = 4;

/** Mean absolute difference to one season before, over the recent half of the history; above 0. */
function recentMovement(y: Float64Array, season: number): number {
  const n = y.length;
  const lag = n > season ? season : 1;
  const from = Math.max(lag, Math.min(Math.floor(n / 2), n - recentPoints, n - recentSeasons * season));
  let total = 0;
  for (let t = from; t < n; t++) total += Math.abs(y[t] - y[t - lag]);
  const movement = total / Math.max(n - from, 1);
  if (movement > 0) return movement;
  const size = y.reduce((sum, value) => sum + Math.abs(value), 0) / n;
  return size > 0 ? size : 1;
}
