/**
 * A form of exponential smoothing in the taxonomy of Hyndman, Koehler, Ord & Snyder (2008): errors additive or
 * multiplicative, trend none, additive or damped, season none, additive or multiplicative.
 */
export interface EtsForm {
  readonly error: 'A' | 'M';
  readonly trend: 'N' | 'A' | 'Ad';
  readonly season: 'N' | 'A' | 'M';
}

/**
 * The forms that may be tried: no multiplicative season with additive errors, whose variance is unbounded; nothing
 * multiplicative unless every value is positive.
 */
export function admissibleForms(isSeasonal: boolean, isPositive: boolean): EtsForm[] {
  const forms: EtsForm[] = [];
  for (const error of isPositive ? (['A', 'M'] as const) : (['A'] as const)) {
    for (const season of isSeasonal ? (['N', 'A', 'M'] as const) : (['N'] as const)) {
      if (season === 'M' && error === 'A') continue;
      for (const trend of ['N', 'A', 'Ad'] as const) forms.push({ error, trend, season });
    }
  }
  return forms;
}

/** The form nearest to the given one that may be tried. */
export function nearestForm(
  { error, trend, season }: EtsForm,
  isSeasonal: boolean,
  isPositive: boolean,
): EtsForm {
  if (!isSeasonal) return { error: isPositive ? error : 'A', trend, season: 'N' };
  return isPositive ? { error, trend, season } : { error: 'A', trend, season: season === 'N' ? 'N' : 'A' };
}

/** Free smoothing parameters: alpha, then beta, gamma and phi as the form has them. */
export function smoothingCount({ trend, season }: EtsForm): number {
  return 1 + (trend === 'N' ? 0 : trend === 'A' ? 1 : 2) + (season === 'N' ? 0 : 1);
}

/** Everything estimated, the error variance included: what Akaike's criterion counts. */
export function parameterCount(form: EtsForm, period: number): number {
  const states = 1 + (form.trend === 'N' ? 0 : 1) + (form.season === 'N' ? 0 : period - 1);
  return smoothingCount(form) + states + 1;
}

/** As in the literature, such as `ETS(M,Ad,M)`. */
export function formName({ error, trend, season }: EtsForm): string {
  return `ETS(${error},${trend},${season})`;
}
