import { Matrix } from '../../core/matrix.js';
import type { LinearModel } from './model.js';
import { clipToFloat32 } from './standardize.js';

/**
 * Margins of a linear model: log-odds, one score per class before the softmax, or the prediction itself. A missing
 * value stands at the mean and adds nothing; an infinite one counts as the largest finite float32, as in training.
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`
 * @returns `[nMargins]` arrays of `[nRows]`
 * @throws {DataError} naming a feature that `X` lacks
 */
export function linearMargins(model: LinearModel, X: Matrix): Float64Array[] {
  const { columns } = Matrix.select(X, model.featureNames);
  const { mean, scale, coefficients } = model;
  return Array.from(model.intercept, (intercept, k) => {
    const margin = new Float64Array(X.nRows).fill(intercept);
    columns.forEach((column, j) => {
      const slope = coefficients[k * columns.length + j] / scale[j];
      for (let i = 0; i < column.length; i++) {
        if (!Number.isNaN(column[i])) margin[i] += slope * (clipToFloat32(column[i]) - mean[j]);
      }
    });
    return margin;
  });
}
