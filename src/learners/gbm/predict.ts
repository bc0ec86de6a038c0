import { Matrix } from '../../core/matrix.js';
import { sumMargins } from '../tree/sum-leaves.js';
import type { GradientBoostingModel } from './model.js';

/**
 * Raw margins: log-odds (binary), log of unnormalised class shares (multiclass), log of the mean (poisson, tweedie),
 * a score to rank by (lambdarank), or the prediction itself.
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`
 * @returns `[nMargins]` arrays of `[nRows]`
 * @throws {DataError} naming a feature that `X` lacks
 */
export function boostingMargins(model: GradientBoostingModel, X: Matrix): Float64Array[] {
  const { columns } = Matrix.select(X, model.featureNames);
  const inFloat32 = model.sums === 'float32';
  const margins = Array.from(model.baseScore, (base) =>
    new Float64Array(X.nRows).fill(inFloat32 ? Math.fround(base) : base),
  );
  sumMargins(model.trees, columns, margins, inFloat32);
  return margins;
}
