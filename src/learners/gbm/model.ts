import type { VersionedRecord } from '../../core/record.js';
import type { Trees } from '../tree/trees.js';
import type { ObjectiveName } from './params.js';

/** A fitted or imported boosted ensemble. */
export interface GradientBoostingModel extends VersionedRecord {
  readonly kind: 'gradient-boosting';
  /** 1 lacks `trees.cover`, `trees.categories` and `sums`. */
  readonly format: 1 | 2;
  /** `raw`: an imported model whose margins are all there is to say. */
  readonly objective: ObjectiveName | 'raw';
  readonly featureNames: readonly string[];
  /** Margins a row has: 1, or one per class for `multiclass`. Tree t adds to margin t mod nMargins. */
  readonly nMargins: number;
  /** `[nMargins]` where every margin starts. */
  readonly baseScore: Float64Array;
  readonly trees: Trees;
  /** `[nFeatures]` sum of split gains of every feature. */
  readonly gains: Float64Array;
  /** `float32`: margins are summed in float32, base first, tree by tree, as XGBoost does; left out, in double. */
  readonly sums?: 'float32';
}
