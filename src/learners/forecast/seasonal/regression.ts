import { addRow, rowProduct, solveWeighted, type PenalizedDesign, type Shortfall } from './weighted-solve.js';
import type { SeasonalDesign } from './design.js';

/** A regression of one series. */
export interface Regression {
  /** `[nColumns]` */
  readonly coefficients: Float64Array;
  /** `[n]`, NaN where the series is missing. */
  readonly residuals: Float64Array;
  /** The weighted sum of the rows times the series, `[nColumns]`. */
  readonly rhs: Float64Array;
  readonly shortfall: Shortfall;
}

/** Robust standard deviations beyond which a residual counts for less (Huber 1964). */
const huberThreshold = 2.5;
const mostReweightings = 4;
/** Weights that change by less than this are settled. */
const settled = 0.02;

/**
 * Ridge regression of a series with gaps; with `robust`, points far from the fit count as much less as they are
 * farther than 2.5 robust standard deviations (Huber's weights, a few reweightings).
 *
 * @param z `[n]`, NaN where missing
 */
export function regress(penalized: PenalizedDesign, z: Float64Array, robust: boolean): Regression {
  const { design } = penalized;
  const plainRhs = new Float64Array(design.nColumns);
  const missing: number[] = [];
  for (let i = 0; i < z.length; i++) {
    if (Number.isNaN(z[i])) missing.push(i);
    else addRow(design, i, z[i], plainRhs);
  }
  let shortfall: Shortfall = { rows: Int32Array.from(missing), lacks: new Float64Array(missing.length).fill(1) };
  let rhs = plainRhs;
  let coefficients = solveWeighted(penalized, rhs, shortfall);
  let residuals = residualsOf(design, z, coefficients);
  for (let round = 0; robust && round < mostReweightings; round++) {
    const next = huberShortfall(residuals);
    if (largestChange(shortfall, next) < settled) break;
    shortfall = next;
    rhs = plainRhs.slice();
    shortfall.rows.forEach((row, at) => {
      if (!Number.isNaN(z[row])) addRow(design, row, -shortfall.lacks[at] * z[row], rhs);
    });
    coefficients = solveWeighted(penalized, rhs, shortfall, coefficients);
    residuals = residualsOf(design, z, coefficients);
  }
  return { coefficients, residuals, rhs, shortfall };
}

/** Series minus fit, `[n]`, NaN where missing. */
export function residualsOf(
  design: SeasonalDesign,
  z: Float64Array,
  coefficients: Float64Array,
  from = 0,
  to = z.length,
): Float64Array {
  const out = new Float64Array(to - from);
  for (let i = from; i < to; i++) out[i - from] = z[i] - rowProduct(design, i, coefficients);
  return out;
}

function huberShortfall(residuals: Float64Array): Shortfall {
  const limit = huberThreshold * robustDeviation(residuals);
  const rows: number[] = [];
  const lacks: number[] = [];
  residuals.forEach((r, i) => {
    if (Number.isNaN(r)) {
      rows.push(i);
      lacks.push(1);
    } else if (Math.abs(r) > limit) {
      rows.push(i);
      lacks.push(1 - limit / Math.abs(r));
    }
  });
  return { rows: Int32Array.from(rows), lacks: Float64Array.from(lacks) };
}

/**
 * The median absolute residual as a standard deviation, that of a normal distribution; where more than half are
 * next to nothing, the mean absolute residual instead.
 */
export function robustDeviation(residuals: Float64Array): number {
  const sizes = new Float64Array(residuals.length);
  let count = 0;
  let sum = 0;
  for (const r of residuals) {
    if (Number.isNaN(r)) continue;
    sizes[count++] = Math.abs(r);
    sum += Math.abs(r);
  }
  if (count === 0) return 0;
  const median = sizes.subarray(0, count).sort()[count >> 1];
  const mean = sum / count;
  return median > 0.1 * mean ? 1.4826 * median : 1.2533 * mean;
}

function largestChange(before: Shortfall, after: Shortfall): number {
  let change = 0;
  let at = 0;
  after.rows.forEach((row, k) => {
    while (before.rows[at] < row) change = Math.max(change, before.lacks[at++]);
    const known = before.rows[at] === row ? before.lacks[at++] : 0;
    change = Math.max(change, Math.abs(after.lacks[k] - known));
  });
  for (; at < before.rows.length; at++) change = Math.max(change, before.lacks[at]);
  return change;
}
