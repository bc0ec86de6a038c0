import { checkValues } from '../check-input.js';
import { scaled } from './scaled.js';

/**
 * Root mean squared scaled error: the root of the mean of (y - f)^2 as a multiple of the scale, from 0. Lower is
 * better; the mean of what may come scores best, as the median does for MASE. Where the scale is 0: 0 for an exact
 * forecast, else Infinity. (Makridakis, Spiliotis & Assimakopoulos 2022, "The M5 competition".)
 * @param actual `[horizon]`
 * @param forecast `[horizon]`
 * @param scale of the training series, see `seasonalRootScale`
 * @throws {DataError} for a value that is not finite, naming the step, where there is no step, and for a bad scale
 */
export function rmsse(actual: ArrayLike<number>, forecast: ArrayLike<number>, scale: number): number {
  checkValues('rmsse', actual, forecast);
  let sum = 0;
  for (let h = 0; h < actual.length; h++) sum += (actual[h] - forecast[h]) ** 2;
  return scaled('rmsse', Math.sqrt(sum / actual.length), scale);
}

/**
 * What RMSSE is measured in: the root mean squared error of the seasonal naive forecast within the training series, in
 * its unit. Pairs with a missing point (NaN) are left out; without a single pair the scale is 0.
 * @param train `[n]`, oldest first, NaN where missing
 * @param period in steps, from 1
 */
export function seasonalRootScale(train: ArrayLike<number>, period: number): number {
  let sum = 0;
  let pairs = 0;
  for (let t = period; t < train.length; t++) {
    const change = train[t] - train[t - period];
    if (Number.isNaN(change)) continue;
    sum += change * change;
    pairs++;
  }
  return pairs === 0 ? 0 : Math.sqrt(sum / pairs);
}
