import { checkInteger, mergeParams } from '../params.js';
import type { Forecaster } from './forecaster.js';

export interface SeasonalNaiveParams {
  /** Steps in a cycle, whole and at least 1. */
  readonly period: number;
}

/** The last cycle of the series. */
export interface SeasonalNaiveModel {
  readonly kind: 'seasonal-naive';
  readonly format: 1;
  /** `[period]`, oldest first; only the last value when the series is shorter than one cycle. */
  readonly cycle: Float64Array;
}

/**
 * The value of one cycle ago, for ever. A series shorter than one cycle repeats its last value.
 *
 * @throws {ConfigError} when the period is missing or not a whole number of at least 1
 * @example
 * const forecaster = seasonalNaive({ period: 2 });
 * forecaster.forecast(forecaster.fit(Float64Array.of(1, 2, 3, 4)), 3) // [3, 4, 3]
 */
export function seasonalNaive(given: SeasonalNaiveParams): Forecaster<SeasonalNaiveModel> {
  const params = mergeParams('seasonal naive', { period: 0 }, given);
  checkInteger(params, 'period', 1, Number.MAX_SAFE_INTEGER);
  return { kind: 'seasonal-naive', params, fit: (y) => fit(params, y), forecast };
}

function fit({ period }: SeasonalNaiveParams, y: Float64Array): SeasonalNaiveModel {
  const length = y.length < period ? 1 : period;
  return Object.freeze({ kind: 'seasonal-naive', format: 1, cycle: y.slice(y.length - length) });
}

function forecast({ cycle }: SeasonalNaiveModel, horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, i) => cycle[i % cycle.length]);
}
