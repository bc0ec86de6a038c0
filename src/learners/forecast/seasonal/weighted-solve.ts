import { dotAt } from './dot.js';
import { penalizedFactor, solveFactor } from './factor.js';
import { mirrored, type SeasonalDesign } from './design.js';

/** Points that count for less than one. */
export interface Shortfall {
  /** Ascending. */
  readonly rows: Int32Array;
  /** What each lacks of the weight 1, above 0 and at most 1. */
  readonly lacks: Float64Array;
}

/** A design with a penalty, and the factor of both when every point counts. */
export interface PenalizedDesign {
  readonly design: SeasonalDesign;
  /** `[nColumns]` */
  readonly penalty: Float64Array;
  /** `[nColumns, nColumns]` */
  readonly factor: Float64Array;
}

/** The same designs without some rows, whose part is taken out of the Gram matrix; the factors are made anew. */
export function withoutRows(
  penalized: readonly PenalizedDesign[],
  rows: Int32Array,
): readonly PenalizedDesign[] {
  if (rows.length === 0) return penalized;
  const { design } = penalized[0];
  const gram = mirrored(
    gramWithout(design, { rows, lacks: new Float64Array(rows.length).fill(1) }),
    design.nColumns,
  );
  const remaining = { ...design, grams: new Map(design.grams).set(design.n, gram) };
  return penalized.map(({ penalty }) => ({
    design: remaining,
    penalty,
    factor: penalizedFactor(gram, penalty),
  }));
}

/** Above this share of points that lack weight their Gram matrix is made anew. */
const mostLacking = 0.3;
const mostSteps = 60;

/**
 * Coefficients `[nColumns]` of the ridge regression in which some points lack weight, by conjugate gradients
 * preconditioned with the factor in which all count (Golub & Van Loan 2013, algorithm 11.5.1): a step costs
 * `2 nColumns²` and the rows that lack weight, so a few outliers cost next to nothing. Where too many lack
 * weight, or the steps do not end, the weighted normal equations are solved as they stand.
 *
 * @param rhs `[nColumns]`, the weighted sum of the rows times the series
 * @param start `[nColumns]`, a guess
 * @param tolerance of the error, in the norm of the regression, beside the fit itself
 */
export function solveWeighted(
  penalized: PenalizedDesign,
  rhs: Float64Array,
  shortfall: Shortfall,
  start?: Float64Array,
  tolerance = 1e-13,
): Float64Array {
  const { design, factor } = penalized;
  if (shortfall.rows.length === 0) return solveFactor(factor, rhs, new Float64Array(rhs.length));
  if (shortfall.rows.length > mostLacking * design.n) return solveExactly(penalized, rhs, shortfall);

  const x = start?.slice() ?? solveFactor(factor, rhs, new Float64Array(rhs.length));
  const product = new Float64Array(rhs.length);
  multiply(penalized, shortfall, x, product);
  const residual = rhs.map((value, j) => value - product[j]);
  const ahead = solveFactor(factor, residual, new Float64Array(rhs.length));
  const direction = ahead.slice();
  let rho = dotAt(residual, 0, ahead);
  const enough =
    tolerance * tolerance * dotAt(rhs, 0, solveFactor(factor, rhs, new Float64Array(rhs.length)));
  for (let step = 0; rho > enough; step++) {
    if (step === mostSteps) return solveExactly(penalized, rhs, shortfall);
    multiply(penalized, shortfall, direction, product);
    const alpha = rho / dotAt(direction, 0, product);
    for (let j = 0; j < x.length; j++) {
      x[j] += alpha * direction[j];
      residual[j] -= alpha * product[j];
    }
    solveFactor(factor, residual, ahead);
    const next = dotAt(residual, 0, ahead);
    for (let j = 0; j < x.length; j++) direction[j] = ahead[j] + (next / rho) * direction[j];
    rho = next;
  }
  return x;
}

/** Weighted Gram matrix and penalty times a vector. */
function multiply(
  { design, penalty }: PenalizedDesign,
  { rows, lacks }: Shortfall,
  vector: Float64Array,
  out: Float64Array,
): void {
  const size = vector.length;
  const gram = design.grams.get(design.n)!;
  for (let j = 0; j < size; j++) {
    out[j] = penalty[j] * vector[j] + dotAt(gram, j * size, vector);
  }
  for (let at = 0; at < rows.length; at++) {
    const amount = -lacks[at] * rowProduct(design, rows[at], vector);
    addRow(design, rows[at], amount, out);
  }
}

function solveExactly(
  { design, penalty }: PenalizedDesign,
  rhs: Float64Array,
  shortfall: Shortfall,
): Float64Array {
  return solveFactor(
    penalizedFactor(gramWithout(design, shortfall), penalty),
    rhs,
    new Float64Array(rhs.length),
  );
}

/** The whole Gram matrix without what some rows lack; only its lower triangle is right. */
function gramWithout(design: SeasonalDesign, { rows, lacks }: Shortfall): Float64Array {
  const size = design.nColumns;
  const gram = design.grams.get(design.n)!.slice();
  for (let at = 0; at < rows.length; at++) {
    const offset = rows[at] * size;
    for (let j = 0; j < size; j++) {
      const value = lacks[at] * design.rows[offset + j];
      if (value === 0) continue;
      for (let k = 0; k <= j; k++) gram[j * size + k] -= value * design.rows[offset + k];
    }
  }
  return gram;
}

/** A row of the design times a vector `[nColumns]`. */
export function rowProduct({ rows, nColumns }: SeasonalDesign, row: number, vector: Float64Array): number {
  return dotAt(rows, row * nColumns, vector);
}

/** Adds `amount` times a row of the design to `out` `[nColumns]`. */
export function addRow(
  { rows, nColumns }: SeasonalDesign,
  row: number,
  amount: number,
  out: Float64Array,
): void {
  const offset = row * nColumns;
  for (let j = 0; j < nColumns; j++) out[j] += amount * rows[offset + j];
}
