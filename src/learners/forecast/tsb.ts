import { checkWithin, mergeParams } from '../params.js';
import { demandAlphas, demandOf } from './demand.js';
import type { Forecaster } from './forecaster.js';
import { bestAlpha, smooth } from './ses.js';

export interface TsbParams {
  /** Share of every new event in the size, from 0 to 1; `null` searches from 0.1 to 0.3. */
  readonly alphaDemand: number | null;
  /** Share of every new step in the probability, from 0 to 1; `null` searches from 0.1 to 0.3. */
  readonly alphaProbability: number | null;
}

/** The smoothed size of an event and the smoothed probability of one. */
export interface TsbModel {
  readonly kind: 'tsb';
  readonly format: 1;
  readonly size: number;
  readonly probability: number;
}

/**
 * The method of Teunter, Syntetos & Babai (2011) for series that are 0 most of the time. Unlike Croston's it learns
 * from zeros too, so that forecasts of what has come to its end go down.
 *
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @example
 * const forecaster = tsb({ alphaDemand: 0.5, alphaProbability: 0.5 });
 * forecaster.forecast(forecaster.fit(Float64Array.of(4, 4, 0)), 2) // [2, 2]
 */
export function tsb(given: Partial<TsbParams> = {}): Forecaster<TsbModel> {
  const params = mergeParams<TsbParams>('tsb', { alphaDemand: null, alphaProbability: null }, given);
  for (const name of ['alphaDemand', 'alphaProbability'] as const) {
    if (params[name] !== null) checkWithin(params, name, 0, 1);
  }
  return {
    kind: 'tsb',
    params,
    fit: (y) => fit(params, y),
    forecast: ({ size, probability }, horizon) => new Float64Array(horizon).fill(size * probability),
  };
}

function fit({ alphaDemand, alphaProbability }: TsbParams, y: Float64Array): TsbModel {
  const { sizes } = demandOf(y);
  const events = y.map((value) => (value === 0 ? 0 : 1));
  const smoothed = (x: Float64Array, alpha: number | null): number =>
    smooth(x, alpha ?? bestAlpha(x, ...demandAlphas));
  return Object.freeze({
    kind: 'tsb',
    format: 1,
    size: sizes.length === 0 ? 0 : smoothed(sizes, alphaDemand),
    probability: smoothed(events, alphaProbability),
  });
}
