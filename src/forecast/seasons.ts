import { naturalPeriods, type Frequency } from '../core/time-grid.js';

/** The cycles that a series may have, in steps, ascending; not always whole (365.25 days). */
export type Periods = readonly number[];

/** Cycles that must have passed before one is believed in. */
const cyclesNeeded = 2;

/** The natural cycles of a frequency that a series of `n` points shows at least twice. */
export function periodsOf(frequency: Frequency, detected: Periods, n: number): Periods {
  const natural = frequency.unit === 'count' ? detected : naturalPeriods(frequency);
  return natural.filter((period) => n >= cyclesNeeded * period + 1);
}

/** Longest cycle that is looked for where no calendar tells. */
const longest = 400;
/** Autocorrelation from which a peak counts as a cycle. */
const clear = 0.25;

/**
 * Cycles of series without a calendar, by the peaks of their mean autocorrelation after differencing away the trend.
 * @returns at most two whole periods, the second seven times the first: a day and a week, whatever the step
 */
export function detectPeriods(series: readonly Float64Array[]): Periods {
  const length = Math.min(longest, ...series.map((y) => Math.floor(y.length / 3)));
  if (!(length >= 4)) return [];
  const mean = new Float64Array(length + 1);
  for (const y of series) autocorrelations(y, length).forEach((r, lag) => (mean[lag] += r / series.length));
  const peaks: number[] = [];
  for (let lag = 2; lag < length; lag++) {
    if (mean[lag] >= clear && mean[lag] >= mean[lag - 1] && mean[lag] >= mean[lag + 1]) peaks.push(lag);
  }
  if (peaks.length === 0) return [];
  const highest = peaks.reduce((best, lag) => (mean[lag] > mean[best] ? lag : best));
  const first = peaks.find((lag) => highest % lag === 0 && mean[lag] >= 0.5 * mean[highest]) ?? highest;
  const week = 7 * first;
  if (week > length) return [first];
  // A week stands out among the other multiples of a day.
  const others = [2, 3, 4, 5, 6].map((k) => mean[k * first]);
  return mean[week] > others.reduce((sum, r) => sum + r, 0) / others.length ? [first, week] : [first];
}

function autocorrelations(y: Float64Array, length: number): Float64Array {
  const z = detrended(y);
  const variance = z.reduce((total, value) => total + value * value, 0);
  const result = new Float64Array(length + 1);
  if (!(variance > 0)) return result;
  for (let lag = 0; lag <= length; lag++) {
    let total = 0;
    for (let t = lag; t < z.length; t++) total += z[t] * z[t - lag];
    // Far lags have fewer pairs; their mean product counts, not the sum.
    result[lag] = (total / variance) * (z.length / (z.length - lag));
  }
  return result;
}

/** Less its least-squares line. */
function detrended(y: Float64Array): Float64Array {
  const n = y.length;
  const centre = (n - 1) / 2;
  let [mean, slope, squares] = [0, 0, 0];
  for (let t = 0; t < n; t++) mean += y[t] / n;
  for (let t = 0; t < n; t++) {
    slope += (t - centre) * (y[t] - mean);
    squares += (t - centre) ** 2;
  }
  return y.map((value, t) => value - mean - (squares === 0 ? 0 : slope / squares) * (t - centre));
}
