import { dampedStep } from './damped-step.js';
import { filter, type EtsState } from './ets-filter.js';
import type { EtsForm } from './ets-form.js';
import { activeRatios, highest, lowest, smoothingOf, type Ratios } from './ets-parameters.js';
import { score } from './ets-scoring.js';
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
  return Math.max(roundingError ** 2 * sum, Number.MIN_VALUE);
}

/**
 * Searches the smoothing parameters with the start state as it is.
 * @param guesses the best of which the simplex begins at
 */
export function searchRatios(
  y: Float64Array,
  form: EtsForm,
  start: EtsState,
  guesses: readonly Ratios[],
  maxEvaluations: number,
): EtsFit {
  const active = activeRatios(form);
  const least = leastSquares(y, form);
  const ratios = new Float64Array(4);
  const state = new Float64Array(start.length);
  const evaluate = (): number => {
    state.set(start);
    return filter(y, form, smoothingOf(ratios, form), state, least);
  };
  let first = guesses[0];
  let lowestValue = Infinity;
  for (const guess of guesses) {
    ratios.set(guess);
    const value = evaluate();
    if (value < lowestValue) [first, lowestValue] = [guess, value];
  }
  ratios.set(first);
  const place = (x: Float64Array): void => {
    active.forEach((ratio, j) => {
      ratios[ratio] = lowest[ratio] + (highest[ratio] - lowest[ratio]) * x[j];
    });
  };
  const x0 = Float64Array.from(
    active,
    (ratio) => (first[ratio] - lowest[ratio]) / (highest[ratio] - lowest[ratio]),
  );
  const { x, value } = nelderMead(
    (at) => {
      place(at);
      return evaluate();
    },
    x0,
    { step: 0.2, maxEvaluations, tolerance: 0.02 },
  );
  place(x);
  return { form, ratios, start, deviance: value };
}

export interface RefineOptions {
  readonly maxSteps: number;
  /** Stop after a step that gains less. */
  readonly tolerance: number;
  /** Whether the indices of the start state move too: the costly part. */
  readonly withSeason: boolean;
}

/** Improves ratios and start state together by damped scoring (Levenberg 1944 on the expected information). */
export function refine(
  y: Float64Array,
  fit: EtsFit,
  { maxSteps, tolerance, withSeason }: RefineOptions,
): EtsFit {
  const active = activeRatios(fit.form);
  const free = [...fit.start.keys()].filter((entry) =>
    entry === 0 ? true : entry === 1 ? fit.form.trend !== 'N' : withSeason,
  );
  let best = fit;
  let lambda: number = ridges.first;
  for (let step = 0; step < maxSteps && Number.isFinite(best.deviance); step++) {
    const { gradient, information } = score(y, best.form, best.ratios, best.start, free);
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
