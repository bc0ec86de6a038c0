import { DataError } from '../../core/errors.js';

/**
 * `value`, in the unit of the series, as a multiple of the series' scale. Where the scale is 0 there is no unit: nothing
 * is 0 scales, and anything else infinitely many.
 * @throws {DataError} for a scale that is negative or not finite
 */
export function scaled(metric: string, value: number, scale: number): number {
  if (!(scale >= 0 && scale < Infinity)) {
    throw new DataError(`${metric}: scale=${scale} must be finite and not negative`);
  }
  if (scale > 0) return value / scale;
  return value === 0 ? 0 : Infinity;
}
