import { ConfigError } from '../../core/errors.js';
import { checkInteger, checkOneOf, mergeParams } from '../params.js';
import { filter, forecastEts, type EtsState, type Smoothing } from './ets-filter.js';
import { admissibleForms, formName, nearestForm, parameterCount, type EtsForm } from './ets-form.js';
import { smoothingOf } from './ets-parameters.js';
import { aicc, rankForms } from './ets-search.js';
import { centreSeason } from './ets-start.js';
import type { Forecaster } from './forecaster.js';

export interface EtsParams extends EtsForm {
  /** Steps in a cycle, whole; above 24 the season is left out: that many indices cannot be estimated. */
  readonly period: number;
}

/** The form, its parameters, and the state after the last value. */
export interface EtsModel {
  readonly kind: 'ets' | 'auto-ets';
  readonly format: 1;
  /** Such as `ETS(M,Ad,M)`. */
  readonly name: string;
  readonly form: EtsForm;
  readonly smoothing: Smoothing;
  /** Level, slope, and one index per phase where the form has a season. */
  readonly state: EtsState;
  /** Values fitted on. */
  readonly n: number;
  /** -2 log likelihood up to a constant, and Akaike's corrected criterion; `null` where nothing was estimated. */
  readonly deviance: number | null;
  readonly aicc: number | null;
}

/** Longer cycles have too many indices to estimate. */
const longestPeriod = 24;
/** Simple exponential smoothing: what any series gets at the least. */
const level: EtsForm = { error: 'A', trend: 'N', season: 'N' };

/**
 * Exponential smoothing in state space form (Hyndman, Koehler, Ord & Snyder 2008) with the error, trend and season
 * that Akaike's corrected criterion chooses. A simplex searches the smoothing parameters of every admissible form;
 * the best forms are then refined together with their start states.
 *
 * @throws {ConfigError} when the period is missing or not a whole number of at least 1
 */
export function autoEts(given: Pick<EtsParams, 'period'>): Forecaster<EtsModel> {
  const params = mergeParams('auto ets', { period: 0 }, given);
  checkInteger(params, 'period', 1, Number.MAX_SAFE_INTEGER);
  return {
    kind: 'auto-ets',
    params,
    fit: (y) => fit('auto-ets', params.period, y, admissibleForms),
    forecast,
  };
}

/**
 * Exponential smoothing of one form; a series that it does not suit (a value not above 0, too few of them) gets the
 * nearest form that does. Much faster than a choice among all forms.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 */
export function ets(given: Partial<EtsParams> & Pick<EtsParams, 'period'>): Forecaster<EtsModel> {
  const params = mergeParams<EtsParams>('ets', { period: 0, error: 'A', trend: 'N', season: 'N' }, given);
  checkInteger(params, 'period', 1, Number.MAX_SAFE_INTEGER);
  checkOneOf(params, 'error', ['A', 'M']);
  checkOneOf(params, 'trend', ['N', 'A', 'Ad']);
  checkOneOf(params, 'season', ['N', 'A', 'M']);
  if (params.season === 'M' && params.error === 'A') {
    throw new ConfigError('season=M must go with error=M: additive errors would have no finite variance');
  }
  const nearest = (isSeasonal: boolean, isPositive: boolean): EtsForm[] => [
    nearestForm(params, isSeasonal, isPositive),
  ];
  return { kind: 'ets', params, fit: (y) => fit('ets', params.period, y, nearest), forecast };
}

function forecast({ form, smoothing, state, n }: EtsModel, horizon: number): Float64Array {
  return forecastEts(form, smoothing.phi, state, n, horizon);
}

function fit(
  kind: EtsModel['kind'],
  period: number,
  y: Float64Array,
  formsFor: (isSeasonal: boolean, isPositive: boolean) => EtsForm[],
): EtsModel {
  const n = y.length;
  const isPositive = y.every((value) => value > 0);
  const isSeasonal = period > 1 && period <= longestPeriod && n >= 2 * period;
  const isEnough = (form: EtsForm): boolean => parameterCount(form, period) < n - 2;
  let forms = formsFor(isSeasonal, isPositive).filter(isEnough);
  if (forms.length === 0) forms = [level].filter(isEnough);
  const isConstant = y.every((value) => value === y[0]);
  const fits = isConstant || forms.length === 0 ? [] : rankForms(y, period, forms);
  for (const found of fits) {
    const { form, ratios, start, deviance } = found;
    const smoothing = smoothingOf(ratios, form);
    const state = start.slice();
    filter(y, form, smoothing, state, 0);
    if (!isTame(y, form, smoothing, state)) continue;
    return Object.freeze({
      kind,
      format: 1,
      name: formName(form),
      form,
      smoothing,
      state: centreSeason(state, form),
      n,
      deviance,
      aicc: aicc(found, period, n),
    });
  }
  return lastValue(kind, y);
}

/** Whether a multiplicative form's next cycle stays near the range of the series: relative errors can run away. */
function isTame(y: Float64Array, form: EtsForm, { phi }: Smoothing, state: EtsState): boolean {
  if (!state.every(Number.isFinite)) return false;
  if (form.error === 'A') return true;
  const [low, high] = range(y);
  const reach = 3 * (high - low);
  const next = forecastEts(form, phi, state, y.length, Math.max(state.length - 2, 1));
  return next.every((value) => value >= low - reach && value <= high + reach);
}

function range(y: Float64Array): [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const value of y) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}

/** For a series that is constant or too short to estimate anything from. */
function lastValue(kind: EtsModel['kind'], y: Float64Array): EtsModel {
  return Object.freeze({
    kind,
    format: 1,
    name: formName(level),
    form: level,
    smoothing: { alpha: 1, beta: 0, gamma: 0, phi: 1 },
    state: Float64Array.of(y[y.length - 1], 0),
    n: y.length,
    deviance: null,
    aicc: null,
  });
}
