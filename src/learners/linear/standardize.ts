import { DataError } from '../../core/errors.js';
import type { Matrix } from '../../core/matrix.js';

/** Weighted centre and spread of every column, missing values left out. */
export interface Standardization {
  /** `[nFeatures]`, 0 for a column without a value */
  readonly mean: Float64Array;
  /** `[nFeatures]` population standard deviation, 1 for a constant column */
  readonly scale: Float64Array;
}

/**
 * Weighted mean and standard deviation of every column by two passes.
 * @param weights `[nRows]` finite, not negative
 * @throws {DataError} naming the first feature and row that is infinite
 */
export function fitStandardization(X: Matrix, weights: Float64Array): Standardization {
  const mean = new Float64Array(X.nFeatures);
  const scale = new Float64Array(X.nFeatures).fill(1);
  X.columns.forEach((column, j) => {
    let total = 0;
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < column.length; i++) {
      const x = column[i];
      if (x !== x) continue;
      if (x === Infinity || x === -Infinity) {
        throw new DataError(
          `feature ${X.names[j]} is ${x} at row ${i}; a linear model needs finite values: clip it or make it missing`,
        );
      }
      if (weights[i] === 0) continue;
      total += weights[i];
      sum += weights[i] * x;
      if (x < low) low = x;
      if (x > high) high = x;
    }
    if (total === 0) return;
    if (low === high) {
      mean[j] = low;
      return;
    }
    mean[j] = sum / total;
    let squares = 0;
    for (let i = 0; i < column.length; i++) {
      const deviation = column[i] - mean[j];
      if (deviation === deviation) squares += weights[i] * deviation * deviation;
    }
    scale[j] = Math.sqrt(squares / total);
  });
  return { mean, scale };
}

/**
 * Columns with mean 0 and spread 1, 0 where a value is missing.
 * @returns `[nFeatures]` arrays of `[nRows]`
 */
export function standardize(
  columns: readonly Float32Array[],
  { mean, scale }: Standardization,
): Float64Array[] {
  return columns.map((column, j) => {
    const z = new Float64Array(column.length);
    for (let i = 0; i < z.length; i++) {
      const value = (column[i] - mean[j]) / scale[j];
      z[i] = value === value ? value : 0;
    }
    return z;
  });
}
