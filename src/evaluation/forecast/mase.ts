import { mae } from '../regression.js';
import { scaled } from './scaled.js';

/**
 * Mean absolute scaled error: the mean of |y - f| as a multiple of the scale, from 0; below 1 the forecast is better
 * than the seasonal naive one was within the training series. Lower is better. Where the scale is 0: 0 for an exact
 * forecast, else Infinity. (Hyndman & Koehler 2006.)
 * @param actual `[horizon]`
 * @param forecast `[horizon]`
 * @param scale of the training series, see `seasonalScale`
 * @throws {DataError} for a value that is not finite, naming the step, where there is no step, and for a bad scale
 */
export function mase(actual: ArrayLike<number>, forecast: ArrayLike<number>, scale: number): number {
  return scaled('mase', mae(actual, forecast), scale);
}
