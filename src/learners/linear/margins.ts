import { Matrix } from '../../core/matrix.js';
import type { LinearModel } from './model.js';

/**
 * Margins of a linear model: log-odds (binary), log of unnormalised class shares (multinomial) or the prediction
 * itself (ridge).
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
      const factor = coefficients[k * columns.length + j];
      for (let i = 0; i < margin.length; i++) {
        const x = column[i];
        if (x === x) margin[i] += factor * ((x - mean[j]) / scale[j]);
      }
    });
    return margin;
  });
}
