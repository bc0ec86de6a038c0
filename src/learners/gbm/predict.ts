import { Matrix } from '../../core/matrix.js';
import { sumLeaves } from '../tree/sum-leaves.js';
import type { GradientBoostingModel } from './model.js';

/**
 * Raw margins: log-odds (binary), log of unnormalised class shares (multiclass) or the prediction itself.
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`
 * @returns `[nMargins]` arrays of `[nRows]`
 * @throws {DataError} naming a feature that `X` lacks
 */
export function boostingMargins(model: GradientBoostingModel, X: Matrix): Float64Array[] {
  const { columns } = Matrix.select(X, model.featureNames);
  return Array.from(model.baseScore, (base, k) => {
    const margin = new Float64Array(X.nRows).fill(base);
    sumLeaves(model.trees, columns, margin, k, model.nMargins);
    return margin;
  });
}
