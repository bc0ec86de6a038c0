import type { Rng } from '../core/rng.js';
import { pairedBootstrap } from './bootstrap.js';
import { verdictOf, type Comparison } from './compare.js';
import { freezeDeep } from './freeze.js';
import type { Metric } from './metric.js';
import { multiclassMetrics } from './metrics.js';
import type { ClassProbabilities } from './multiclass.js';

/**
 * Compares the class probabilities of two models on the same rows: accuracy, macro F1 and log loss by the paired
 * bootstrap.
 * @throws {DataError} for a NaN or a probability outside [0, 1], naming the row
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function compareClasses(input: {
  /** Class indices `[nRows]`. */
  readonly y: ArrayLike<number>;
  /** One column of probabilities `[nRows]` per class by one model. */
  readonly a: ClassProbabilities;
  /** The same by the other. */
  readonly b: ClassProbabilities;
  readonly rng: Rng;
  /** Confidence level of the intervals; 0.95 when left out. */
  readonly level?: number;
  /** Bootstrap resamples; 1000 when left out. */
  readonly replicates?: number;
}): readonly Comparison[] {
  const { y, a, b, rng, level = 0.95, replicates } = input;
  const { accuracy, macro_f1, log_loss } = multiclassMetrics;
  const metrics: readonly Metric<ClassProbabilities>[] = [accuracy, macro_f1, log_loss];
  const intervals = pairedBootstrap(metrics, y, a, b, { replicates, level, rng: rng.split('bootstrap') });
  return freezeDeep(
    metrics.map((metric, m): Comparison => {
      const { value, lower, upper } = intervals[m];
      return {
        metric: metric.name,
        label: metric.label,
        direction: metric.direction,
        a: metric.compute(y, a),
        b: metric.compute(y, b),
        difference: value,
        lower,
        upper,
        verdict: verdictOf(metric.direction, lower, upper),
        method: 'paired bootstrap',
      };
    }),
  );
}
