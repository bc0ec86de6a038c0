import type { VersionedRecord } from '../../core/record.js';

/** A fitted map from the margins of several classes to margins whose softmax is calibrated. */
export type ClassCalibratorModel = VersionedRecord & { readonly format: 1 } & (
    | { readonly kind: 'identity' }
    /** scale * margin_k (Guo, Pleiss, Sun & Weinberger 2017): which class is most probable stays. */
    | { readonly kind: 'temperature'; readonly scale: number }
    /** scale_k * margin_k + offset_k, `[nClasses]` each (the same authors' vector scaling). */
    | { readonly kind: 'vector'; readonly scale: Float64Array; readonly offset: Float64Array }
  );
