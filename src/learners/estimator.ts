import type { Matrix } from '../core/matrix.js';
import type { VersionedRecord } from '../core/record.js';
import type { Rng } from '../core/rng.js';

/** What `fit` may be given beside the data. */
export interface FitOptions {
  /** `[nRows]`, finite and not negative; 1 each when left out. */
  readonly sampleWeight?: ArrayLike<number>;
  /** Rows that early stopping watches; never trained on. */
  readonly validation?: {
    readonly X: Matrix;
    readonly y: ArrayLike<number>;
    readonly sampleWeight?: ArrayLike<number>;
    /** As `group`. */
    readonly group?: ArrayLike<number>;
  };
  /** `[nRows]` query ids for ranking, the rows of one query adjacent. */
  readonly group?: ArrayLike<number>;
  readonly rng: Rng;
  /** Threads that work on the fit, 1 when left out; no result depends on it. */
  readonly threads?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * An unfitted learner: parameters and nothing else. `fit` validates once at the door, neither changes nor keeps
 * its input, and reads no clock, environment or global randomness.
 */
export interface Estimator<Model extends VersionedRecord> {
  readonly kind: Model['kind'];
  /** JSON-plain parameters, defaults filled in. */
  readonly params: object;
  /**
   * @param X features `[nRows, nFeatures]`
   * @param y targets `[nRows]`; class index 0, 1, … for classifiers, ignored by unsupervised learners
   */
  fit(X: Matrix, y: ArrayLike<number>, options: FitOptions): Promise<Model>;
}
