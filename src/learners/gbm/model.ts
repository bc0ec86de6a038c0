import type { VersionedRecord } from '../../core/record.js';
import type { Trees } from '../tree/trees.js';

/** A fitted boosted ensemble. */
export interface GradientBoostingModel extends VersionedRecord {
  readonly kind: 'gradient-boosting';
  readonly format: 1;
  readonly objective: 'binary' | 'multiclass' | 'squared-error';
  readonly featureNames: readonly string[];
  /** Margins a row has: 1, or one per class for `multiclass`. Tree t adds to margin t mod nMargins. */
  readonly nMargins: number;
  /** `[nMargins]` where every margin starts. */
  readonly baseScore: Float64Array;
  readonly trees: Trees;
  /** `[nFeatures]` sum of split gains of every feature. */
  readonly gains: Float64Array;
}
