import type { VersionedRecord } from '../../core/record.js';

/** A fitted map from a margin (log-odds) to a calibrated probability. */
export type CalibratorModel = VersionedRecord & { readonly format: 1 } & (
    | { readonly kind: 'identity' }
    /** sigmoid(slope * margin + intercept) (Platt 1999) */
    | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number }
    /** sigmoid(a ln p - b ln(1 - p) + c), p = clip(sigmoid(margin), 1e-7, 1 - 1e-7) (Kull, Silva Filho & Flach 2017) */
    | { readonly kind: 'beta'; readonly a: number; readonly b: number; readonly c: number }
    /** Linear interpolation of p = sigmoid(margin) between knots, x and y ascending (Zadrozny & Elkan 2002). */
    | { readonly kind: 'isotonic'; readonly x: Float64Array; readonly y: Float64Array }
  );
