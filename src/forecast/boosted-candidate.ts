import { denseColumn, eventColumns } from '../core/calendar/event-columns.js';
import type { CalendarEvent } from '../core/calendar/events.js';
import { createRng } from '../core/rng.js';
import type { Frequency } from '../core/time-grid.js';
import { boostedLags } from '../learners/forecast/boosted-lags/boosted-lags.js';
import { forecastBoostedLags } from '../learners/forecast/boosted-lags/forecast.js';
import type { SeriesPanel } from '../learners/forecast/boosted-lags/panel.js';
import type { BoostedLagsParams } from '../learners/forecast/boosted-lags/params.js';
import type { ForecastContext } from './context.js';
import type { BacktestSetting, SeriesForecasts } from './backtest.js';
import type { Panel, PanelSeries } from './panel.js';
import { periodsOf, type Periods } from './seasons.js';

/** What the series of a panel learn from each other needs this many series, and points in all. */
const leastSeries = 8;
const leastPoints = 1_000;
/** A longer cycle than this is the calendar's. */
const longestSeason = 400;

/**
 * The candidates of every series, and one that is fitted over all of them. For the backtests it is fitted on what
 * lies before the first window of each series, so that no window's truth is in it; for the forecast on everything.
 * Series of another frequency than most, and those that fell back, go without.
 */
export async function addBoostedLags(
  panel: Panel,
  forecasts: readonly SeriesForecasts[],
  { horizon, detected, events }: BacktestSetting,
  { pool, progress, signal }: ForecastContext,
): Promise<SeriesForecasts[]> {
  const result = [...forecasts];
  const members = membersOf(panel, forecasts);
  const series = members.map((k) => panel.series[k]);
  const points = series.reduce((sum, { y }) => sum + y.length, 0);
  if (series.length < leastSeries || points < leastPoints) return result;
  const lengths = series.map(({ y }) => y.length).sort((a, b) => a - b);
  const params = paramsFor(series[0].grid.frequency, detected, lengths[lengths.length >> 1], horizon);
  const stage = progress.stage('learning across series', 2);
  try {
    const fit = async (of: readonly PanelSeries[]) => {
      const model = await boostedLags(params).fit(withEvents(of, events, horizon), {
        rng: createRng(0),
        threads: pool.threads,
        ...(signal && { signal }),
      });
      stage.advance();
      return model;
    };
    const early = await fit(members.map((k) => until(panel.series[k], forecasts[k].origins[0])));
    const late = await fit(series);
    const final = forecastBoostedLags(late, withEvents(series, events, horizon), horizon);
    const windows: Float64Array[][] = members.map(() => []);
    const most = Math.max(...members.map((k) => forecasts[k].origins.length));
    for (let w = 0; w < most; w++) {
      const judged = [...members.keys()].filter((i) => w < forecasts[members[i]].origins.length);
      const seen = judged.map((i) => until(series[i], forecasts[members[i]].origins[w]));
      forecastBoostedLags(early, withEvents(seen, events, horizon), horizon).forEach(
        (path, j) => (windows[judged[j]][w] = path),
      );
    }
    members.forEach((k, i) => {
      result[k] = withCandidate(forecasts[k], windows[i], final[i]);
    });
    return result;
  } finally {
    stage.done();
  }
}

/** Series of one frequency, the most common one, that can be judged. */
function membersOf({ series }: Panel, forecasts: readonly SeriesForecasts[]): number[] {
  const groups = new Map<string, number[]>();
  series.forEach(({ grid }, k) => {
    if (forecasts[k].origins.length === 0 || forecasts[k].fallback !== undefined) return;
    const key = JSON.stringify(grid.frequency);
    const group = groups.get(key) ?? [];
    group.push(k);
    groups.set(key, group);
  });
  return [...groups.values()].reduce<number[]>(
    (best, group) => (group.length > best.length ? group : best),
    [],
  );
}

function until({ grid, y }: PanelSeries, origin: number): PanelSeries {
  return { id: '', isCalendar: true, grid, y: y.subarray(0, origin) };
}

/** A column for each phase of each event; series that begin together share them. */
function withEvents(
  series: readonly PanelSeries[],
  events: readonly CalendarEvent[],
  horizon: number,
): SeriesPanel {
  if (events.length === 0) return { series };
  const longest = Math.max(...series.map(({ y }) => y.length)) + horizon;
  const known = new Map<number, readonly Float64Array[]>();
  const columns = series.map(({ grid }) => {
    const held = known.get(grid.start);
    if (held !== undefined) return held;
    const dense = eventColumns(events, grid, 0, longest).map((column) => denseColumn(column, longest));
    known.set(grid.start, dense);
    return dense;
  });
  const names = eventColumns(events, series[0].grid, 0, 1).map(({ name }) => name);
  return {
    series,
    events: Object.fromEntries(names.map((name, e) => [name, columns.map((dense) => dense[e])])),
  };
}

function paramsFor(
  frequency: Frequency,
  detected: Periods,
  n: number,
  horizon: number,
): Partial<BoostedLagsParams> {
  const seasons = periodsOf(frequency, detected, n)
    .map(Math.round)
    .filter((period) => period <= longestSeason && 3 * period <= n);
  const [short = 1, long = short] = seasons;
  const near = Array.from({ length: Math.min(7, Math.max(short, 4)) }, (_, i) => i + 1);
  return {
    horizon,
    seasons,
    history: seasons.length > 1 ? 3 * long : Math.max(12, short <= 7 ? 16 * short : 3 * short),
    windows:
      seasons.length > 1 ? [short, long] : short > 1 ? [short, short <= 7 ? 4 * short : 2 * short] : [3, 6],
    lags: near,
    minHistory: seasons.length > 1 ? long : Math.max(6, short <= 7 ? 3 * short : short + 2),
    objective: 'absolute-error',
  };
}

function withCandidate(
  series: SeriesForecasts,
  windows: readonly Float64Array[],
  final: Float64Array,
): SeriesForecasts {
  const held = (path: Float64Array): Float64Array =>
    series.isNonNegative ? path.map((value) => Math.max(value, 0)) : path;
  return {
    ...series,
    names: [...series.names, 'boosted-lags'],
    backtests: series.backtests.map((paths, w) => [...paths, held(windows[w].slice(0, series.judged))]),
    final: [...series.final, held(final)],
  };
}
