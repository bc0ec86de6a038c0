import { ConfigError } from '../core/errors.js';
import { checkLevel } from './check-input.js';
import { normalQuantile } from './normal.js';

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/** Half the width of a two-sided normal interval in standard errors: 1.96 at level 0.95. */
export function criticalValue(level: number): number {
  checkLevel(level);
  return -normalQuantile((1 - level) / 2);
}

/**
 * Interval for a share (Wilson 1927), never outside [0, 1] and sensible at 0 and n successes.
 * @param successes from 0 to n
 * @param n a positive count; weighted counts are taken as they are
 * @throws {ConfigError} for a level outside (0, 1), or counts that are no counts
 */
export function wilsonInterval(successes: number, n: number, level = 0.95): Interval {
  if (!(n > 0 && successes >= 0 && successes <= n)) {
    throw new ConfigError(`successes=${successes} must be from 0 to n=${n}, and n positive`);
  }
  const z = criticalValue(level);
  const share = successes / n;
  const scale = 1 + (z * z) / n;
  const centre = (share + (z * z) / (2 * n)) / scale;
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / n + (z * z) / (4 * n * n));
  return {
    lower: successes === 0 ? 0 : Math.max(0, centre - half),
    upper: successes === n ? 1 : Math.min(1, centre + half),
  };
}

/**
 * The `probability` quantile of ascending values, linear between neighbours (Hyndman & Fan 1996, definition 7, as
 * NumPy).
 */
export function sortedQuantile(ascending: ArrayLike<number>, probability: number): number {
  const at = probability * (ascending.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (at - below) * (ascending[above] - ascending[below]);
}
