import type { VersionedRecord } from '../core/record.js';

/**
 * A fitted second level: margin_k = intercept_k + sum over bases b of weights[b] * score_b,k. A base with a single
 * score (an anomaly score, say) adds it to every margin of a binary or regression stack.
 */
export interface StackModel extends VersionedRecord {
  readonly kind: 'linear-stack';
  readonly format: 1;
  /** `[nBases]` */
  readonly weights: Float64Array;
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}
