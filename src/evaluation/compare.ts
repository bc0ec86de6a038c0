import type { Rng } from '../core/rng.js';
import { pairedBootstrap } from './bootstrap.js';
import { delongPaired } from './delong.js';
import { freezeDeep } from './freeze.js';
import type { Metric } from './metric.js';
import { binaryMetrics } from './metrics.js';

/** `better`: a better than b; `inconclusive`: the interval of the difference holds 0. */
export type ComparisonVerdict = 'better' | 'worse' | 'inconclusive';

/** One metric of two models on the same rows. JSON-plain. */
export interface Comparison {
  readonly metric: string;
  readonly label: string;
  readonly direction: 'higher' | 'lower';
  readonly a: number;
  readonly b: number;
  /** a - b, with its interval. */
  readonly difference: number;
  readonly lower: number;
  readonly upper: number;
  readonly verdict: ComparisonVerdict;
  readonly method: 'delong' | 'paired bootstrap' | 'diebold-mariano';
}

/**
 * Compares two models on the same rows: ROC-AUC by the paired DeLong test (the paired bootstrap with fewer than two
 * rows of a class), Brier score, log loss and average precision by the paired bootstrap.
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row, and where only one class is present
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function compareBinary(input: {
  /** Labels `[nRows]`, 0 or 1. */
  readonly y: ArrayLike<number>;
  /** Probabilities `[nRows]` of class 1 by one model. */
  readonly a: ArrayLike<number>;
  /** The same by the other. */
  readonly b: ArrayLike<number>;
  readonly rng: Rng;
  /** Confidence level of the intervals; 0.95 when left out. */
  readonly level?: number;
  /** Bootstrap resamples; 1000 when left out. */
  readonly replicates?: number;
}): readonly Comparison[] {
  const { y, a, b, rng, level = 0.95, replicates } = input;
  const { roc_auc, brier_score, log_loss, average_precision } = binaryMetrics;
  const metrics: readonly Metric[] = [roc_auc, brier_score, log_loss, average_precision];
  const options = { replicates, level, rng: rng.split('bootstrap') };
  const intervals = pairedBootstrap(metrics, y, a, b, options);
  let positives = 0;
  for (let i = 0; i < y.length; i++) positives += y[i];
  const enough = Math.min(positives, y.length - positives) >= 2;
  return freezeDeep(
    metrics.map((metric, m): Comparison => {
      const byDelong = enough && metric === roc_auc;
      const { lower, upper } = byDelong ? delongPaired(y, a, b, level) : intervals[m];
      return {
        metric: metric.name,
        label: metric.label,
        direction: metric.direction,
        a: metric.compute(y, a),
        b: metric.compute(y, b),
        difference: intervals[m].value,
        lower,
        upper,
        verdict: verdictOf(metric.direction, lower, upper),
        method: byDelong ? 'delong' : 'paired bootstrap',
      };
    }),
  );
}

/** What an interval of a - b says, given which way the metric is better. */
export function verdictOf(direction: 'higher' | 'lower', lower: number, upper: number): ComparisonVerdict {
  if (lower <= 0 && upper >= 0) return 'inconclusive';
  return lower > 0 === (direction === 'higher') ? 'better' : 'worse';
}
