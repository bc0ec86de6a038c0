import type { Smoothing } from './ets-filter.js';
import type { EtsForm } from './ets-form.js';

/**
 * `[4]`: alpha, beta/alpha, gamma/(1 - alpha), phi. Searching in these needs only bounds, as the usual region is
 * 0 < beta < alpha and 0 < gamma < 1 - alpha (Hyndman et al. 2008, section 2.6.2).
 */
export type Ratios = Float64Array;

/** Less phi is no trend, more is an undamped one. */
export const lowest: readonly number[] = [1e-4, 1e-4, 1e-4, 0.8];
export const highest: readonly number[] = [0.9999, 0.9999, 0.9999, 0.98];

/** Which of the four a form has. */
export function activeRatios({ trend, season }: EtsForm): number[] {
  const active = [0];
  if (trend !== 'N') active.push(1);
  if (season !== 'N') active.push(2);
  if (trend === 'Ad') active.push(3);
  return active;
}

/** The parameters of the state equations. */
export function smoothingOf(ratios: Ratios, { trend, season }: EtsForm): Smoothing {
  const alpha = ratios[0];
  return {
    alpha,
    beta: trend === 'N' ? 0 : ratios[1] * alpha,
    gamma: season === 'N' ? 0 : ratios[2] * (1 - alpha),
    phi: trend === 'Ad' ? ratios[3] : 1,
  };
}
