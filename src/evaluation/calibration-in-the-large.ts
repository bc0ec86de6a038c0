import { checkProbabilities } from './check-input.js';

/** How far probabilities are off on the whole, in log-odds. */
export interface CalibrationInTheLarge {
  /** Above 0: probabilities too low; below 0: too high. */
  readonly intercept: number;
  readonly standardError: number;
}

/**
 * The intercept of logit P(y = 1) = intercept + logit(p) by maximum likelihood: calibration in the large (Cox 1958;
 * Van Calster et al. 2019). Unlike the intercept of a line whose slope is free it is no extrapolation where positives
 * are rare. Null with one class only, where no finite one exists.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1, above 0 and below 1
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 */
export function calibrationInTheLarge(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
): CalibrationInTheLarge | null {
  checkProbabilities('calibration in the large', y, p);
  let positives = 0;
  for (let i = 0; i < y.length; i++) positives += y[i];
  if (positives === 0 || positives === y.length) return null;
  const logit = Float64Array.from(p, (pi) => Math.log(pi) - Math.log1p(-pi));
  let intercept = 0;
  let information = 0;
  // The score falls from above 0 to below it; bisection holds what Newton's steps might leave.
  let low = -80;
  let high = 80;
  for (let iteration = 0; iteration < 200; iteration++) {
    let score = positives;
    information = 0;
    for (const x of logit) {
      const q = 1 / (1 + Math.exp(-intercept - x));
      score -= q;
      information += q * (1 - q);
    }
    if (score > 0) low = intercept;
    else high = intercept;
    const step = score / information;
    const next = intercept + step;
    const inside = next > low && next < high;
    const moved = inside ? step : (low + high) / 2 - intercept;
    intercept += moved;
    if (Math.abs(moved) <= 1e-12 * (1 + Math.abs(intercept))) break;
  }
  return { intercept, standardError: 1 / Math.sqrt(information) };
}
