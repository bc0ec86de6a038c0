import { aboveZero, checkInteger, checkWithin, mergeParams } from '../params.js';
import { ConfigError } from '../../core/errors.js';
import { solveCholesky } from '../linear/cholesky.js';

/** What a regression on a series' own past reads. */
export interface LagRegressionParams {
  /** Steps back, distinct, each at least 1; lags that leave too few rows to learn from are dropped by `fit`. */
  readonly lags: readonly number[];
  /** The series is differenced at this lag first; 0 for not at all. */
  readonly difference: number;
  /** Ridge penalty on standardised columns, per row; above 0. */
  readonly l2Regularization: number;
}

/** A fitted regression and the end of the series it goes on from. */
export interface LagRegressionModel {
  readonly kind: 'lag-regression';
  readonly format: 1;
  readonly difference: number;
  readonly lags: Int32Array;
  readonly intercept: number;
  /** `[nLags]`, in the unit of the series. */
  readonly coefficients: Float64Array;
  /** `[nExogenous]` */
  readonly exogenousCoefficients: Float64Array;
  /** The last values before the origin, as many as one forecast reads. */
  readonly tail: Float64Array;
}

const defaults: LagRegressionParams = { lags: [1], difference: 0, l2Regularization: 0.01 };

/** A deviation of less than this share of the series' size is rounding. */
const rounding = 1e-9;
/** Fewer rows than this many per lag cannot tell lags apart. */
const rowsPerLag = 2;

/**
 * @throws {ConfigError} naming a parameter out of its range
 */
export function lagRegressionParams(given: Partial<LagRegressionParams>): LagRegressionParams {
  const params = mergeParams('lag regression', defaults, given);
  checkInteger(params, 'difference', 0, 1e6);
  checkWithin(params, 'l2Regularization', aboveZero, Number.MAX_VALUE);
  params.lags.forEach((lag, i) => {
    if (!Number.isInteger(lag) || lag < 1 || params.lags.indexOf(lag) !== i) {
      throw new ConfigError(`lags=${params.lags.join()} must be distinct whole numbers of at least 1`);
    }
  });
  return params;
}

/**
 * Ridge regression of a (differenced) series on its own lags and on columns known in advance, solved by the normal
 * equations, once for each of several origins: one pass over the rows serves them all, and the model of an origin
 * has seen nothing after it.
 *
 * A dynamic harmonic regression (Hyndman & Athanasopoulos 2021, section 10.5) where the known columns are Fourier
 * terms; an autoregression where there are none.
 *
 * @param y `[n]`, oldest first, finite
 * @param exogenous `[nExogenous][>= n]` columns known in advance
 * @param origins ascending, each from 1 to n; a model sees `y[0 .. origin)`
 * @returns a model per origin
 */
export function fitLagRegressions(
  y: Float64Array,
  exogenous: readonly Float64Array[],
  origins: readonly number[],
  params: LagRegressionParams,
): LagRegressionModel[] {
  const first = origins[0];
  const difference = params.difference < first - 2 ? params.difference : 0;
  const lags = usableLags(params.lags, first - difference, exogenous.length);
  const z = differenced(y, difference);
  // Sums of squares of what lies far from 0 would lose the digits that matter.
  const centre = mean(z, difference, first);
  const centred = z.map((value) => value - centre);
  const floor = rounding * mean(y.map(Math.abs), 0, first);
  const reach = difference + (lags.at(-1) ?? 0);
  const columns = [
    ...lags.map((lag) => centred.subarray(reach - lag)),
    ...exogenous.map((column) =>
      difference === 0 ? column.subarray(reach) : differenced(column, difference).subarray(reach),
    ),
  ];
  const sums = new Moments(columns, centred.subarray(reach));
  return origins.map((origin) => {
    sums.extend(origin - reach);
    const { intercept, slopes } = sums.solve(params.l2Regularization, floor, lags.length);
    const ofLags = slopes.subarray(0, lags.length).reduce((total, slope) => total + slope, 0);
    return Object.freeze({
      kind: 'lag-regression',
      format: 1,
      difference,
      lags: Int32Array.from(lags),
      intercept: intercept + centre * (1 - ofLags),
      coefficients: slopes.subarray(0, lags.length).slice(),
      exogenousCoefficients: slopes.subarray(lags.length).slice(),
      tail: y.slice(Math.max(0, origin - reach - difference), origin),
    } as const);
  });
}

/**
 * Goes on from the model's origin, each step reading the forecasts before it.
 * @param exogenous `[nExogenous][>= origin + horizon]`, the columns the model was fitted on
 * @param origin where the model's series ended
 * @returns `[horizon]`
 */
export function forecastLagRegression(
  model: LagRegressionModel,
  horizon: number,
  exogenous: readonly Float64Array[] = [],
  origin = 0,
): Float64Array {
  const { tail, lags, coefficients, exogenousCoefficients, difference } = model;
  const n = tail.length;
  const path = new Float64Array(n + horizon);
  path.set(tail);
  // Differences are taken where a lag falls, so that the path itself stays in the unit of the series.
  for (let h = 0; h < horizon; h++) {
    const t = n + h;
    let next = model.intercept;
    for (let k = 0; k < lags.length; k++) {
      const s = t - lags[k];
      next += coefficients[k] * (difference === 0 ? path[s] : path[s] - path[s - difference]);
    }
    for (let k = 0; k < exogenousCoefficients.length; k++) {
      const column = exogenous[k];
      const now = column[origin + h];
      next += exogenousCoefficients[k] * (difference === 0 ? now : now - column[origin + h - difference]);
    }
    path[t] = difference === 0 ? next : next + path[t - difference];
  }
  return path.subarray(n);
}

/** Lags, ascending, that leave at least twice as many rows as there are columns, the farthest dropped first. */
function usableLags(lags: readonly number[], n: number, nExogenous: number): number[] {
  const sorted = [...lags].sort((a, b) => a - b);
  while (sorted.length > 0) {
    const rows = n - sorted[sorted.length - 1];
    if (rows >= rowsPerLag * (sorted.length + nExogenous + 1) && rows >= n / 3) break;
    sorted.pop();
  }
  return sorted;
}

/** `y[t] - y[t - lag]`; the first `lag` values, which have nothing to be compared with, are 0 and never read. */
function differenced(y: Float64Array, lag: number): Float64Array {
  if (lag === 0) return y;
  const z = new Float64Array(y.length);
  for (let t = lag; t < y.length; t++) z[t] = y[t] - y[t - lag];
  return z;
}

function mean(values: Float64Array, from: number, to: number): number {
  return to > from ? sum(values, from, to) / (to - from) : 0;
}

/** Sums of products of columns and target over a growing number of rows. */
class Moments {
  private rows = 0;
  private readonly sums: Float64Array;
  private targetSum = 0;
  private targetSquares = 0;
  /** Lower triangle, row by row. */
  private readonly products: Float64Array;
  private readonly targetProducts: Float64Array;

  constructor(
    private readonly columns: readonly Float64Array[],
    private readonly target: Float64Array,
  ) {
    const k = columns.length;
    this.sums = new Float64Array(k);
    this.products = new Float64Array(k * k);
    this.targetProducts = new Float64Array(k);
  }

  extend(rows: number): void {
    const [from, to] = [this.rows, Math.max(this.rows, rows)];
    const k = this.columns.length;
    for (let i = 0; i < k; i++) {
      const a = this.columns[i];
      for (let j = 0; j <= i; j++) this.products[i * k + j] += dot(a, this.columns[j], from, to);
      this.targetProducts[i] += dot(a, this.target, from, to);
      this.sums[i] += sum(a, from, to);
    }
    this.targetSum += sum(this.target, from, to);
    this.targetSquares += dot(this.target, this.target, from, to);
    this.rows = to;
  }

  /** @param floor a standard deviation below this is rounding: the target is constant */
  solve(l2: number, floor: number, nLags: number): { intercept: number; slopes: Float64Array } {
    const { columns, rows } = this;
    const k = columns.length;
    if (rows === 0) return { intercept: 0, slopes: new Float64Array(k) };
    const targetMean = this.targetSum / rows;
    const scale = Math.sqrt(Math.max(this.targetSquares / rows - targetMean ** 2, 0));
    if (!(scale > floor)) return { intercept: targetMean, slopes: new Float64Array(k) };
    const gram = new Float64Array(k * k);
    const right = new Float64Array(k);
    // Lags carry the unit of the series, the known columns are of order 1: the penalty sees both alike.
    const unit = (i: number): number => (i < nLags ? scale : 1);
    for (let i = 0; i < k; i++) {
      for (let j = 0; j <= i; j++) {
        const covariance = this.products[i * k + j] / rows - (this.sums[i] / rows) * (this.sums[j] / rows);
        gram[i * k + j] = covariance / (unit(i) * unit(j));
      }
      gram[i * k + i] += l2;
      const covariance = this.targetProducts[i] / rows - (this.sums[i] / rows) * targetMean;
      right[i] = covariance / (unit(i) * scale);
    }
    const slopes = solveCholesky(gram, right);
    let intercept = targetMean;
    for (let i = 0; i < k; i++) {
      slopes[i] *= scale / unit(i);
      intercept -= slopes[i] * (this.sums[i] / rows);
    }
    return { intercept, slopes };
  }
}

function dot(a: Float64Array, b: Float64Array, from: number, to: number): number {
  // Four sums at once: the additions need not wait for each other.
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let t = from;
  for (; t + 3 < to; t += 4) {
    s0 += a[t] * b[t];
    s1 += a[t + 1] * b[t + 1];
    s2 += a[t + 2] * b[t + 2];
    s3 += a[t + 3] * b[t + 3];
  }
  for (; t < to; t++) s0 += a[t] * b[t];
  return s0 + s1 + (s2 + s3);
}

function sum(a: Float64Array, from: number, to: number): number {
  let total = 0;
  for (let t = from; t < to; t++) total += a[t];
  return total;
}
