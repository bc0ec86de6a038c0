import { DataError } from '../../../core/errors.js';
import type { Rng } from '../../../core/rng.js';
import { gradientBoosting } from '../../gbm/gradient-boosting.js';
import type { BoostedLagsModel } from './model.js';
import { boostedLagsParams, boostingParamsOf, type BoostedLagsParams } from './params.js';
import { checkPanel, knownPoints, type SeriesPanel } from './panel.js';
import { lagPlan } from './plan.js';
import { trainingRows } from './training-rows.js';

export interface BoostedLagsFitOptions {
  readonly rng: Rng;
  /** Threads that work on the fit, 1 when left out; no result depends on it. */
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Time of the last point that may be looked at (embargo for backtests); the end of every series when left out. */
  readonly until?: number;
}

/** An unfitted global forecaster: parameters and nothing else. */
export interface BoostedLags {
  readonly kind: 'boosted-lags';
  readonly params: BoostedLagsParams;
  fit(panel: SeriesPanel, options: BoostedLagsFitOptions): Promise<BoostedLagsModel>;
}

/**
 * One booster for all series, direct over the horizon with the step as a feature (Montero-Manso & Hyndman 2021 on
 * global models; the form of Januschowski et al. 2022, "Forecasting with trees"). Features are lags, seasonal values,
 * means and deviations of the window before the origin, scaled by its mean and mean absolute deviation; the calendar
 * and events at the target; attributes; columns known at the origin. Missing values stay missing: trees route them.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const grid = { frequency: { unit: 'millisecond', step: 86_400_000 }, start: 0 } as const;
 * const y = Float64Array.from({ length: 200 }, (_, i) => 10 + (i % 7));
 * const panel = { series: [{ y, grid }] };
 * const model = await boostedLags({ horizon: 7 }).fit(panel, { rng: createRng(1) });
 * forecastBoostedLags(model, panel, 7)[0].length // 7
 */
export function boostedLags(given: Partial<BoostedLagsParams> = {}): BoostedLags {
  const params = boostedLagsParams(given);
  return { kind: 'boosted-lags', params, fit: (panel, options) => fit(params, panel, options) };
}

async function fit(
  params: BoostedLagsParams,
  panel: SeriesPanel,
  options: BoostedLagsFitOptions,
): Promise<BoostedLagsModel> {
  const { rng, threads, signal, onProgress, until } = options;
  const known = knownPoints(panel, until);
  checkPanel(panel, known, 0);
  const isNegative = panel.series.some(({ y }, s) => y.subarray(0, known[s]).some((value) => value < 0));
  const isRatio = params.objective === 'tweedie' || params.objective === 'poisson';
  if (isRatio && isNegative) {
    throw new DataError(`objective=${params.objective} forecasts means of values that are not negative`);
  }
  const how = {
    transform: isNegative ? 'identity' : 'log1p',
    target: isRatio ? 'ratio' : 'difference',
  } as const;
  const plan = lagPlan(params, panel);
  const { X, y } = trainingRows(params, panel, plan, known, how);
  if (X.nRows === 0) {
    throw new DataError(
      `no series has a known value after its first minHistory=${params.minHistory} points; lower it or give longer series`,
    );
  }
  const booster = await gradientBoosting(boostingParamsOf(params)).fit(X, y, {
    rng,
    ...(threads !== undefined && { threads }),
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  });
  return Object.freeze({ kind: 'boosted-lags', format: 1, plan, ...how, booster });
}
