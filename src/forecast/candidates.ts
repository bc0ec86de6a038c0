import { fourierColumns, type FourierSeason } from '../learners/forecast/fourier.js';
import {
  fitLagRegressions,
  forecastLagRegression,
  lagRegressionParams,
} from '../learners/forecast/lag-regression.js';
import { fitSeasonalSmoothings, forecastSeasonalSmoothing } from '../learners/forecast/seasonal-smoothing.js';
import { autoEts } from '../learners/forecast/ets.js';
import { croston } from '../learners/forecast/croston.js';
import { drift as driftForecaster } from '../learners/forecast/drift.js';
import type { Forecaster } from '../learners/forecast/forecaster.js';
import { naive as naiveForecaster } from '../learners/forecast/naive.js';
import { seasonalNaive } from '../learners/forecast/seasonal-naive.js';
import { forecastSeasonal } from '../learners/forecast/seasonal/forecast.js';
import type { DesignCache } from '../learners/forecast/seasonal/prepared.js';
import { seasonalForecaster } from '../learners/forecast/seasonal/seasonal-forecaster.js';
import { ses } from '../learners/forecast/ses.js';
import { stl } from '../learners/forecast/stl.js';
import { theta } from '../learners/forecast/theta.js';
import { tsb } from '../learners/forecast/tsb.js';
import { denseColumn, eventColumns } from '../core/calendar/event-columns.js';
import type { CalendarEvent } from '../core/calendar/events.js';
import type { VersionedRecord } from '../core/record.js';
import { absoluteStep, shiftGrid, type TimeGrid } from '../core/time-grid.js';
import { backWithinReach, levelScale, logScale, type Scale } from './scale.js';
import type { Periods } from './seasons.js';

/** What candidates read. */
export interface CompleteSeries {
  /** Complete: gaps are filled. */
  readonly y: Float64Array;
  /** Cycles it may have, ascending. */
  readonly periods: Periods;
  readonly grid: TimeGrid;
  /** What is known to happen on certain days. */
  readonly events: readonly CalendarEvent[];
}

/** A way to forecast a series. */
export interface Candidate {
  readonly name: string;
  /**
   * @param origins ascending; the forecast from an origin depends on `y[0 .. origin)` alone
   * @returns per origin `[horizon]`
   */
  forecast(series: CompleteSeries, origins: readonly number[], horizon: number): Float64Array[];
}

/**
 * A forecaster of complete series, fitted anew at each origin.
 * @param points what it sees at most, the newest
 */
function refitted<Model extends VersionedRecord>(
  name: string,
  forecaster: Forecaster<Model>,
  points = Infinity,
): Candidate {
  return {
    name,
    forecast: ({ y }, origins, horizon) =>
      origins.map((o) =>
        forecaster.forecast(forecaster.fit(y.subarray(Math.max(0, o - points), o)), horizon),
      ),
  };
}

type Method = (
  z: Float64Array,
  origins: readonly number[],
  horizon: number,
  series: CompleteSeries,
) => Float64Array[];

/** A method on one of the scales, its forecasts brought back. */
function onScale(name: string, scale: Scale, method: Method): Candidate {
  return {
    name,
    forecast(series, origins, horizon) {
      const z = series.y.map(scale.to);
      return method(z, origins, horizon, series).map((forecast, k) =>
        backWithinReach(scale, z, origins[k], forecast),
      );
    },
  };
}

function smoothing(periods: readonly number[]): Method {
  return (z, origins, horizon) =>
    fitSeasonalSmoothings(z, periods, origins, horizon).map((model) =>
      forecastSeasonalSmoothing(model, horizon),
    );
}

function autoregression(lags: readonly number[], difference: number, l2Regularization: number): Method {
  const params = lagRegressionParams({ lags, difference, l2Regularization });
  return (z, origins, horizon) =>
    fitLagRegressions(z, [], origins, params).map((model) => forecastLagRegression(model, horizon));
}

/** Lags, waves and events. */
function harmonicRegression(
  lags: readonly number[],
  seasons: readonly FourierSeason[],
  l2Regularization: number,
): Method {
  const params = lagRegressionParams({ lags, difference: 0, l2Regularization });
  return (z, origins, horizon, { grid, events }) => {
    const length = z.length + horizon;
    const known = [
      ...fourierColumns(seasons, absoluteStep(grid), length),
      ...feltEvents(events, grid, origins[0], length),
    ];
    return fitLagRegressions(z, known, origins, params).map((model, k) =>
      forecastLagRegression(model, horizon, known, origins[k]),
    );
  };
}

/** The events that were felt before `until`: of others, nothing can be learned. */
function feltEvents(
  events: readonly CalendarEvent[],
  grid: TimeGrid,
  until: number,
  length: number,
): Float64Array[] {
  return eventColumns(events, grid, 0, length)
    .filter(({ rows }) => rows.length > 0 && rows[0] < until)
    .map((column) => denseColumn(column, length));
}

/** Cycles over which the season of a decomposition moves. */
const seasonalWindow = 35;

/** The season by STL goes on as in its last cycle, the rest by exponential smoothing. */
function decomposition(period: number): Method {
  return (z, origins, horizon) =>
    origins.map((o) => {
      const past = z.subarray(0, o);
      if (o < 2 * period) return new Float64Array(horizon).fill(past[o - 1]);
      const { seasonal } = stl(past, {
        period,
        seasonalWindow,
        seasonalDegree: 0,
        seasonalJump: 4,
        trendJump: Math.ceil(period / 2),
        lowPassJump: Math.ceil(period / 4),
      });
      const level = ses();
      const rest = level.forecast(level.fit(past.map((value, t) => value - seasonal[t])), horizon);
      return rest.map((value, h) => value + seasonal[o - period + (h % period)]);
    });
}

/** Points of a short history: all that theta sees, and up to which a search for a form of smoothing is worth its time. */
const shortHistory = 400;

/** Lengths differ by this share, so that series of nearly the same length share a design. */
const lengthStep = 1.04;

/** Trend, cycles and events. */
function trendAndCycles(designs: DesignCache): Candidate {
  return {
    name: 'seasonal-forecaster',
    forecast({ y, grid, events }, origins, horizon) {
      const forecaster = seasonalForecaster({ events });
      return origins.map((o) => {
        const length = Math.min(o, Math.floor(lengthStep ** Math.floor(Math.log(o) / Math.log(lengthStep))));
        const model = forecaster.fit(
          { y: y.slice(o - length, o), grid: shiftGrid(grid, o - length) },
          designs,
        );
        return backWithinReach(levelScale, y, o, forecastSeasonal(model, horizon));
      });
    },
  };
}

/**
 * The ways to forecast series with these cycles. Methods that react to a shift of the level stand beside those that
 * trust the long run, on the logarithm and on the level: which of them a series needs is for its backtests to say.
 * @param y tells the scales
 * @param designs kept from one series to the next
 */
export function candidatesFor(y: Float64Array, periods: Periods, designs: DesignCache): Candidate[] {
  const [short = 1] = periods;
  const season = Math.round(short);
  // A year of days is no multiple of a week: smoothing and lags leave it to the waves.
  const cycles = periods.map(Math.round).filter((period) => period % season === 0 && period <= y.length / 3);
  const logarithm = logScale(y);
  const main = logarithm ?? levelScale;
  const scaled = (name: string, method: Method): Candidate => onScale(name, main, method);
  const both = (name: string, method: Method): Candidate[] =>
    logarithm === undefined
      ? [scaled(name, method)]
      : [scaled(`${name}-log`, method), onScale(`${name}-level`, levelScale, method)];
  const lags = lagsFor(periods);
  const list: Candidate[] = [
    refitted('naive', naiveForecaster()),
    refitted('drift', driftForecaster()),
    refitted('theta', theta({ period: season }), Math.max(shortHistory, 4 * season)),
  ];
  if (cycles.length < 2) list.push(trendAndCycles(designs));
  // What they find in longer series, others find in a tenth of the time.
  if (y.length <= shortHistory) list.push(refitted('exponential-smoothing', autoEts({ period: season })));
  if (season > 1) list.push(refitted('seasonal-naive', seasonalNaive({ period: season })));
  if (isIntermittent(y)) {
    list.push(refitted('croston', croston({ variant: 'sba' })), refitted('tsb', tsb()));
  }
  if (cycles.length === 1) list.push(scaled('decomposition', decomposition(season)));
  list.push(
    ...both('smoothing', smoothing(cycles)),
    ...both('seasonal-autoregression', autoregression(lags, season, 0.01)),
    scaled('autoregression', autoregression(lags, 0, 0.01)),
  );
  if (season > 1) list.push(scaled('integrated-autoregression', autoregression(lags, 1, 0.03)));
  list.push(scaled('harmonic-regression', harmonicRegression(fewLagsFor(periods), wavesFor(periods), 0.005)));
  return list;
}

/** From this share of zeros on, when something happens matters as much as how much. */
const intermittentZeros = 0.3;

function isIntermittent(y: Float64Array): boolean {
  let zeros = 0;
  for (const value of y) {
    if (value < 0) return false;
    if (value === 0) zeros++;
  }
  return zeros >= intermittentZeros * y.length && zeros < y.length;
}

/** Lags that catch the last steps, and the same time one or more cycles ago with its neighbours. */
function lagsFor(periods: Periods): number[] {
  const [short, long] = periods.map(Math.round);
  if (short === undefined) return [1, 2, 3];
  // Two days, or two working weeks, are still near.
  if (short <= 5) return [...range(1, short + 1), 2 * short];
  if (short <= 9) return [...range(1, 2 * short), 3 * short, 4 * short, 5 * short];
  if (short <= 20) return [...range(1, 6), ...range(short - 1, short + 1), 2 * short];
  // A year of weeks, with its quarter and half.
  if (long === undefined) {
    const parts = [short / 4, short / 2].map(Math.round);
    return distinct([...range(1, 8), ...parts, short, short + 1]);
  }
  const around = [
    ...range(1, 7),
    ...range(short - 2, short + 2),
    ...range(2 * short - 1, 2 * short + 1),
    ...range(3 * short - 1, 3 * short),
    4 * short,
    5 * short,
    ...range(6 * short - 1, 6 * short + 1),
    ...range(long - 1, long + 2),
    long + short,
  ];
  return distinct(around.filter((lag) => lag <= long + short));
}

/** Beside waves, lags need only carry what is near. */
function fewLagsFor(periods: Periods): number[] {
  const [short, long] = periods.map(Math.round);
  if (short === undefined) return [1, 2];
  if (short <= 5) return distinct([1, 2, short]);
  if (short <= 9) return [1, 2, 3, short - 1, short, short + 1, 2 * short];
  if (short <= 20) return [1, 2, 3, short];
  if (long === undefined) return [1, 2, 3, 4];
  return distinct([1, 2, 3, ...range(short - 1, short + 1), ...range(long - 1, long + 1), long + short]);
}

/** A year has few clear waves, a day or a week within it many. */
function wavesFor(periods: Periods): FourierSeason[] {
  return periods.map((period) => {
    const isYear = (period > 40 && period < 60) || (period > 200 && period < 400);
    return { period, order: Math.min(Math.floor(period / 2), isYear ? 5 : period > 100 ? 20 : 10) };
  });
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i).filter((lag) => lag >= 1);
}

function distinct(values: readonly number[]): number[] {
  return [...new Set(values)].sort((a, b) => a - b);
}
