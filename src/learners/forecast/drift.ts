import type { Forecaster } from './forecaster.js';

/** The last value and the mean step to it. */
export interface DriftModel {
  readonly kind: 'drift';
  readonly format: 1;
  readonly last: number;
  /** Units of the series per step. */
  readonly slope: number;
}

/**
 * The line through the first and the last value, drawn on (a random walk with drift; Hyndman & Athanasopoulos 2021,
 * section 5.2). A single value has no slope.
 *
 * @example
 * const forecaster = drift();
 * forecaster.forecast(forecaster.fit(Float64Array.of(1, 5, 3)), 2) // [4, 5]
 */
export function drift(): Forecaster<DriftModel> {
  return { kind: 'drift', params: {}, fit, forecast };
}

function fit(y: Float64Array): DriftModel {
  const last = y[y.length - 1];
  const slope = y.length > 1 ? (last - y[0]) / (y.length - 1) : 0;
  return Object.freeze({ kind: 'drift', format: 1, last, slope });
}

function forecast({ last, slope }: DriftModel, horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, i) => last + (i + 1) * slope);
}
