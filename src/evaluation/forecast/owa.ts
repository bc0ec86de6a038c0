import { DataError } from '../../core/errors.js';

/** Point scores of a method over a set of series. */
export interface PointScores {
  /** Mean over the series, in percent from 0 to 200. */
  readonly smape: number;
  /** Mean over the series, in scales. */
  readonly mase: number;
}

/**
 * Overall weighted average of the M4 competition: the mean of sMAPE and MASE, each as a multiple of what Naive2 scores
 * on the same series; 1 is as good as Naive2. Scores are averaged over the series first, then divided. Lower is better.
 * @param naive2 scores of `naive2` on the same series
 * @throws {DataError} where Naive2 scores 0, so that there is nothing to divide by
 */
export function owa(method: PointScores, naive2: PointScores): number {
  if (!(naive2.smape > 0 && naive2.mase > 0)) {
    throw new DataError(
      `owa: naive2 scores smape=${naive2.smape} and mase=${naive2.mase}, both must be positive`,
    );
  }
  return (method.smape / naive2.smape + method.mase / naive2.mase) / 2;
}
