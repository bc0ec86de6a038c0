import type { VersionedRecord } from '../../core/record.js';

/**
 * A fitted linear model on standardised features: margin = intercept + sum over j of
 * coefficients[j] * ((x_j or mean_j where missing) - mean_j) / scale_j.
 */
export interface LinearModel extends VersionedRecord {
  readonly kind: 'logistic-regression' | 'ridge-regression';
  readonly format: 1;
  readonly featureNames: readonly string[];
  /** Margins a row has: 1, or one per class for multinomial logistic regression. */
  readonly nMargins: number;
  /** `[nFeatures]` */
  readonly mean: Float64Array;
  /** `[nFeatures]`, 1 for a constant column. */
  readonly scale: Float64Array;
  /** `[nMargins * nFeatures]`, margin by margin. */
  readonly coefficients: Float64Array;
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}
