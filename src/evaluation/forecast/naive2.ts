import { ConfigError, DataError } from '../../core/errors.js';

/**
 * Naive2, the yardstick of the M4 competition: the last value of the series after seasonal adjustment, multiplied by the
 * season again. A series that passes no test of seasonality, or has values that are not positive, is forecast by its
 * last value.
 * @param train `[n]`, oldest first, n >= 1, all finite
 * @param period in steps, from 1
 * @returns `[horizon]`
 * @throws {DataError} for an empty series or a value that is not finite
 * @throws {ConfigError} for a period or horizon that is not a whole number from 1
 */
export function naive2(train: ArrayLike<number>, period: number, horizon: number): Float64Array {
  for (const [name, value] of Object.entries({ period, horizon })) {
    if (!Number.isInteger(value) || value < 1)
      throw new ConfigError(`${name}=${value} must be a whole number from 1`);
  }
  const n = train.length;
  if (n === 0) throw new DataError('naive2: the series is empty');
  let lowest = Infinity;
  for (let t = 0; t < n; t++) {
    if (!Number.isFinite(train[t])) throw new DataError(`naive2: train[${t}]=${train[t]} must be finite`);
    lowest = Math.min(lowest, train[t]);
  }
  const last = train[n - 1];
  if (lowest <= 0 || !isSeasonal(train, period)) return new Float64Array(horizon).fill(last);
  const index = seasonalIndices(train, period);
  const level = last / index[(n - 1) % period];
  return Float64Array.from({ length: horizon }, (_, h) => level * index[(n + h) % period]);
}

/**
 * Whether the autocorrelation at the period is beyond its 90 % limit given those before it (Bartlett's formula), as M4
 * tests it; a series shorter than three periods is not seasonal. R's `acf` stops at lag 10 log10(n) and M4 calls a
 * longer period not seasonal; here it is tested as well, which changes none of the competition's own series.
 * @param y `[n]`, all finite
 * @param period in steps, from 1
 */
export function isSeasonal(y: ArrayLike<number>, period: number): boolean {
  const n = y.length;
  if (period < 2 || n < 3 * period) return false;
  let mean = 0;
  for (let t = 0; t < n; t++) mean += y[t] / n;
  const autocovariance = (lag: number) => {
    let sum = 0;
    for (let t = lag; t < n; t++) sum += (y[t] - mean) * (y[t - lag] - mean);
    return sum;
  };
  const variance = autocovariance(0);
  if (!(variance > 0)) return false;
  let before = 1;
  for (let lag = 1; lag < period; lag++) before += 2 * (autocovariance(lag) / variance) ** 2;
  return Math.abs(autocovariance(period) / variance) > 1.645 * Math.sqrt(before / n);
}

/**
 * Seasonal indices of the classical multiplicative decomposition, as R's `decompose`: the mean ratio to a centred moving
 * average, for each place in the period; their mean is 1.
 * @param y `[n]`, all positive, n >= 3 periods
 * @param period in steps, from 2
 * @returns `[period]`; the first belongs to y[0]
 */
export function seasonalIndices(y: ArrayLike<number>, period: number): Float64Array {
  const half = Math.floor(period / 2);
  const sum = new Float64Array(period);
  const count = new Float64Array(period);
  for (let t = half; t < y.length - half; t++) {
    let window = 0;
    for (let k = t - half; k <= t + half; k++) window += y[k];
    // An even period is centred between two steps: the outermost count half.
    if (period % 2 === 0) window -= (y[t - half] + y[t + half]) / 2;
    sum[t % period] += (y[t] * period) / window;
    count[t % period]++;
  }
  const ratio = sum.map((value, place) => value / count[place]);
  const mean = ratio.reduce((total, value) => total + value, 0) / period;
  return ratio.map((value) => value / mean);
}
