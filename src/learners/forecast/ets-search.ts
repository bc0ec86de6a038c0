import { devianceOf, refine, searchRatios, type EtsFit } from './ets-fit.js';
import { parameterCount, type EtsForm } from './ets-form.js';
import type { Ratios } from './ets-parameters.js';
import { centreSeason, startState } from './ets-start.js';

/** A family without a season that is this far behind cannot catch up. */
const hopelessFamily = 50;
/** Forms this far behind are left as they are: after the first steps, and before the last. */
const margins = { early: 40, late: 10 } as const;
const finalists = 3;
const evaluations = 30;

/** Akaike's corrected criterion of a fit (Hyndman et al. 2008, section 7.1). */
export function aicc({ deviance, form }: EtsFit, period: number, n: number): number {
  const k = parameterCount(form, period);
  return deviance + 2 * k + (2 * k * (k + 1)) / (n - k - 1);
}

/**
 * Fits of the forms, best first; those behind are less and less refined. Simple forms come first and lend their start
 * states and parameters to those with a trend, with damping, with the other kind of error.
 */
export function rankForms(y: Float64Array, period: number, forms: readonly EtsForm[]): EtsFit[] {
  const criterion = (fit: EtsFit): number => aicc(fit, period, y.length);
  const fits = new Map<string, EtsFit>();
  const search = (form: EtsForm): EtsFit => {
    const key = form.error + form.trend + form.season;
    let fit = fits.get(key);
    if (fit === undefined) {
      fit = searchForm(y, period, form, search);
      fits.set(key, fit);
    }
    return fit;
  };
  let candidates = forms;
  const families = candidates.filter(
    ({ trend, error, season }) => trend === 'N' && (error === 'A' || season === 'M'),
  );
  if (families.length > 1) {
    const [plain, ...seasonal] = families.map((form) => criterion(search(form)));
    if (Math.min(...seasonal) < plain - hopelessFamily) {
      candidates = candidates.filter(({ season }) => season !== 'N');
    }
  }
  let ranked = candidates.map(search).filter(({ deviance }) => deviance < Infinity);
  const byCriterion = (a: EtsFit, b: EtsFit): number => criterion(a) - criterion(b);
  ranked.sort(byCriterion);
  const rounds = [
    { margin: margins.early, most: 6, maxSteps: 2, tolerance: 0.1 },
    { margin: margins.late, most: finalists, maxSteps: 20, tolerance: 0.003 },
  ];
  for (const { margin, most, ...steps } of rounds) {
    const bound = Math.min(...ranked.map(criterion)) + margin;
    ranked = ranked
      .map((fit, i) =>
        i < most && criterion(fit) <= bound ? refine(y, fit, { ...steps, withSeason: true }) : fit,
      )
      .sort(byCriterion);
  }
  return ranked;
}

/** A first fit of one form, from those of simpler ones. */
function searchForm(
  y: Float64Array,
  period: number,
  form: EtsForm,
  search: (form: EtsForm) => EtsFit,
): EtsFit {
  const { error, trend, season } = form;
  if (error === 'M' && season !== 'M') {
    // The same point forecasts, other weights.
    const { ratios, start } = search({ ...form, error: 'A' });
    const fit = { form, ratios, start, deviance: devianceOf(y, form, start, ratios) };
    return refine(y, fit, { maxSteps: 2, tolerance: 0.1, withSeason: false });
  }
  if (trend === 'N') {
    const found = searchRatios(y, form, startState(y, form, period), levelGuesses(form), evaluations);
    return refine(y, found, { maxSteps: 3, tolerance: 0.1, withSeason: true });
  }
  const simpler = search({ ...form, trend: trend === 'Ad' ? 'A' : 'N' });
  const start = trend === 'Ad' ? simpler.start : withSeasonOf(startState(y, form, period), simpler);
  const guesses = trend === 'Ad' ? dampedGuesses(simpler.ratios) : trendGuesses(simpler.ratios);
  const found = searchRatios(y, form, start, guesses, evaluations);
  return refine(y, found, { maxSteps: 2, tolerance: 0.1, withSeason: false });
}

const guess = (alpha: number, beta: number, gamma: number, phi: number): Ratios =>
  Float64Array.of(alpha, beta, gamma, phi);

/** A season that adapts while the level hardly does is another valley than the reverse. */
function levelGuesses({ season }: EtsForm): Ratios[] {
  const gammas = season === 'N' ? [0.05] : [0.05, 0.7];
  return [0.05, 0.3, 0.8].flatMap((alpha) => gammas.map((gamma) => guess(alpha, 0.1, gamma, 0.95)));
}

/** With a trend, the level may be slower. */
function trendGuesses([alpha, , gamma]: Ratios): Ratios[] {
  return [
    guess(alpha, 0.05, gamma, 0.95),
    guess(0.1, 0.05, gamma, 0.95),
    guess(0.1, 0.05, 0.7, 0.95),
    guess(0.1, 0.3, 0.05, 0.95),
    guess(0.4, 0.05, 0.05, 0.95),
    guess(0.4, 0.3, 0.7, 0.95),
  ];
}

function dampedGuesses([alpha, beta, gamma]: Ratios): Ratios[] {
  return [
    guess(alpha, beta, gamma, 0.97),
    guess(alpha, 0.3, gamma, 0.9),
    guess(0.8, 0.3, 0.05, 0.85),
    guess(0.5, 0.1, gamma, 0.9),
  ];
}

function withSeasonOf(start: Float64Array, { form, start: other }: EtsFit): Float64Array {
  start.set(centreSeason(other, form).subarray(2), 2);
  return start;
}
