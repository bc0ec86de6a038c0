import { minimizeScalar } from './minimize-scalar.js';
import { runningLines, staticLine, type Lines } from './theta-lines.js';

/** A fitted theta model of a series without a season. */
export interface ThetaFit {
  readonly alpha: number;
  /** 1 - 1/θ, the weight of the regression line. */
  readonly lineWeight: number;
  /** The smoothed level before the first value. */
  readonly initialLevel: number;
  /** Mean squared one-step error after the third value. */
  readonly squaredError: number;
}

const alphaRange = [0.1, 0.99] as const;
/** θ is at least 1 and finite. */
const largestWeight = 1 - 1e-10;
/** The first errors are not counted: running lines still swing there. */
const burnIn = 3;
/** Below this many values there is nothing to optimise: the customary start stands. */
const leastValues = 7;

/**
 * Fits alpha, the initial level and, when `optimised`, θ (else θ = 2) to the smallest squared one-step error. For a
 * given alpha the errors are linear in the other two, so only alpha is searched for.
 * @param lines of all values (standard) or up to each (dynamic)
 */
export function fitTheta(y: Float64Array, isDynamic: boolean, isOptimised: boolean): ThetaFit {
  if (y.length < leastValues) return { alpha: 0.5, lineWeight: 0.5, initialLevel: y[0] / 2, squaredError: 0 };
  const lines = isDynamic ? runningLines(y) : staticLine(y);
  const errorAt = (alpha: number): number => profile(y, lines, alpha, isOptimised).squaredError;
  const alpha = minimizeScalar(errorAt, ...alphaRange, 12, 1e-6);
  return profile(y, lines, alpha, isOptimised);
}

/** The best fit with this alpha: least squares for the initial level and the weight of the line. */
function profile(
  y: Float64Array,
  { intercepts, slopes }: Lines,
  alpha: number,
  isOptimised: boolean,
): ThetaFit {
  const n = y.length;
  const keep = 1 - alpha;
  const isDynamic = slopes.length > 1;
  let intercept = intercepts[0];
  let slope = slopes[0];
  // The part of the level that the initial level does not enter, and that initial level's share, keep^i.
  let level = alpha * y[0];
  let share = keep;
  let [uu, ud, dd, ur, dr, rr] = [0, 0, 0, 0, 0, 0];
  for (let i = 1; i < n; i++) {
    if (isDynamic) {
      intercept = intercepts[i - 1];
      slope = slopes[i - 1];
    }
    const line = intercept * share + (slope * (1 - share * keep)) / alpha;
    const rest = y[i] - level;
    if (i >= burnIn) {
      uu += share * share;
      ud += share * line;
      dd += line * line;
      ur += share * rest;
      dr += line * rest;
      rr += rest * rest;
    }
    level += alpha * rest;
    // Numbers below the normal range are slow, and nothing here.
    share = share > 1e-140 ? share * keep : 0;
  }
  let weight = 0.5;
  const determinant = uu * dd - ud * ud;
  if (isOptimised && determinant > 1e-10 * uu * dd) {
    weight = Math.min(Math.max((uu * dr - ud * ur) / determinant, 0), largestWeight);
  }
  const initial = (ur - weight * ud) / uu;
  const sum =
    rr + weight * (weight * dd - 2 * dr) + initial * (initial * uu - 2 * ur) + 2 * weight * initial * ud;
  return {
    alpha,
    lineWeight: weight,
    initialLevel: initial,
    squaredError: Math.max(sum, 0) / (n - burnIn),
  };
}
