import { DataError } from '../core/errors.js';
import { checkProbabilities, checkWeight } from './check-input.js';

/** Logistic recalibration: logit P(y = 1) = intercept + slope * logit(p). Calibrated: slope 1, intercept 0. */
export interface CalibrationLine {
  /** Below 1: probabilities too extreme; above 1: too timid. */
  readonly slope: number;
  /** Above 0: probabilities too low (at slope 1); below 0: too high. */
  readonly intercept: number;
  readonly slopeStandardError: number;
  readonly interceptStandardError: number;
}

/**
 * Slope and intercept of calibration by maximum likelihood (Cox 1958, "Two further applications of a model for
 * binary regression"); standard errors from the observed information. Probabilities are clipped to
 * [2^-52, 1 - 2^-52] so that their logits are finite.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row, and where no finite line exists: one class only, one distinct
 *   probability, or classes that the probabilities separate
 */
export function calibrationLine(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  sampleWeight?: ArrayLike<number>,
): CalibrationLine {
  checkProbabilities('calibration line', y, p);
  const line = fitCalibrationLine(y, p, checkWeight('calibration line', sampleWeight, y.length));
  if (line === null) {
    throw new DataError(
      'calibration line: has no finite solution, it needs both classes and probabilities of the two that overlap',
    );
  }
  return line;
}

/** The line for checked input, or null where the likelihood has no finite maximum. */
export function fitCalibrationLine(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  weight: Float64Array,
): CalibrationLine | null {
  const x = Float64Array.from(p, (pi) => {
    const clipped = Math.min(Math.max(pi, Number.EPSILON), 1 - Number.EPSILON);
    return Math.log(clipped) - Math.log1p(-clipped);
  });
  if (!overlaps(y, x, weight)) return null;

  let at = derivatives(y, x, weight, 0, 1);
  for (let iteration = 0; iteration < 100; iteration++) {
    const determinant = at.h00 * at.h11 - at.h01 * at.h01;
    const stepIntercept = (at.h11 * at.g0 - at.h01 * at.g1) / determinant;
    const stepSlope = (at.h00 * at.g1 - at.h01 * at.g0) / determinant;
    let fraction = 1;
    let next = derivatives(y, x, weight, at.intercept + stepIntercept, at.slope + stepSlope);
    // Newton can overshoot where the likelihood is nearly flat; it is concave, so a shorter step always gains.
    while (!(next.logLikelihood >= at.logLikelihood) && fraction > 1e-10) {
      fraction /= 2;
      next = derivatives(
        y,
        x,
        weight,
        at.intercept + fraction * stepIntercept,
        at.slope + fraction * stepSlope,
      );
    }
    const moved = fraction * Math.max(Math.abs(stepIntercept), Math.abs(stepSlope));
    if (next.logLikelihood >= at.logLikelihood) at = next;
    if (moved <= 1e-12 * (1 + Math.abs(at.slope) + Math.abs(at.intercept))) break;
  }
  const determinant = at.h00 * at.h11 - at.h01 * at.h01;
  return {
    slope: at.slope,
    intercept: at.intercept,
    slopeStandardError: Math.sqrt(at.h00 / determinant),
    interceptStandardError: Math.sqrt(at.h11 / determinant),
  };
}

/** A finite maximum exists exactly when the logits of the two classes overlap (Albert & Anderson 1984). */
function overlaps(y: ArrayLike<number>, x: Float64Array, weight: Float64Array): boolean {
  const lowest = [Infinity, Infinity];
  const highest = [-Infinity, -Infinity];
  for (let i = 0; i < x.length; i++) {
    if (weight[i] === 0) continue;
    lowest[y[i]] = Math.min(lowest[y[i]], x[i]);
    highest[y[i]] = Math.max(highest[y[i]], x[i]);
  }
  return lowest[1] < highest[0] && lowest[0] < highest[1];
}

/** Log-likelihood, its gradient (g) and minus its Hessian (h) at one line. */
function derivatives(
  y: ArrayLike<number>,
  x: Float64Array,
  weight: Float64Array,
  intercept: number,
  slope: number,
) {
  let logLikelihood = 0;
  let g0 = 0;
  let g1 = 0;
  let h00 = 0;
  let h01 = 0;
  let h11 = 0;
  for (let i = 0; i < x.length; i++) {
    const margin = intercept + slope * x[i];
    const tail = Math.exp(-Math.abs(margin));
    const q = margin >= 0 ? 1 / (1 + tail) : tail / (1 + tail);
    const residual = weight[i] * (y[i] - q);
    const curvature = (weight[i] * tail) / (1 + tail) ** 2;
    logLikelihood +=
      weight[i] * ((y[i] === 1 ? Math.min(margin, 0) : Math.min(-margin, 0)) - Math.log1p(tail));
    g0 += residual;
    g1 += residual * x[i];
    h00 += curvature;
    h01 += curvature * x[i];
    h11 += curvature * x[i] * x[i];
  }
  return { intercept, slope, logLikelihood, g0, g1, h00, h01, h11 };
}
