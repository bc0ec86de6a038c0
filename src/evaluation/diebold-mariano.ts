import { ConfigError, DataError } from '../core/errors.js';
import { studentCdf, studentQuantile } from './student-t.js';

/** A test of equal accuracy of two forecasts. */
export interface DieboldMariano {
  /** Mean of the differences of the losses. */
  readonly difference: number;
  /** With the small-sample correction: difference / statistic. */
  readonly standardError: number;
  readonly statistic: number;
  readonly degrees: number;
  /** Two-sided. */
  readonly pValue: number;
  /** The end of the interval of the difference below which lies `probability`. */
  readonly quantile: (probability: number) => number;
}

/**
 * Diebold & Mariano (1995) with the correction of Harvey, Leybourne & Newbold (1997) for small samples: the mean of
 * the differences of two forecasts' losses over its standard error, which allows for correlation over `horizon - 1`
 * steps, scaled by √((n + 1 - 2h + h(h - 1) / n) / n) and read in Student's t with n - 1 degrees of freedom. Where
 * the rectangular window gives no positive variance, Bartlett's weights are taken (Newey & West 1987).
 * @param differences `[n]` loss of one forecast minus that of the other: in the order of time for `horizon` above 1
 * @param horizon steps ahead of the forecasts; 1 for differences that do not depend on each other
 * @throws {DataError} for fewer than two differences or one that is not finite
 * @throws {ConfigError} for a horizon that is not a whole number from 1 to below n / 2
 */
export function dieboldMariano(differences: ArrayLike<number>, horizon = 1): DieboldMariano {
  const n = differences.length;
  if (n < 2) throw new DataError(`diebold-mariano: ${n} differences, expected at least two`);
  if (!Number.isInteger(horizon) || horizon < 1 || (horizon > 1 && horizon >= n / 2)) {
    throw new ConfigError(
      `horizon=${horizon} must be a whole number from 1 to below half of ${n} differences`,
    );
  }
  let mean = 0;
  for (let i = 0; i < n; i++) {
    if (!Number.isFinite(differences[i])) {
      throw new DataError(`diebold-mariano: differences[${i}]=${differences[i]} must be finite`);
    }
    mean += differences[i] / n;
  }
  const covariance = (lag: number): number => {
    let sum = 0;
    for (let i = lag; i < n; i++) sum += (differences[i] - mean) * (differences[i - lag] - mean);
    return sum / n;
  };
  const covariances = Array.from({ length: horizon }, (_, lag) => covariance(lag));
  const longRun = (weight: (lag: number) => number): number =>
    covariances.reduce((sum, value, lag) => sum + (lag === 0 ? value : 2 * weight(lag) * value), 0);
  let variance = longRun(() => 1);
  if (!(variance > 0)) variance = longRun((lag) => 1 - lag / horizon);
  const correction = (n + 1 - 2 * horizon + (horizon * (horizon - 1)) / n) / n;
  const standardError = Math.sqrt(variance / n / correction);
  const statistic = mean === 0 ? 0 : mean / standardError;
  const degrees = n - 1;
  return {
    difference: mean,
    standardError,
    statistic,
    degrees,
    pValue: 2 * studentCdf(-Math.abs(statistic), degrees),
    quantile: (probability) =>
      standardError === 0 ? mean : mean + studentQuantile(probability, degrees) * standardError,
  };
}
