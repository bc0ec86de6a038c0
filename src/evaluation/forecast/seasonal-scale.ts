import { ConfigError } from '../../core/errors.js';

/**
 * What MASE and its kin are measured in: the mean absolute error of the seasonal naive forecast within the training
 * series, mean |y[t] - y[t - period]|, in the unit of the series (Hyndman & Koehler 2006, "Another look at measures of
 * forecast accuracy"). Pairs with a missing point (NaN) are left out. Without a single pair a period apart, the period
 * is 1; without any, and for a series that repeats itself exactly, the scale is 0.
 * @param train `[n]`, oldest first, NaN where missing
 * @param period in steps, from 1: 24 for hours, 7 for days, 12 for months
 * @throws {ConfigError} for a period that is not a whole number from 1
 */
export function seasonalScale(train: ArrayLike<number>, period: number): number {
  if (!Number.isInteger(period) || period < 1) {
    throw new ConfigError(`period=${period} must be a whole number from 1, in steps of the series`);
  }
  let sum = 0;
  let pairs = 0;
  for (let t = period; t < train.length; t++) {
    const change = Math.abs(train[t] - train[t - period]);
    if (Number.isNaN(change)) continue;
    sum += change;
    pairs++;
  }
  if (pairs > 0) return sum / pairs;
  return period === 1 ? 0 : seasonalScale(train, 1);
}
