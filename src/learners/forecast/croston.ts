import { checkOneOf, mergeParams } from '../params.js';
import { demandAlphas, demandOf } from './demand.js';
import type { Forecaster } from './forecaster.js';
import { bestAlpha, smooth } from './ses.js';

export interface CrostonParams {
  /**
   * `classic` smooths with alpha 0.1; `sba` takes 5 % off against its bias (Syntetos & Boylan 2005);
   * `optimised` searches both alphas from 0.1 to 0.3.
   */
  readonly variant: 'classic' | 'sba' | 'optimised';
}

/** The smoothed size of an event and the smoothed steps between two of them. */
export interface CrostonModel {
  readonly kind: 'croston';
  readonly format: 1;
  /** Units of the series per step. */
  readonly rate: number;
}

const alpha = 0.1;

/**
 * Croston's method (1972) for series that are 0 most of the time: the smoothed size of an event over the smoothed
 * interval between events.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const forecaster = croston();
 * forecaster.forecast(forecaster.fit(Float64Array.of(0, 4, 0, 4)), 2) // [2, 2]
 */
export function croston(given: Partial<CrostonParams> = {}): Forecaster<CrostonModel> {
  const params = mergeParams<CrostonParams>('croston', { variant: 'classic' }, given);
  checkOneOf(params, 'variant', ['classic', 'sba', 'optimised']);
  return {
    kind: 'croston',
    params,
    fit: (y) => Object.freeze({ kind: 'croston', format: 1, rate: rateOf(y, params.variant) }),
    forecast: ({ rate }, horizon) => new Float64Array(horizon).fill(rate),
  };
}

function rateOf(y: Float64Array, variant: CrostonParams['variant']): number {
  const { sizes, intervals } = demandOf(y);
  if (sizes.length === 0) return 0;
  const alphaOf = (x: Float64Array): number =>
    variant === 'optimised' ? bestAlpha(x, ...demandAlphas) : alpha;
  const rate = smooth(sizes, alphaOf(sizes)) / smooth(intervals, alphaOf(intervals));
  return variant === 'sba' ? rate * (1 - alpha / 2) : rate;
}
