import { logOnePlus } from '../../../core/log-one-plus.js';
import type { VersionedRecord } from '../../../core/record.js';
import type { GradientBoostingModel } from '../../gbm/model.js';
import type { LagPlan } from './plan.js';

/** What is done to values before anything else. */
export type Transform = 'log1p' | 'identity';

/** A booster over the lags of many series. */
export interface BoostedLagsModel extends VersionedRecord {
  readonly kind: 'boosted-lags';
  readonly format: 1;
  readonly plan: LagPlan;
  /** `log1p` where no training value is negative. */
  readonly transform: Transform;
  /**
   * `difference`: the booster gives the scaled difference from the season before; `ratio`: the logarithm of the
   * ratio of the mean to the level.
   */
  readonly target: 'difference' | 'ratio';
  readonly booster: GradientBoostingModel;
}

/** Transformed values; those below 0 count as 0 for `log1p`. */
export function transformed(y: ArrayLike<number>, n: number, transform: Transform): Float64Array {
  const z = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    // Math.max would keep -0, whose logarithm is another zero.
    z[i] = transform === 'identity' ? y[i] : y[i] > 0 ? logOnePlus(y[i]) : y[i] <= 0 ? 0 : NaN;
  }
  return z;
}

/** The value whose transform is `z`; never negative for `log1p`. */
export function backTransformed(z: number, transform: Transform): number {
  return transform === 'identity' ? z : Math.max(0, Math.expm1(z));
}
