import { checkInteger, mergeParams } from '../params.js';
import { devianceOf, refine, searchRatios, type EtsFit } from './ets-fit.js';
import { filter, forecastEts, type EtsState, type Smoothing } from './ets-filter.js';
import { admissibleForms, formName, parameterCount, type EtsForm } from './ets-form.js';
import { smoothingOf, type Ratios } from './ets-parameters.js';
import { centreSeason, startState } from './ets-start.js';
import type { Forecaster } from './forecaster.js';

export interface AutoEtsParams {
  /** Steps in a cycle, whole; above 24 the season is left out: that many indices cannot be estimated. */
  readonly period: number;
}

/** The chosen form, its parameters, and the state after the last value. */
export interface EtsModel {
  readonly kind: 'auto-ets';
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
/** Forms this far behind the best are not worth another step; they gain a little by every one. */
const hopeless = { search: 12, firstStep: 8, perState: 1 } as const;
const finalists = 3;

/**
 * Exponential smoothing in state space form (Hyndman, Koehler, Ord & Snyder 2008) with the error, trend and season
 * that Akaike's corrected criterion chooses. A simplex searches the smoothing parameters of every admissible form;
 * the best forms are then refined together with their start states.
 *
 * @throws {ConfigError} when the period is missing or not a whole number of at least 1
 */
export function autoEts(given: AutoEtsParams): Forecaster<EtsModel> {
  const params = mergeParams('auto ets', { period: 0 }, given);
  checkInteger(params, 'period', 1, Number.MAX_SAFE_INTEGER);
  return {
    kind: 'auto-ets',
    params,
    fit: (y) => fit(params, y),
    forecast: ({ form, smoothing, state, n }, horizon) => forecastEts(form, smoothing.phi, state, n, horizon),
  };
}

function fit({ period }: AutoEtsParams, y: Float64Array): EtsModel {
  const n = y.length;
  const isSeasonal = period > 1 && period <= longestPeriod && n >= 2 * period;
  const isPositive = y.every((value) => value > 0);
  const isConstant = y.every((value) => value === y[0]);
  const forms = admissibleForms(isSeasonal, isPositive).filter(
    (form) => parameterCount(form, period) < n - 2,
  );
  const fits = isConstant || forms.length === 0 ? [] : rank(y, period, forms);
  for (const { form, ratios, start, deviance } of fits) {
    const smoothing = smoothingOf(ratios, form);
    const state = start.slice();
    filter(y, form, smoothing, state, 0);
    if (!isTame(y, form, smoothing, state)) continue;
    return Object.freeze({
      kind: 'auto-ets',
      format: 1,
      name: formName(form),
      form,
      smoothing,
      state: centreSeason(state, form),
      n,
      deviance,
      aicc: aicc(deviance, form, period, n),
    });
  }
  return lastValue(y);
}

/** The forms, best first; those behind are less and less refined. */
function rank(y: Float64Array, period: number, forms: readonly EtsForm[]): EtsFit[] {
  const n = y.length;
  const criterion = ({ deviance, form }: EtsFit): number => aicc(deviance, form, period, n);
  const byCriterion = (a: EtsFit, b: EtsFit): number => criterion(a) - criterion(b);
  const worthwhile = (fits: EtsFit[], margin: number): EtsFit[] => {
    fits.sort(byCriterion);
    const bound = criterion(fits[0]) + margin;
    return fits.filter((fit) => criterion(fit) <= bound);
  };
  const states = forms.some(({ season }) => season !== 'N') ? period : 1;
  const searched = forms.map((form) => search(y, period, form)).filter(({ deviance }) => deviance < Infinity);
  if (searched.length === 0) return [];
  const stepped = worthwhile(searched, hopeless.search + hopeless.perState * states).map((fit) =>
    refine(y, fit, 2, 0.01),
  );
  const last = worthwhile(stepped, hopeless.firstStep);
  return last.map((fit, i) => (i < finalists ? refine(y, fit, 20, 0.003) : fit)).sort(byCriterion);
}

/** The simplex from the best of three customary beginnings: a slow, a middling and a quick level. */
function search(y: Float64Array, period: number, form: EtsForm): EtsFit {
  const start = startState(y, form, period);
  let first: Ratios = new Float64Array(4);
  let least = Infinity;
  for (const alpha of [0.05, 0.3, 0.8]) {
    const ratios = Float64Array.of(alpha, 0.1, 0.05, 0.95);
    const deviance = devianceOf(y, form, start, ratios);
    if (deviance <= least) [first, least] = [ratios, deviance];
  }
  return searchRatios(y, form, start, first, 30);
}

function aicc(deviance: number, form: EtsForm, period: number, n: number): number {
  const k = parameterCount(form, period);
  return deviance + 2 * k + (2 * k * (k + 1)) / (n - k - 1);
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
function lastValue(y: Float64Array): EtsModel {
  const form: EtsForm = { error: 'A', trend: 'N', season: 'N' };
  return Object.freeze({
    kind: 'auto-ets',
    format: 1,
    name: formName(form),
    form,
    smoothing: { alpha: 1, beta: 0, gamma: 0, phi: 1 },
    state: Float64Array.of(y[y.length - 1], 0),
    n: y.length,
    deviance: null,
    aicc: null,
  });
}
