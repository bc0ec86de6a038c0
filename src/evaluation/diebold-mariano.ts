import { DataError } from '../core/errors.js';
import { studentCdf } from './student.js';

/** Whether one forecast errs more than another. */
export interface DieboldMariano {
  /** Mean of loss(a) - loss(b); below 0 where a is better. */
  readonly difference: number;
  readonly statistic: number;
  /** Two-sided. */
  readonly pValue: number;
}

/**
 * Test of equal accuracy of two forecasts (Diebold & Mariano 1995) with the small-sample correction of Harvey,
 * Leybourne & Newbold (1997): loss differences of forecasts h steps ahead are correlated up to lag h - 1, so their
 * variance is the rectangular-kernel long-run one, and the corrected statistic is compared with Student's t of n - 1
 * degrees. Where that variance is not positive, the one with Bartlett weights (Newey & West 1987) stands for it, as in
 * R's `forecast::dm.test(varestimator = "bartlett")`.
 * @param a losses `[n]` of one forecast, in the order of time
 * @param b losses `[n]` of the other
 * @param horizon steps ahead, from 1
 * @throws {DataError} for fewer than horizon + 2 losses, or different numbers of them
 */
export function dieboldMariano(a: ArrayLike<number>, b: ArrayLike<number>, horizon = 1): DieboldMariano {
  const n = a.length;
  if (n !== b.length)
    throw new DataError(`diebold-mariano: ${n} losses against ${b.length}, expected as many`);
  if (n < horizon + 2) {
    throw new DataError(
      `diebold-mariano: ${n} losses, expected at least ${horizon + 2} for horizon ${horizon}`,
    );
  }
  const d = Float64Array.from({ length: n }, (_, i) => a[i] - b[i]);
  const mean = d.reduce((sum, value) => sum + value, 0) / n;
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (d[i] - mean) * (d[i - lag] - mean);
    return sum / n;
  };
  const lags = Array.from({ length: horizon - 1 }, (_, i) => i + 1);
  const longRun = (weight: (lag: number) => number): number =>
    lags.reduce((sum, lag) => sum + 2 * weight(lag) * covariance(lag), covariance(0));
  const rectangular = longRun(() => 1);
  const variance = (rectangular > 0 ? rectangular : longRun((lag) => 1 - lag / horizon)) / n;
  if (!(variance > 0))
    return { difference: mean, statistic: mean === 0 ? 0 : mean * Infinity, pValue: mean === 0 ? 1 : 0 };
  const correction = Math.sqrt((n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n);
  const statistic = (mean / Math.sqrt(variance)) * correction;
  return { difference: mean, statistic, pValue: 2 * studentCdf(-Math.abs(statistic), n - 1) };
}
