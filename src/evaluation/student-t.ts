import { ConfigError } from '../core/errors.js';

/**
 * Distribution function of Student's t for a whole number of degrees of freedom, by its finite series (Abramowitz &
 * Stegun 1964, 26.7.3 and 26.7.4), O(degrees).
 * @throws {ConfigError} for degrees that are no whole number from 1
 */
export function studentCdf(t: number, degrees: number): number {
  if (!Number.isInteger(degrees) || degrees < 1) {
    throw new ConfigError(`degrees=${degrees} must be a whole number from 1`);
  }
  const angle = Math.atan(Math.abs(t) / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const odd = degrees % 2;
  // Each term is the one before times cos² · (k - 1) / k.
  let term = odd === 1 ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd === 1 ? 3 : 2; k <= degrees - 2; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const inside = odd === 1 ? (2 / Math.PI) * (angle + Math.sin(angle) * sum) : Math.sin(angle) * sum;
  const tail = Math.max(0, (1 - inside) / 2);
  return t < 0 ? tail : 1 - tail;
}

/** The t below which Student's distribution has probability `p`, by bisection to the last bits; infinite at 0 and 1. */
export function studentQuantile(p: number, degrees: number): number {
  if (!(p > 0 && p < 1)) return p === 0 ? -Infinity : p === 1 ? Infinity : NaN;
  if (p > 0.5) return -studentQuantile(1 - p, degrees);
  let low = -1;
  while (studentCdf(low, degrees) > p) low *= 2;
  let high = 0;
  for (let i = 0; i < 200 && low < high; i++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (studentCdf(middle, degrees) < p) low = middle;
    else high = middle;
  }
  return high;
}
