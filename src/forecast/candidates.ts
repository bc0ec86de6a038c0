import { fourierColumns, type FourierSeason } from '../learners/forecast/fourier.js';
import {
  fitLagRegressions,
  forecastLagRegression,
  lagRegressionParams,
} from '../learners/forecast/lag-regression.js';
import { fitSeasonalSmoothings, forecastSeasonalSmoothing } from '../learners/forecast/seasonal-smoothing.js';
import { backWithinReach, levelScale, logScale, type Scale } from './scale.js';
import type { Periods } from './seasons.js';

/** What candidates read. */
export interface CompleteSeries {
  /** Complete: gaps are filled. */
  readonly y: Float64Array;
  /** Cycles it may have, ascending. */
  readonly periods: Periods;
  /** `absoluteStep` of the first point. */
  readonly start: number;
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

const naive: Candidate = {
  name: 'naive',
  forecast: ({ y }, origins, horizon) => origins.map((o) => new Float64Array(horizon).fill(y[o - 1])),
};

const drift: Candidate = {
  name: 'drift',
  forecast: ({ y }, origins, horizon) =>
    origins.map((o) => {
      const slope = o < 2 ? 0 : (y[o - 1] - y[0]) / (o - 1);
      return Float64Array.from({ length: horizon }, (_, h) => y[o - 1] + (h + 1) * slope);
    }),
};

/** The value of one cycle before. */
function seasonalNaive(period: number, name: string): Candidate {
  return {
    name,
    forecast: ({ y }, origins, horizon) =>
      origins.map((o) =>
        o < period
          ? new Float64Array(horizon).fill(y[o - 1])
          : Float64Array.from({ length: horizon }, (_, h) => y[o - period + (h % period)]),
      ),
  };
}

type Method = (z: Float64Array, origins: readonly number[], horizon: number, start: number) => Float64Array[];

/** A method on one of the scales, its forecasts brought back. */
function onScale(name: string, scaleOf: (y: Float64Array) => Scale, method: Method): Candidate {
  return {
    name,
    forecast({ y, start }, origins, horizon) {
      const scale = scaleOf(y);
      const z = y.map(scale.to);
      return method(z, origins, horizon, start).map((forecast, k) =>
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

/** Lags and waves. */
function harmonicRegression(
  lags: readonly number[],
  seasons: readonly FourierSeason[],
  l2Regularization: number,
): Method {
  const params = lagRegressionParams({ lags, difference: 0, l2Regularization });
  return (z, origins, horizon, start) => {
    const waves = fourierColumns(seasons, start, z.length + horizon);
    return fitLagRegressions(z, waves, origins, params).map((model, k) =>
      forecastLagRegression(model, horizon, waves, origins[k]),
    );
  };
}

/**
 * The ways to forecast series with these cycles. Methods that react to a shift of the level stand beside those that
 * trust the long run, on the logarithm and on the level: which of them a series needs is for its backtests to say.
 * @param y tells the scales
 */
export function candidatesFor(y: Float64Array, periods: Periods): Candidate[] {
  const [short = 1] = periods;
  const season = Math.round(short);
  const cycles = periods.map(Math.round).filter((period) => period <= y.length / 3);
  const logarithm = logScale(y);
  const main = logarithm ?? levelScale;
  const scaled = (name: string, method: Method): Candidate => onScale(name, () => main, method);
  const both = (name: string, method: Method): Candidate[] =>
    logarithm === undefined
      ? [scaled(name, method)]
      : [scaled(`${name}-log`, method), onScale(`${name}-level`, () => levelScale, method)];
  const lags = lagsFor(periods);
  const list: Candidate[] = [naive, drift];
  if (season > 1) list.push(seasonalNaive(season, 'seasonal-naive'));
  list.push(
    ...both('smoothing', smoothing(cycles)),
    ...both('seasonal-autoregression', autoregression(lags, season, 0.01)),
    scaled('autoregression', autoregression(lags, 0, 0.01)),
  );
  if (season > 1) list.push(scaled('integrated-autoregression', autoregression(lags, 1, 0.03)));
  list.push(scaled('harmonic-regression', harmonicRegression(fewLagsFor(periods), wavesFor(periods), 0.005)));
  return list;
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
