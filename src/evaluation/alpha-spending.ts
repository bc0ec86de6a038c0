import { ConfigError } from '../core/errors.js';

/** How a total chance of error is spread over the times that the same rows are looked at. */
export type Spending = 'inverse-square' | 'even' | 'none';

/**
 * The part of `alpha` that the given look may spend. Every look at the same held-out rows is another chance to be
 * wrong, and as the looks do not gather new rows, what they spend adds up (Bonferroni).
 *
 * `inverse-square`: alpha · 6 / (π k²), for any number of looks; the first may spend 61 %, the tenth 0.6 %.
 * `even`: alpha / planned for each of the planned looks, as Pocock (1977) spends it, and nothing after them.
 * `none`: alpha every time, which is right only for rows that are looked at once.
 * @param look from 1
 * @throws {ConfigError} for an alpha outside (0, 1) or a look or plan that is no whole number from 1
 */
export function spentAlpha(alpha: number, look: number, spending: Spending, planned = 20): number {
  if (!(alpha > 0 && alpha < 1)) throw new ConfigError(`alpha=${alpha} must be between 0 and 1`);
  for (const [name, value] of Object.entries({ look, planned })) {
    if (!Number.isInteger(value) || value < 1) {
      throw new ConfigError(`${name}=${value} must be a whole number from 1`);
    }
  }
  switch (spending) {
    case 'inverse-square':
      return (alpha * 6) / (Math.PI * look) ** 2;
    case 'even':
      return look > planned ? 0 : alpha / planned;
    case 'none':
      return alpha;
  }
}
