import { ConfigError, DataError } from '../core/errors.js';
import { checkScores, checkWeight } from './check-input.js';
import { type Metric, type MetricKernel, valueOf } from './metric.js';
import { tieGroups } from './tie-groups.js';

/** Weighted counts at a threshold, and the shares made of them; a share without rows to be of is 0. */
export interface Confusion {
  readonly tp: number;
  readonly fp: number;
  readonly tn: number;
  readonly fn: number;
  /** tp / (tp + fp) */
  readonly precision: number;
  /** tp / (tp + fn) */
  readonly recall: number;
  /** 2 tp / (2 tp + fp + fn) */
  readonly f1: number;
  /** (tp + tn) / all */
  readonly accuracy: number;
}

/**
 * Counts and shares when `p >= threshold` is called positive.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities or scores `[nRows]`
 * @param sampleWeight `[nRows]`; 1 each when left out
 * @throws {DataError} for a NaN, naming the row
 * @throws {ConfigError} for a NaN threshold
 */
export function confusionAt(
  y: ArrayLike<number>,
  p: ArrayLike<number>,
  threshold: number,
  sampleWeight?: ArrayLike<number>,
): Confusion {
  const cell = cells(y, p, threshold);
  return shares(count(cell, checkWeight('confusion', sampleWeight, y.length)));
}

/**
 * The threshold with the best F1, found in one pass over the sorted scores; the highest such where several tie.
 * It lies half-way between the lowest score called positive and the highest called negative, so that rounding a
 * score to float32 does not move it across.
 * @param y labels `[nRows]`, 0 or 1
 * @param p probabilities or scores `[nRows]`, finite
 * @throws {DataError} for a NaN, naming the row, and where there is no positive row
 */
export function f1Threshold(y: ArrayLike<number>, p: ArrayLike<number>): number {
  checkScores('f1 threshold', y, p);
  const { order, ends } = tieGroups(p);
  let positives = 0;
  for (let i = 0; i < y.length; i++) positives += y[i];
  if (positives === 0)
    throw new DataError('f1 threshold: is undefined for these rows, it needs a positive row');
  let tp = 0;
  let best = -1;
  let bestGroup = 0;
  for (let g = ends.length - 1; g >= 0; g--) {
    const start = g === 0 ? 0 : ends[g - 1];
    for (let i = start; i < ends[g]; i++) tp += y[order[i]];
    const f1 = (2 * tp) / (positives + (y.length - start));
    if (f1 > best) {
      best = f1;
      bestGroup = g;
    }
  }
  const lowestPositive = p[order[ends[bestGroup] - 1]];
  if (bestGroup === 0) return lowestPositive;
  const highestNegative = p[order[ends[bestGroup - 1] - 1]];
  const middle = highestNegative + (lowestPositive - highestNegative) / 2;
  return middle > highestNegative && middle <= lowestPositive ? middle : lowestPositive;
}

export type ThresholdMetricName = 'precision' | 'recall' | 'f1' | 'accuracy';

const labels = { precision: 'Precision', recall: 'Recall', f1: 'F1', accuracy: 'Accuracy' } as const;

/**
 * One of the shares of `confusionAt` as a metric record.
 * @throws {ConfigError} for a NaN threshold
 */
export function thresholdMetric(name: ThresholdMetricName, threshold: number): Metric {
  checkThreshold(threshold);
  const prepare = (y: ArrayLike<number>, p: ArrayLike<number>): MetricKernel => {
    const cell = cells(y, p, threshold);
    return (weight) => shares(count(cell, weight))[name];
  };
  return {
    name,
    label: labels[name],
    direction: 'higher',
    range: [0, 1],
    input: 'score',
    prepare,
    compute: (y, p, sampleWeight) =>
      valueOf(name, 'a positive weight', prepare(y, p), y.length, sampleWeight),
  };
}

/** `[nRows]` 2 * label + called positive. */
function cells(y: ArrayLike<number>, p: ArrayLike<number>, threshold: number): Uint8Array {
  checkThreshold(threshold);
  checkScores('confusion', y, p);
  return Uint8Array.from(y, (label, i) => 2 * label + (p[i] >= threshold ? 1 : 0));
}

function count(cell: Uint8Array, weight: Float64Array): Float64Array {
  const counts = new Float64Array(4);
  for (let i = 0; i < cell.length; i++) counts[cell[i]] += weight[i];
  return counts;
}

function shares([tn, fp, fn, tp]: Float64Array): Confusion {
  const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
  return {
    tp,
    fp,
    tn,
    fn,
    precision: share(tp, tp + fp),
    recall: share(tp, tp + fn),
    f1: share(2 * tp, 2 * tp + fp + fn),
    accuracy: (tp + tn) / (tp + fp + tn + fn),
  };
}

function checkThreshold(threshold: number): void {
  if (Number.isNaN(threshold)) throw new ConfigError('threshold=NaN must be a number');
}
