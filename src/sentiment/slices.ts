import type { Assessment } from '../champion/assess.js';
import { take } from '../core/matrix.js';
import type { Rng } from '../core/rng.js';
import { bootstrapIntervals } from '../evaluation/bootstrap.js';
import type { MetricEstimate } from '../evaluation/metric.js';
import { multiclassMetrics } from '../evaluation/metrics.js';

/** Fewer rows than this say little of a part of the rows. */
const leastRows = 50;

/** How a champion did on the judged rows of one kind. */
export interface Slice {
  readonly name: string;
  readonly nRows: number;
  readonly accuracy: Pick<MetricEstimate, 'value' | 'lower' | 'upper'>;
}

/**
 * Accuracy by kind, the kind with most rows first; kinds of fewer than 50 rows are left out.
 * @param kinds `[all rows of the data]`, "" where a row has none
 */
export function slicesBy(
  kinds: readonly string[],
  y: Float64Array,
  { rows, scores }: Assessment,
  rng: Rng,
): readonly Slice[] {
  const places = new Map<string, number[]>();
  rows.forEach((row, i) => {
    const kind = kinds[row];
    if (kind === '') return;
    const list = places.get(kind);
    if (list === undefined) places.set(kind, [i]);
    else list.push(i);
  });
  const { accuracy } = multiclassMetrics;
  return [...places]
    .filter(([, at]) => at.length >= leastRows)
    .sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1))
    .map(([name, at]) => {
      const labels = at.map((i) => y[rows[i]]);
      const P = scores.classProbabilities.map((column) => take(column, Uint32Array.from(at)));
      const [interval] = bootstrapIntervals([accuracy], labels, P, { rng: rng.split(name) });
      return { name, nRows: at.length, accuracy: interval };
    });
}
