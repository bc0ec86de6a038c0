import { ConfigError } from '../../core/errors.js';
import type { VersionedRecord } from '../../core/record.js';
import { checkOneOf, mergeParams } from '../params.js';
import { autoEts, type EtsModel } from './ets.js';
import type { Forecaster } from './forecaster.js';
import { ses, type SesModel } from './ses.js';
import { adviseTrendWindow, nextOdd, stl } from './stl.js';
import { autoTheta, type ThetaModel } from './theta.js';

/** What forecasts the series without its seasons. */
export type TrendForecaster = 'ses' | 'theta' | 'ets';

export interface MstlParams {
  /** Steps in each cycle, whole numbers of at least 2, all different. */
  readonly periods: readonly number[];
  /** Weigh outliers down in every decomposition; slower by far. */
  readonly robust: boolean;
  /** Cycles over which each season is smoothed, odd; `null` for 11, 15, 19, … from the shortest period on. */
  readonly seasonalWindow: number | null;
  readonly trendForecaster: TrendForecaster;
}

/** The last cycle of every season and a model of the rest. */
export interface MstlModel {
  readonly kind: 'mstl';
  readonly format: 1;
  /** One per period that the series holds twice, each `[period]`, oldest first. */
  readonly cycles: readonly Float64Array[];
  readonly rest: SesModel | ThetaModel | EtsModel;
}

/** Seasons of several periods and what is left of the series. */
export interface Seasons {
  /** `[periods][n]` in the order of the periods. */
  readonly seasons: readonly Float64Array[];
  /** `[n]`, trend and remainder. */
  readonly rest: Float64Array;
}

const defaults: MstlParams = { periods: [], robust: false, seasonalWindow: null, trendForecaster: 'ets' };

/**
 * Multiple seasonal-trend decomposition (Bandara, Hyndman & Bergmeir 2021): the series without its seasons is
 * forecast by exponential smoothing or theta, the last cycle of every season is added. A period that the series
 * does not hold twice is left out.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 */
export function mstl(given: Partial<MstlParams> = {}): Forecaster<MstlModel> {
  const params = mergeParams('mstl', defaults, given);
  checkParams(params);
  const inner = trendForecaster(params.trendForecaster);
  return {
    kind: 'mstl',
    params: { ...params, periods: [...params.periods] },
    fit: (y) => {
      const periods = usablePeriods(params.periods, y.length);
      const { seasons, rest } = findSeasons(y, periods, params);
      const cycles = seasons.map((season, i) => season.slice(y.length - periods[i]));
      return Object.freeze({ kind: 'mstl', format: 1, cycles, rest: inner.fit(rest) });
    },
    forecast: ({ cycles, rest }, horizon) => {
      const out = inner.forecast(rest, horizon);
      for (const cycle of cycles) for (let i = 0; i < horizon; i++) out[i] += cycle[i % cycle.length];
      return out;
    },
  };
}

function checkParams(params: MstlParams): void {
  const { periods, seasonalWindow } = params;
  for (const period of periods) {
    if (!Number.isInteger(period) || period < 2) {
      throw new ConfigError(`periods=${periods.join(', ')} must be whole numbers of at least 2`);
    }
  }
  if (new Set(periods).size < periods.length) {
    throw new ConfigError(`periods=${periods.join(', ')} must be all different`);
  }
  if (seasonalWindow !== null && (seasonalWindow % 2 !== 1 || seasonalWindow < 3)) {
    throw new ConfigError(`seasonalWindow=${seasonalWindow} must be an odd whole number of at least 3`);
  }
  checkOneOf(params, 'trendForecaster', ['ses', 'theta', 'ets']);
}

/** Shortest first, as the decomposition takes them out. */
function usablePeriods(periods: readonly number[], n: number): number[] {
  return periods.filter((period) => 2 * period <= n).sort((a, b) => a - b);
}

/**
 * Takes out one season after the other by STL, twice where there are several, so that each is found without the
 * others.
 * @param periods ascending, each at most n/2
 */
export function findSeasons(
  y: Float64Array,
  periods: readonly number[],
  { robust, seasonalWindow }: Pick<MstlParams, 'robust' | 'seasonalWindow'>,
): Seasons {
  const rest = y.slice();
  const seasons: Float64Array[] = periods.map(() => new Float64Array(y.length));
  for (let round = 0; round < Math.min(periods.length, 2); round++) {
    periods.forEach((period, i) => {
      const window = seasonalWindow ?? 11 + 4 * i;
      add(rest, seasons[i], 1);
      // Long windows are smooth: a tenth of their points will do, as in R.
      const { seasonal } = stl(rest, {
        period,
        robust,
        seasonalWindow: window,
        seasonalDegree: 0,
        trendJump: Math.ceil(adviseTrendWindow(period, window) / 10),
        lowPassJump: Math.ceil(nextOdd(period + 1) / 10),
      });
      seasons[i] = seasonal;
      add(rest, seasonal, -1);
    });
  }
  return { seasons, rest };
}

function add(target: Float64Array, values: Float64Array, sign: 1 | -1): void {
  for (let i = 0; i < target.length; i++) target[i] += sign * values[i];
}

/** The inner models are told apart by the parameter, so one type stands for all of them here. */
function trendForecaster(name: TrendForecaster): Forecaster<VersionedRecord & MstlModel['rest']> {
  const forecasters = { ses, theta: () => autoTheta({ period: 1 }), ets: () => autoEts({ period: 1 }) };
  return forecasters[name]();
}
