import { ConfigError, DataError } from '../../core/errors.js';
import { scaled } from './scaled.js';

/**
 * Share of the actual values that lie within their interval, borders included: from 0 to 1, best at the level of the
 * interval.
 * @param actual `[horizon]`
 * @param lower `[horizon]`
 * @param upper `[horizon]`
 * @throws {DataError} for a value that is NaN, or a lower bound above the upper one, naming the step
 */
export function coverage(
  actual: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): number {
  checkIntervals('coverage', actual.length, lower, upper);
  let within = 0;
  for (let h = 0; h < actual.length; h++) {
    if (!Number.isFinite(actual[h])) {
      throw new DataError(`coverage: actual[${h}]=${actual[h]} must be finite`);
    }
    if (lower[h] <= actual[h] && actual[h] <= upper[h]) within++;
  }
  return within / actual.length;
}

/**
 * Mean width of the intervals as a multiple of the scale, from 0: how sharp they are. Among intervals of the right
 * coverage, lower is better. Where the scale is 0: 0 without any width, else Infinity.
 * @param lower `[horizon]`
 * @param upper `[horizon]`
 * @param scale of the training series, see `seasonalScale`
 * @throws {DataError} as `coverage`, and for a bad scale
 */
export function meanScaledWidth(lower: ArrayLike<number>, upper: ArrayLike<number>, scale: number): number {
  checkIntervals('mean scaled width', lower.length, lower, upper);
  let sum = 0;
  for (let h = 0; h < lower.length; h++) sum += upper[h] - lower[h];
  return scaled('mean scaled width', sum / lower.length, scale);
}

/**
 * Mean scaled interval score, from 0: the width of the interval, and 2 / alpha times the distance of a value outside
 * it, as a multiple of the scale. Lower is better; the true quantiles score best. Where the scale is 0: 0 or Infinity.
 * (Gneiting & Raftery 2007, "Strictly proper scoring rules", equation 43; scaled as in M4.)
 * @param actual `[horizon]`
 * @param lower `[horizon]`
 * @param upper `[horizon]`
 * @param scale of the training series, see `seasonalScale`
 * @param alpha share that the interval leaves out: 0.05 for a 95 % interval
 * @throws {DataError} as `coverage`, and for a bad scale
 * @throws {ConfigError} for alpha outside (0, 1)
 */
export function msis(
  actual: ArrayLike<number>,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
  scale: number,
  alpha: number,
): number {
  if (!(alpha > 0 && alpha < 1)) {
    throw new ConfigError(`alpha=${alpha} must be between 0 and 1, for example 0.05 for a 95 % interval`);
  }
  checkIntervals('msis', actual.length, lower, upper);
  let sum = 0;
  for (let h = 0; h < actual.length; h++) {
    if (!Number.isFinite(actual[h])) throw new DataError(`msis: actual[${h}]=${actual[h]} must be finite`);
    const outside = Math.max(0, lower[h] - actual[h], actual[h] - upper[h]);
    sum += upper[h] - lower[h] + (2 / alpha) * outside;
  }
  return scaled('msis', sum / actual.length, scale);
}

function checkIntervals(
  metric: string,
  steps: number,
  lower: ArrayLike<number>,
  upper: ArrayLike<number>,
): void {
  if (steps === 0) throw new DataError(`${metric}: there are no steps`);
  if (lower.length !== steps || upper.length !== steps) {
    throw new DataError(
      `${metric}: lower has ${lower.length} steps and upper ${upper.length}, expected ${steps}`,
    );
  }
  for (let h = 0; h < steps; h++) {
    // Infinite bounds are allowed, and NaN is not.
    if (!(lower[h] <= upper[h])) {
      throw new DataError(`${metric}: lower[${h}]=${lower[h]} must not be above upper[${h}]=${upper[h]}`);
    }
  }
}
