import type { VersionedRecord } from '../../core/record.js';

/**
 * A fitted encoder of one text column: every known category becomes some numbers, one per output. An unknown category
 * becomes `unknown`, a missing one (null or "") `missing`.
 */
export interface CategoryEncoderModel extends VersionedRecord {
  /**
   * `target-encoder`: smoothed target statistics (Micci-Barreca 2001); `category-codes`: whole numbers from 0, for learners that split
   * categories into sets; `one-hot`: 1 in the output of the category, 0 in the others.
   */
  readonly kind: 'target-encoder' | 'category-codes' | 'one-hot';
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
  /** `[nOutputs]` NaN where a missing category is a missing number. */
  readonly missing: Float64Array;
}

/** A fitted target encoder. */
export type TargetEncoderModel = CategoryEncoderModel & { readonly kind: 'target-encoder' };
