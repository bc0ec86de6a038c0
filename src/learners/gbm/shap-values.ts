import { Matrix } from '../../core/matrix.js';
import { treeShap } from '../tree/tree-shap.js';
import type { GradientBoostingModel } from './model.js';

/** Why rows have their margins. */
export interface ShapValues {
  /** `[nMargins]` margins of a row of which nothing is known. */
  readonly expected: Float64Array;
  /** `[nMargins][nFeatures]` arrays of `[nRows]`: what each feature adds to `expected`; together, the margin. */
  readonly values: readonly (readonly Float64Array[])[];
}

/**
 * Exact path-dependent SHAP values of the raw margins (Lundberg et al. 2020).
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`
 * @throws {DataError} naming a feature that `X` lacks, or for a model of format 1, which does not say how many
 *   training rows its nodes had
 * @example
 * const X = Matrix.fromColumns([[0, 1, 2, 3]]);
 * const model = await gradientBoosting({ minSamplesLeaf: 1 }).fit(X, [0, 0, 1, 1], { rng: createRng(7) });
 * const { expected, values } = shapValues(model, X);
 * Math.abs(expected[0] + values[0][0][2] - boostingMargins(model, X)[0][2]) < 1e-9 // true
 */
export function shapValues(model: GradientBoostingModel, X: Matrix): ShapValues {
  const { columns } = Matrix.select(X, model.featureNames);
  const margins = Array.from(model.baseScore, (_, k) =>
    treeShap(model.trees, columns, X.nRows, k, model.nMargins),
  );
  return {
    expected: Float64Array.from(margins, ({ expected }, k) => model.baseScore[k] + expected),
    values: margins.map(({ values }) => values),
  };
}
