import type { Forecaster } from './forecaster.js';

/** The last value of the series. */
export interface NaiveModel {
  readonly kind: 'naive';
  readonly format: 1;
  readonly last: number;
}

/**
 * The last value, for ever: the best forecast of a random walk, and what others must beat.
 *
 * @example
 * const forecaster = naive();
 * forecaster.forecast(forecaster.fit(Float64Array.of(3, 1, 4)), 2) // [4, 4]
 */
export function naive(): Forecaster<NaiveModel> {
  return {
    kind: 'naive',
    params: {},
    fit: (y) => Object.freeze({ kind: 'naive', format: 1, last: y[y.length - 1] }),
    forecast: ({ last }, horizon) => new Float64Array(horizon).fill(last),
  };
}
