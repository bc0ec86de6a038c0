import type { VersionedRecord } from '../../core/record.js';

/**
 * A fitted target encoder of one text column: every known category becomes its smoothed target statistic, one
 * number per output (Micci-Barreca 2001). An unknown category becomes `unknown`, a missing one (null or "")
 * `missing`.
 */
export interface TargetEncoderModel extends VersionedRecord {
  readonly kind: 'target-encoder';
  readonly format: 1;
  readonly column: string;
  /** `[nOutputs]` names of the feature columns it writes. */
  readonly outputs: readonly string[];
  /** `[nCategories]` sanitised category texts, sorted. */
  readonly categories: readonly string[];
  /** `[nOutputs * nCategories]`, output by output, each a float32 value. */
  readonly values: Float64Array;
  /** `[nOutputs]` */
  readonly unknown: Float64Array;
  /** `[nOutputs]` */
  readonly missing: Float64Array;
}
