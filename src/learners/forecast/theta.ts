import { checkInteger, checkOneOf, mergeParams } from '../params.js';
import {
  removeSeason,
  restoreSeason,
  seasonalIndices,
  type SeasonalIndices,
} from './classical-decomposition.js';
import type { Forecaster } from './forecaster.js';
import { isSeasonal } from './seasonality-test.js';
import { fitTheta, type ThetaFit } from './theta-fit.js';
import { advanceLine } from './theta-lines.js';
import { stateAfter, type ThetaState } from './theta-state.js';

/** θ = 2 or fitted, with one regression line or one that moves along with the series. */
export type ThetaVariant = 'standard' | 'optimised' | 'dynamic-standard' | 'dynamic-optimised';

export interface ThetaParams {
  /** Steps in a cycle, whole; 1 for a series without a season. */
  readonly period: number;
  readonly variant: ThetaVariant;
}

/** The state after the last value of the series without its season. */
export interface ThetaModel extends ThetaState {
  readonly kind: 'theta' | 'auto-theta';
  readonly format: 1;
  readonly variant: ThetaVariant;
  /** Values fitted on. */
  readonly n: number;
  readonly season: SeasonalIndices | null;
}

/**
 * The theta method as a state space model (Assimakopoulos & Nikolopoulos 2000; Fiorucci et al. 2016): exponential
 * smoothing plus a damped regression line. A season that passes a test is taken out by classical decomposition
 * first, multiplicative where the series allows it.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 */
export function theta(given: Partial<ThetaParams> & { readonly period: number }): Forecaster<ThetaModel> {
  const params = mergeParams<ThetaParams>('theta', { period: 0, variant: 'standard' }, given);
  checkInteger(params, 'period', 1, Number.MAX_SAFE_INTEGER);
  checkOneOf(params, 'variant', ['standard', 'optimised', 'dynamic-standard', 'dynamic-optimised']);
  return {
    kind: 'theta',
    params,
    fit: (y) => fit('theta', params.period, [params.variant], y),
    forecast,
  };
}

/**
 * The theta variant of the smallest squared one-step error (Fiorucci et al. 2016). With exact least squares the
 * variants of fitted θ are never worse than those of θ = 2, so only these two are tried.
 *
 * @throws {ConfigError} when the period is missing or not a whole number of at least 1
 */
export function autoTheta(given: Pick<ThetaParams, 'period'>): Forecaster<ThetaModel> {
  const params = mergeParams('auto theta', { period: 0 }, given);
  checkInteger(params, 'period', 1, Number.MAX_SAFE_INTEGER);
  return {
    kind: 'auto-theta',
    params,
    fit: (y) => fit('auto-theta', params.period, ['optimised', 'dynamic-optimised'], y),
    forecast,
  };
}

function fit(
  kind: ThetaModel['kind'],
  period: number,
  variants: readonly ThetaVariant[],
  y: Float64Array,
): ThetaModel {
  const season = isSeasonal(y, period) ? findSeason(y, period) : null;
  const rest = season === null ? y : removeSeason(y, season);
  let best: { variant: ThetaVariant; found: ThetaFit } | undefined;
  for (const variant of variants) {
    const found = fitTheta(rest, isDynamic(variant), variant.endsWith('optimised'));
    if (best === undefined || found.squaredError < best.found.squaredError) best = { variant, found };
  }
  const { variant, found } = best!;
  return Object.freeze({
    kind,
    format: 1,
    variant,
    n: y.length,
    ...stateAfter(rest, isDynamic(variant), found),
    season,
  });
}

const isDynamic = (variant: ThetaVariant): boolean => variant.startsWith('dynamic');

/** Multiplicative where every value is positive and no phase almost vanishes, else additive. */
function findSeason(y: Float64Array, period: number): SeasonalIndices {
  if (y.every((value) => value > 0)) {
    const season = seasonalIndices(y, period, 'multiplicative');
    if (season.indices.every((index) => index >= 0.01)) return season;
  }
  return seasonalIndices(y, period, 'additive');
}

/** Every forecast is taken for the value that comes, and smoothed in. */
function forecast(model: ThetaModel, horizon: number): Float64Array {
  const { n, alpha, lineWeight, variant, season } = model;
  const out = new Float64Array(horizon);
  let { level, line } = model;
  for (let i = n; i < n + horizon; i++) {
    const share = (1 - alpha) ** i;
    const along = line.intercept * share + (line.slope * (1 - share * (1 - alpha))) / alpha;
    const value = level + lineWeight * along;
    out[i - n] = value;
    level += alpha * (value - level);
    if (isDynamic(variant)) line = advanceLine(line, i, value);
  }
  if (season !== null) restoreSeason(out, n, season);
  return out;
}
