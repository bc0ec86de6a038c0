import { ConfigError } from '../../core/errors.js';

/**
 * The level of the k-th test on the same held-out rows: alpha · 6 / (π² k²). Over any number of looks, whatever was
 * seen in between, the levels sum to alpha, so that the chance of a single false finding among all of them stays at
 * most alpha (a Bonferroni bound with unequal shares, as alpha-spending by Lan & DeMets 1983 and online testing by
 * Foster & Stine 2008 use it). The first look gets 61 % of alpha, the second 15 %, the third 7 %.
 * @param alpha in (0, 1)
 * @param look 1 for the first test on these rows
 * @throws {ConfigError} for a look that is no whole number from 1
 * @example spentAlpha(0.025, 1) // 0.01519…
 */
export function spentAlpha(alpha: number, look: number): number {
  if (!Number.isInteger(look) || look < 1)
    throw new ConfigError(`look=${look} must be a whole number from 1`);
  return (alpha * 6) / (Math.PI ** 2 * look ** 2);
}
