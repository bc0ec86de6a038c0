import { dampedStep } from './damped-step.js';
import { filter, type EtsState } from './ets-filter.js';
import type { EtsForm } from './ets-form.js';
import { activeRatios, highest, lowest, smoothingOf, type Ratios } from './ets-parameters.js';
import { activeStates, score } from './ets-scoring.js';
import { nelderMead } from './nelder-mead.js';

/** A point of the search for one form. */
export interface EtsFit {
  readonly form: EtsForm;
  readonly ratios: Ratios;
  /** Before the first value. */
  readonly start: EtsState;
  /** -2 log likelihood, up to a constant. */
  readonly deviance: number;
}

/** Errors below this part of the values are rounding. */
const roundingError = 1e-12;
const ridges = { first: 1e-4, smallest: 1e-7, largest: 1e6 } as const;

/** The deviance of a form, to be minimised; the start state is left alone. */
export function devianceOf(y: Float64Array, form: EtsForm, start: EtsState, ratios: Ratios): number {
  return filter(y, form, smoothingOf(ratios, form), start.slice(), leastSquares(y, form));
}

function leastSquares(y: Float64Array, { error }: EtsForm): number {
  let sum = 0;
  if (error === 'A') for (let i = 0; i < y.length; i++) sum += y[i] * y[i];
  else sum = y.length;
  return roundingError ** 2 * sum;
}

/** Searches the smoothing parameters with the start state as it is. */
export function searchRatios(
  y: Float64Array,
  form: EtsForm,
  start: EtsState,
  first: Ratios,
  maxEvaluations: number,
): EtsFit {
  const active = activeRatios(form);
  const least = leastSquares(y, form);
  const ratios = first.slice();
  const state = new Float64Array(start.length);
  const place = (x: Float64Array): void => {
    active.forEach((ratio, j) => {
      ratios[ratio] = lowest[ratio] + (highest[ratio] - lowest[ratio]) * x[j];
    });
  };
  const deviance = (x: Float64Array): number => {
    place(x);
    state.set(start);
    return filter(y, form, smoothingOf(ratios, form), state, least);
  };
  const x0 = Float64Array.from(
    active,
    (ratio) => (first[ratio] - lowest[ratio]) / (highest[ratio] - lowest[ratio]),
  );
  const { x, value } = nelderMead(deviance, x0, { step: 0.2, maxEvaluations, tolerance: 0.02 });
  place(x);
  return { form, ratios, start, deviance: value };
}

/**
 * Improves ratios and start state together by damped scoring (Levenberg 1944 on the expected information), until a
 * step gains less than `tolerance`.
 */
export function refine(y: Float64Array, fit: EtsFit, maxSteps: number, tolerance: number): EtsFit {
  const active = activeRatios(fit.form);
  const free = activeStates(fit.form, fit.start);
  let best = fit;
  let lambda: number = ridges.first;
  for (let step = 0; step < maxSteps && Number.isFinite(best.deviance); step++) {
    const { gradient, information } = score(y, best.form, best.ratios, best.start);
    const isFree = Array.from(gradient, (slope, c) => {
      if (c >= active.length) return true;
      const value = best.ratios[active[c]];
      return slope < 0 ? value > lowest[active[c]] : value < highest[active[c]];
    });
    let next: EtsFit | undefined;
    while (next === undefined && lambda < ridges.largest) {
      const change = dampedStep(information, gradient, lambda, isFree);
      const tried = change === undefined ? undefined : move(y, best, change, active, free);
      if (tried !== undefined && tried.deviance < best.deviance) next = tried;
      else lambda *= 10;
    }
    if (next === undefined) break;
    lambda = Math.max(lambda / 10, ridges.smallest);
    const gain = best.deviance - next.deviance;
    best = next;
    if (gain < tolerance) break;
  }
  return best;
}

function move(
  y: Float64Array,
  { form, ratios, start }: EtsFit,
  change: Float64Array,
  active: readonly number[],
  free: readonly number[],
): EtsFit {
  const nextRatios = ratios.slice();
  active.forEach((ratio, c) => {
    nextRatios[ratio] = Math.min(Math.max(ratios[ratio] + change[c], lowest[ratio]), highest[ratio]);
  });
  const nextStart = start.slice();
  free.forEach((entry, j) => (nextStart[entry] += change[active.length + j]));
  return {
    form,
    ratios: nextRatios,
    start: nextStart,
    deviance: devianceOf(y, form, nextStart, nextRatios),
  };
}
