import type { Forecaster } from './forecaster.js';
import { minimizeScalar } from './minimize-scalar.js';

/** Where the level stands after the last value. */
export interface SesModel {
  readonly kind: 'ses';
  readonly format: 1;
  /** Share of every new value in the level. */
  readonly alpha: number;
  readonly level: number;
}

const alphaRange = [0.01, 0.99] as const;

/**
 * Simple exponential smoothing (Brown 1959): the level starts at the first value, alpha gives the smallest sum of
 * squared one-step errors.
 *
 * @example
 * const forecaster = ses();
 * forecaster.forecast(forecaster.fit(Float64Array.of(2, 2, 2)), 2) // [2, 2]
 */
export function ses(): Forecaster<SesModel> {
  return {
    kind: 'ses',
    params: {},
    fit: (y) => {
      const alpha = bestAlpha(y, ...alphaRange);
      return Object.freeze({ kind: 'ses', format: 1, alpha, level: smooth(y, alpha) });
    },
    forecast: ({ level }, horizon) => new Float64Array(horizon).fill(level),
  };
}

/** The level after the last value, first value first. */
export function smooth(y: Float64Array, alpha: number): number {
  let level = y[0];
  for (let i = 1; i < y.length; i++) level += alpha * (y[i] - level);
  return level;
}

/** The alpha in [low, high] of the smallest sum of squared one-step errors. */
export function bestAlpha(y: Float64Array, low: number, high: number): number {
  return minimizeScalar((alpha) => squaredErrors(y, alpha), low, high, 9, 1e-6);
}

function squaredErrors(y: Float64Array, alpha: number): number {
  let level = y[0];
  let sum = 0;
  for (let i = 1; i < y.length; i++) {
    const error = y[i] - level;
    sum += error * error;
    level += alpha * error;
  }
  return sum;
}
