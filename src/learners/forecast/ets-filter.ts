import type { EtsForm } from './ets-form.js';

/** Smoothing parameters; beta is 0 without a trend, gamma 0 without a season, phi 1 without damping. */
export interface Smoothing {
  readonly alpha: number;
  readonly beta: number;
  readonly gamma: number;
  readonly phi: number;
}

/**
 * Level, slope (0 without a trend), then one index per phase, that of the first value's phase first: `[2 + period]`,
 * or `[2]` without a season.
 */
export type EtsState = Float64Array;

/**
 * Runs the series through the state equations (Hyndman et al. 2008, table 2.2 and 2.3), turning the state before the
 * first value into the one after the last.
 *
 * @param leastSquares below which the sum of squared errors does not count as smaller: rounding
 * @returns -2 log likelihood up to a constant (equation 5.3), Infinity where a multiplicative form meets a forecast
 *   that is not positive
 */
export function filter(
  y: Float64Array,
  { error, season }: EtsForm,
  { alpha, beta, gamma, phi }: Smoothing,
  state: EtsState,
  leastSquares: number,
): number {
  const period = state.length - 2;
  const isRelative = error === 'M';
  const isAdditive = season === 'A';
  const isMultiplicative = season === 'M';
  let level = state[0];
  let slope = state[1];
  let phase = 2;
  let squares = 0;
  let logs = 0;
  // Products are cheaper than sums of logarithms.
  let product = 1;
  for (let i = 0; i < y.length; i++) {
    const damped = phi * slope;
    const base = level + damped;
    let forecast = base;
    let surprise: number;
    if (isMultiplicative) {
      const index = state[phase];
      forecast = base * index;
      if (!(forecast > 0)) return Infinity;
      surprise = y[i] / index - base;
      state[phase] = index + gamma * (y[i] / base - index);
    } else if (isAdditive) {
      forecast = base + state[phase];
      surprise = y[i] - forecast;
      state[phase] += gamma * surprise;
    } else {
      surprise = y[i] - base;
    }
    if (++phase === period + 2) phase = 2;
    level = base + alpha * surprise;
    slope = damped + beta * surprise;
    let e = y[i] - forecast;
    if (isRelative) {
      if (!(forecast > 0)) return Infinity;
      e /= forecast;
      product *= forecast;
      if (product > 1e100 || product < 1e-100) {
        logs += Math.log(product);
        product = 1;
      }
    }
    squares += e * e;
  }
  state[0] = level;
  state[1] = slope;
  const value = y.length * Math.log(Math.max(squares, leastSquares)) + 2 * (logs + Math.log(product));
  return Number.isNaN(value) ? Infinity : value;
}

/**
 * Forecasts from the state after the last value.
 * @param n length of the series before them
 */
export function forecastEts(
  { trend, season }: Pick<EtsForm, 'trend' | 'season'>,
  phi: number,
  state: EtsState,
  n: number,
  horizon: number,
): Float64Array {
  const period = state.length - 2;
  const out = new Float64Array(horizon);
  let reach = 0;
  let damping = phi;
  for (let h = 0; h < horizon; h++) {
    reach += damping;
    damping *= phi;
    const base = trend === 'N' ? state[0] : state[0] + reach * state[1];
    const index = season === 'N' ? 0 : state[2 + ((n + h) % period)];
    out[h] = season === 'M' ? base * index : base + index;
  }
  return out;
}
