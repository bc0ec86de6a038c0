import type { VersionedRecord } from '../../core/record.js';
import type { Trees } from '../tree/trees.js';

/** A fitted isolation forest. A leaf's value is the path length to it: depth + c(rows in the leaf). */
export interface IsolationForestModel extends VersionedRecord {
  readonly kind: 'isolation-forest';
  /** 1 lacks `threshold` and `trees.cover`. */
  readonly format: 1 | 2;
  readonly featureNames: readonly string[];
  /** Rows each tree saw; c(sampleSize) normalises the path length. */
  readonly sampleSize: number;
  /** Rows that score above it are anomalies; 0.5 where left out. */
  readonly threshold?: number;
  readonly trees: Trees;
}
