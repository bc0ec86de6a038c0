import type { Rng } from '../../core/rng.js';
import { pairedBootstrap } from '../bootstrap.js';
import { delongPaired } from '../delong.js';
import type { Metric } from '../metric.js';
import { binaryMetrics } from '../metrics.js';
import type { PairedRows } from './evidence.js';

/** Figures that a challenger is compared in. */
export const comparedFigures = ['roc_auc', 'average_precision', 'brier_score', 'log_loss'] as const;
export type ComparedFigure = (typeof comparedFigures)[number];

/** How much better the challenger is in one figure: above 0 is better, whichever way the figure points. */
export interface PairedFigure {
  readonly figure: ComparedFigure;
  readonly label: string;
  readonly gain: number;
  /** The ends of the interval. */
  readonly lower: number;
  readonly upper: number;
  readonly method: 'delong' | 'paired bootstrap';
}

const replicates = 2_000;

/**
 * Gains with two-sided intervals of `1 - 2 · alpha`: ROC-AUC by DeLong, the others by the paired bootstrap.
 * @param alpha one-sided level, in (0, 0.5)
 */
export function pairedFigures({ y, a, b }: PairedRows, alpha: number, rng: Rng): readonly PairedFigure[] {
  const level = 1 - 2 * alpha;
  const metrics: readonly Metric[] = comparedFigures.map((name) => binaryMetrics[name]);
  const intervals = pairedBootstrap(metrics, y, a, b, { replicates, level, rng });
  return comparedFigures.map((figure, m) => {
    const { label, direction } = metrics[m];
    const byDelong = figure === 'roc_auc';
    const { lower, upper } = byDelong ? delongPaired(y, a, b, level) : intervals[m];
    const sign = direction === 'higher' ? 1 : -1;
    return {
      figure,
      label,
      gain: sign * intervals[m].value,
      lower: sign === 1 ? lower : -upper,
      upper: sign === 1 ? upper : -lower,
      method: byDelong ? 'delong' : 'paired bootstrap',
    };
  });
}
