import type { VersionedRecord } from '../../core/record.js';

/**
 * A forecaster of one regularly spaced series: parameters and nothing else. `fit` neither changes nor keeps its
 * input and uses no randomness.
 */
export interface Forecaster<Model extends VersionedRecord> {
  readonly kind: Model['kind'];
  /** JSON-plain parameters, defaults filled in. */
  readonly params: object;
  /**
   * @param y `[n]`, oldest first, n >= 1, all finite; a series too short for this kind gets the simplest defined
   *   answer (its last value or its mean), never an error
   */
  fit(y: Float64Array): Model;
  /** @returns `[horizon]` finite values, the first one step after the end of the series the model was fitted on */
  forecast(model: Model, horizon: number): Float64Array;
}
