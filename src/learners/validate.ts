import { DataError } from '../core/errors.js';
import type { Matrix } from '../core/matrix.js';

/** What targets must look like: finite numbers, or class indices 0 to classes - 1. */
export type TargetKind = 'regression' | { readonly classes: number };

/** @throws {DataError} when there is no row or no feature to learn from */
export function checkNotEmpty(X: Pick<Matrix, 'nRows' | 'nFeatures'>): void {
  if (X.nRows === 0) throw new DataError('fit needs at least one row');
  if (X.nFeatures === 0) throw new DataError('fit needs at least one feature');
}

/**
 * The targets as doubles.
 * @param X `[nRows, nFeatures]`, at least one of each
 * @param y `[nRows]`
 * @throws {DataError} naming the first row whose target cannot be learned from
 */
export function checkTargets(
  X: Pick<Matrix, 'nRows' | 'nFeatures'>,
  y: ArrayLike<number>,
  kind: TargetKind,
): Float64Array {
  refuseTargets(X, y, kind);
  return Float64Array.from(y);
}

/** As `checkTargets`, without a copy. */
export function refuseTargets(
  X: Pick<Matrix, 'nRows' | 'nFeatures'>,
  y: ArrayLike<number>,
  kind: TargetKind,
): void {
  checkNotEmpty(X);
  if (y.length !== X.nRows)
    throw new DataError(`y has ${y.length} values, expected one for each of ${X.nRows} rows`);
  for (let i = 0; i < y.length; i++) {
    const value = y[i];
    if (kind === 'regression') {
      if (!Number.isFinite(value)) throw new DataError(`y[${i}]=${value} must be a finite number`);
    } else if (!(Number.isInteger(value) && value >= 0 && value < kind.classes)) {
      throw new DataError(`y[${i}]=${value} must be a class index from 0 to ${kind.classes - 1}`);
    }
  }
}

/**
 * The sample weights as doubles, 1 each when left out.
 * @throws {DataError} naming the first weight that is negative or not finite, or when all are 0
 */
export function checkWeights(nRows: number, sampleWeight: ArrayLike<number> | undefined): Float64Array {
  if (sampleWeight === undefined) return new Float64Array(nRows).fill(1);
  if (sampleWeight.length !== nRows) {
    throw new DataError(
      `sampleWeight has ${sampleWeight.length} values, expected one for each of ${nRows} rows`,
    );
  }
  let total = 0;
  for (let i = 0; i < nRows; i++) {
    const weight = sampleWeight[i];
    if (!(Number.isFinite(weight) && weight >= 0)) {
      throw new DataError(`sampleWeight[${i}]=${weight} must be a finite number of at least 0`);
    }
    total += weight;
  }
  if (total === 0) throw new DataError('sampleWeight must not be 0 everywhere');
  return Float64Array.from(sampleWeight);
}
