import { ConfigError, DataError } from '../core/errors.js';

// The one rule for missing values in this room: a NaN in y, prediction or weight is a DataError naming the row.

/**
 * @param y labels `[nRows]`, each 0 or 1
 * @param score `[nRows]`, any number but NaN
 * @throws {DataError} naming the metric, the row and the value
 */
export function checkScores(metric: string, y: ArrayLike<number>, score: ArrayLike<number>): void {
  checkRows(metric, y, score);
  for (let i = 0; i < y.length; i++) {
    if (y[i] !== 0 && y[i] !== 1) throw new DataError(`${metric}: y[${i}]=${y[i]} must be 0 or 1`);
    if (Number.isNaN(score[i])) throw new DataError(`${metric}: score[${i}]=NaN must be a number`);
  }
}

/**
 * @param y labels `[nRows]`, each 0 or 1
 * @param p probabilities `[nRows]` of class 1
 * @throws {DataError} naming the metric, the row and the value
 */
export function checkProbabilities(metric: string, y: ArrayLike<number>, p: ArrayLike<number>): void {
  checkRows(metric, y, p);
  for (let i = 0; i < y.length; i++) {
    if (y[i] !== 0 && y[i] !== 1) throw new DataError(`${metric}: y[${i}]=${y[i]} must be 0 or 1`);
    if (!(p[i] >= 0 && p[i] <= 1)) throw new DataError(`${metric}: p[${i}]=${p[i]} must be in [0, 1]`);
  }
}

/**
 * @param y targets `[nRows]`, finite
 * @param prediction `[nRows]`, finite
 * @throws {DataError} naming the metric, the row and the value
 */
export function checkValues(metric: string, y: ArrayLike<number>, prediction: ArrayLike<number>): void {
  checkRows(metric, y, prediction);
  for (let i = 0; i < y.length; i++) {
    if (!Number.isFinite(y[i])) throw new DataError(`${metric}: y[${i}]=${y[i]} must be finite`);
    if (!Number.isFinite(prediction[i])) {
      throw new DataError(`${metric}: prediction[${i}]=${prediction[i]} must be finite`);
    }
  }
}

/**
 * @param y class indices `[nRows]`
 * @param P one column of probabilities `[nRows]` per class; every row sums to 1 within 0.001
 * @throws {DataError} naming the metric, the row and the value
 */
export function checkClassProbabilities(
  metric: string,
  y: ArrayLike<number>,
  P: readonly ArrayLike<number>[],
): void {
  if (P.length < 2)
    throw new DataError(`${metric}: P has ${P.length} columns, expected one per class (2 or more)`);
  for (const column of P) checkRows(metric, y, column);
  for (let i = 0; i < y.length; i++) {
    if (!Number.isInteger(y[i]) || y[i] < 0 || y[i] >= P.length) {
      throw new DataError(`${metric}: y[${i}]=${y[i]} must be a class index from 0 to ${P.length - 1}`);
    }
    let sum = 0;
    for (let k = 0; k < P.length; k++) {
      const p = P[k][i];
      if (!(p >= 0 && p <= 1)) throw new DataError(`${metric}: P[${k}][${i}]=${p} must be in [0, 1]`);
      sum += p;
    }
    if (Math.abs(sum - 1) > 1e-3) {
      throw new DataError(`${metric}: the probabilities of row ${i} sum to ${sum}, expected 1`);
    }
  }
}

/**
 * The weights as doubles; 1 each when left out.
 * @throws {DataError} for a wrong length, a weight that is negative or not finite, or weights that are all 0
 */
export function checkWeight(
  metric: string,
  sampleWeight: ArrayLike<number> | undefined,
  nRows: number,
): Float64Array {
  if (sampleWeight === undefined) return new Float64Array(nRows).fill(1);
  if (sampleWeight.length !== nRows) {
    throw new DataError(`${metric}: sampleWeight has ${sampleWeight.length} rows, y has ${nRows}`);
  }
  let total = 0;
  for (let i = 0; i < nRows; i++) {
    if (!(sampleWeight[i] >= 0 && sampleWeight[i] < Infinity)) {
      throw new DataError(`${metric}: sampleWeight[${i}]=${sampleWeight[i]} must be finite and not negative`);
    }
    total += sampleWeight[i];
  }
  if (total === 0) throw new DataError(`${metric}: all weights are 0, expected a positive one`);
  return Float64Array.from(sampleWeight);
}

/** @throws {ConfigError} for a confidence level outside (0, 1) */
export function checkLevel(level: number): void {
  if (!(level > 0 && level < 1))
    throw new ConfigError(`level=${level} must be between 0 and 1, for example 0.95`);
}

/** @throws {ConfigError} for a number of bins that is not a whole number from 1 */
export function checkBins(nBins: number): void {
  if (!Number.isInteger(nBins) || nBins < 1)
    throw new ConfigError(`nBins=${nBins} must be a whole number from 1`);
}

function checkRows(metric: string, y: ArrayLike<number>, prediction: ArrayLike<number>): void {
  if (y.length === 0) throw new DataError(`${metric}: there are no rows`);
  if (y.length !== prediction.length) {
    throw new DataError(`${metric}: y has ${y.length} rows, the prediction ${prediction.length}`);
  }
}
