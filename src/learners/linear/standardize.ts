import type { Matrix } from '../../core/matrix.js';

/** Where the columns of a matrix lie and how far they spread. */
export interface Standardization {
  /** `[nFeatures]` */
  readonly mean: Float64Array;
  /** `[nFeatures]` */
  readonly scale: Float64Array;
}

const largestFloat32 = 3.4028234663852886e38;

/** An infinite value as the largest finite float32 of its sign; anything else, NaN included, as it is. */
export function clipToFloat32(value: number): number {
  return value > largestFloat32 ? largestFloat32 : value < -largestFloat32 ? -largestFloat32 : value;
}

/**
 * Weighted mean and population standard deviation of every column over its present values. A constant column keeps
 * its value as mean and 1 as scale; a column without any value gets 0 and 1. Infinities count as the largest
 * finite float32.
 *
 * @param X `[nRows, nFeatures]`
 * @param weight `[nRows]`; rows of weight 0 are not looked at
 */
export function fitStandardization(X: Matrix, weight: Float64Array): Standardization {
  const mean = new Float64Array(X.nFeatures);
  const scale = new Float64Array(X.nFeatures).fill(1);
  X.columns.forEach((column, j) => {
    let total = 0;
    let sum = 0;
    let least = Infinity;
    let largest = -Infinity;
    for (let i = 0; i < column.length; i++) {
      if (Number.isNaN(column[i]) || weight[i] === 0) continue;
      const value = clipToFloat32(column[i]);
      total += weight[i];
      sum += weight[i] * value;
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    }
    // The mean of equal values is only nearly their value: a spread made of rounding must not become a scale.
    if (!(least < largest)) {
      mean[j] = total === 0 ? 0 : least;
      return;
    }
    const centre = sum / total;
    let squares = 0;
    for (let i = 0; i < column.length; i++) {
      if (Number.isNaN(column[i]) || weight[i] === 0) continue;
      squares += weight[i] * (clipToFloat32(column[i]) - centre) ** 2;
    }
    mean[j] = centre;
    scale[j] = Math.sqrt(squares / total);
  });
  return { mean, scale };
}

/**
 * Standardised columns, 0 where a value is missing.
 * @returns `[nFeatures]` arrays of `[nRows]`
 */
export function standardize(X: Matrix, { mean, scale }: Standardization): Float64Array[] {
  return X.columns.map((column, j) =>
    Float64Array.from(column, (value) =>
      Number.isNaN(value) ? 0 : (clipToFloat32(value) - mean[j]) / scale[j],
    ),
  );
}
