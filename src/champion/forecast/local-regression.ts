import { solveCholesky } from '../../learners/linear/cholesky.js';
import { fillByWeek } from './history.js';

/**
 * Ridge regressions of log(1 + y) on waves, events and lags, one per KOL, each drawn towards the one of all KOLs
 * together as an empirical Bayes prior would (Efron & Morris 1973): a KOL of few days behaves like the others. One
 * pass over the days serves all origins; a model has seen nothing after its own.
 */
export interface LocalRegressions {
  /** `[nKols]`, NaN where a KOL had no value by then. */
  readonly center: Float64Array;
  /** `[nKols][nCoefficients]` intercept and other regressors, then lags. */
  readonly coefficients: Float64Array;
}

/** How strongly a KOL's coefficients are drawn to those of all, in days of data. */
const priorDays = { intercept: 0.1, known: 5, lags: 30 };

/**
 * @param z `[nKols][nDays]` log(1 + y), NaN where missing
 * @param regressors `[>= nDays][nKnown]` known beforehand, the first one 1
 * @param lags ascending
 * @param origins ascending numbers of days that each answer may have seen
 */
export function localRegressions(
  z: readonly Float64Array[],
  regressors: Float64Array,
  nKnown: number,
  lags: readonly number[],
  origins: readonly number[],
): LocalRegressions[] {
  const size = nKnown + lags.length;
  const nKols = z.length;
  const cells = (size * (size + 1)) / 2 + size;
  const nShared = (nKnown * (nKnown + 1)) / 2;
  // Per origin and KOL: the lower triangle of the Gram matrix row by row, then the right-hand side.
  const sums = origins.map(() => new Float64Array(nKols * cells));
  const variances = origins.map(() => new Float64Array(nKols));
  const centers = origins.map(() => new Float64Array(nKols).fill(NaN));
  const row = new Float64Array(size);
  const nDays = origins[origins.length - 1];
  const shared = sharedSums(regressors, nKnown, nDays);

  z.forEach((series, k) => {
    const filled = series.slice();
    // Means of the days of the first origin that has any: later ones must not change what an earlier one knew.
    const centre = origins.map((end) => meanOf(series, end)).find((mean) => !Number.isNaN(mean)) ?? NaN;
    if (Number.isNaN(centre)) return;
    const first = series.findIndex((value) => !Number.isNaN(value));
    fillByWeek(filled, centre);
    const sum = new Float64Array(cells);
    // Products of what is known beforehand are the same for all KOLs, but for the days that one lacks.
    const absent = new Float64Array(nShared);
    let squares = 0;
    let n = 0;
    let t = first;
    origins.forEach((end, o) => {
      for (; t < end; t++) {
        const value = series[t] - centre;
        if (Number.isNaN(value)) {
          for (let i = 0; i < nShared; i++)
            absent[i] += shared[(t + 1) * nShared + i] - shared[t * nShared + i];
          continue;
        }
        squares += value * value;
        n++;
        for (let j = 0; j < nKnown; j++) row[j] = regressors[t * nKnown + j];
        for (let j = 0; j < lags.length; j++)
          row[nKnown + j] = t >= lags[j] ? filled[t - lags[j]] - centre : 0;
        addProducts(sum, row, nKnown, value);
      }
      if (end > first)
        for (let i = 0; i < nShared; i++)
          sum[i] = shared[end * nShared + i] - shared[first * nShared + i] - absent[i];
      if (n === 0) return;
      sums[o].set(sum, k * cells);
      variances[o][k] = Math.max(squares / n, 1e-4);
      centers[o][k] = centre;
    });
  });

  return origins.map((_, o) => ({
    center: centers[o],
    coefficients: solveAll(sums[o], variances[o], size, nKnown, cells),
  }));
}

/** `[nDays + 1][nShared]` sums over all days before of the products of regressors, lower triangle row by row. */
function sharedSums(regressors: Float64Array, nKnown: number, nDays: number): Float64Array {
  const width = (nKnown * (nKnown + 1)) / 2;
  const sums = new Float64Array((nDays + 1) * width);
  for (let t = 0; t < nDays; t++) {
    let at = 0;
    for (let i = 0; i < nKnown; i++) {
      for (let j = 0; j <= i; j++, at++) {
        const product = regressors[t * nKnown + i] * regressors[t * nKnown + j];
        sums[(t + 1) * width + at] = sums[t * width + at] + product;
      }
    }
  }
  return sums;
}

/** Adds a day's products with lags, and with the value, to the sums of a KOL. */
function addProducts(sum: Float64Array, row: Float64Array, nKnown: number, value: number): void {
  const size = row.length;
  let at = (nKnown * (nKnown + 1)) / 2;
  for (let i = nKnown; i < size; i++) {
    const x = row[i];
    for (let j = 0; j <= i; j++) sum[at++] += x * row[j];
  }
  for (let i = 0; i < size; i++) sum[at++] += value * row[i];
}

function solveAll(
  sums: Float64Array,
  variances: Float64Array,
  size: number,
  nKnown: number,
  cells: number,
): Float64Array {
  const pooled = new Float64Array(cells);
  variances.forEach((variance, k) => {
    if (variance === 0) return;
    for (let i = 0; i < cells; i++) pooled[i] += sums[k * cells + i] / variance;
  });
  const common = solve(pooled, size, new Float64Array(size).fill(1e-3), new Float64Array(size));
  const coefficients = new Float64Array(variances.length * size);
  variances.forEach((variance, k) => {
    const penalty = Float64Array.from(
      { length: size },
      (_, j) => variance * (j === 0 ? priorDays.intercept : j < nKnown ? priorDays.known : priorDays.lags),
    );
    const own =
      variance === 0 ? common : solve(sums.subarray(k * cells, (k + 1) * cells), size, penalty, common);
    coefficients.set(own, k * size);
  });
  return coefficients;
}

/** Minimises the squares behind `sums` and `penalty` times the squared distance from `towards`. */
function solve(sums: Float64Array, size: number, penalty: Float64Array, towards: Float64Array): Float64Array {
  const gram = new Float64Array(size * size);
  const right = new Float64Array(size);
  let at = 0;
  for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) gram[i * size + j] = sums[at++];
  for (let i = 0; i < size; i++) {
    right[i] = sums[at++] + penalty[i] * towards[i];
    gram[i * size + i] += penalty[i];
  }
  return solveCholesky(gram, right);
}

function meanOf(series: Float64Array, end: number): number {
  let sum = 0;
  let n = 0;
  for (let t = 0; t < end; t++) {
    if (Number.isNaN(series[t])) continue;
    sum += series[t];
    n++;
  }
  return n > 0 ? sum / n : NaN;
}
