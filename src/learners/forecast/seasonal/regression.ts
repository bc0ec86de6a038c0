import { fittedValues, transposedProducts } from './products.js';
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
const mostReweightings = 3;
const fineTolerance = 1e-10;
const roughTolerance = 1e-3;
/** Weights that change by less than this are settled. */
const settled = 0.02;

/**
 * Ridge regression of a series.
 * @param penalized without the rows at which the series is missing
 * @param z `[n]`, NaN where missing
 */
export function regress(penalized: PenalizedDesign, z: Float64Array): Regression {
  const { design } = penalized;
  const [rhs] = transposedProducts(design, z, [design.n]);
  const shortfall: Shortfall = { rows: new Int32Array(0), lacks: new Float64Array(0) };
  const coefficients = solveWeighted(penalized, rhs, shortfall);
  return { coefficients, residuals: residualsOf(design, z, coefficients), rhs, shortfall };
}

/**
 * The regression in which points far from the fit count as much less as they are farther than 2.5 robust standard
 * deviations (Huber's weights, a few reweightings).
 *
 * @param plain the regression of the same series in which all count alike
 */
export function regressRobustly(penalized: PenalizedDesign, z: Float64Array, plain: Regression): Regression {
  const { design } = penalized;
  let { coefficients, residuals, rhs, shortfall } = plain;
  for (let round = 1; round <= mostReweightings; round++) {
    const next = huberShortfall(residuals);
    if (largestChange(shortfall, next) < settled) break;
    shortfall = next;
    rhs = plain.rhs.slice();
    for (let at = 0; at < shortfall.rows.length; at++) {
      const row = shortfall.rows[at];
      addRow(design, row, -shortfall.lacks[at] * z[row], rhs);
    }
    const tolerance = round === mostReweightings ? fineTolerance : roughTolerance;
    coefficients = solveWeighted(penalized, rhs, shortfall, coefficients, tolerance);
    residuals = residualsOf(design, z, coefficients);
  }
  return { coefficients, residuals, rhs, shortfall };
}

/** The series as the regression saw it: the fit where a value is missing, drawn towards it where it is far off. */
export function cleanedSeries(
  design: SeasonalDesign,
  z: Float64Array,
  { coefficients, residuals, shortfall: { rows, lacks } }: Regression,
): Float64Array {
  const cleaned = z.slice();
  for (let at = 0; at < rows.length; at++) cleaned[rows[at]] -= lacks[at] * residuals[rows[at]];
  for (let i = 0; i < cleaned.length; i++) {
    if (Number.isNaN(cleaned[i])) cleaned[i] = rowProduct(design, i, coefficients);
  }
  return cleaned;
}

/** Series minus fit, `[to - from]`, NaN where missing. */
export function residualsOf(
  design: SeasonalDesign,
  z: Float64Array,
  coefficients: Float64Array,
  from = 0,
  to = z.length,
): Float64Array {
  const out = fittedValues(design, coefficients, from, to);
  for (let i = from; i < to; i++) out[i - from] = z[i] - out[i - from];
  return out;
}

function huberShortfall(residuals: Float64Array): Shortfall {
  const limit = huberThreshold * robustDeviation(residuals);
  const rows: number[] = [];
  const lacks: number[] = [];
  for (let i = 0; i < residuals.length; i++) {
    const size = Math.abs(residuals[i]);
    // A missing residual is never above the limit.
    if (!(size > limit)) continue;
    rows.push(i);
    lacks.push(1 - limit / size);
  }
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
  const median = select(sizes.subarray(0, count), count >> 1);
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

/** The value that sorting would put at `rank` (Hoare 1961, algorithm 65); reorders `values`. */
function select(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1];
    let i = low;
    let j = high;
    while (i <= j) {
      while (values[i] < pivot) i++;
      while (values[j] > pivot) j--;
      if (i > j) break;
      const held = values[i];
      values[i++] = values[j];
      values[j--] = held;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank];
}
