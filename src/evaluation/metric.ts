import { checkWeight } from './check-input.js';
import { DataError } from '../core/errors.js';

/**
 * A metric with its rows already sorted and its losses already computed: only the row weights are still open.
 * NaN where the weighted rows leave the metric undefined.
 */
export type MetricKernel = (weight: Float64Array) => number;

/** A metric as data: what it is called, which way is better, how far it can go, what it reads. */
export interface Metric<Prediction = ArrayLike<number>> {
  readonly name: string;
  readonly label: string;
  readonly direction: 'higher' | 'lower';
  readonly range: readonly [number, number];
  /** `probability`: in [0, 1]; `score`: any order, higher = more positive; `value`: the target's own unit. */
  readonly input: 'probability' | 'score' | 'value';
  /** The metric of these rows; throws a DataError where it is undefined. */
  readonly compute: (y: ArrayLike<number>, p: Prediction, sampleWeight?: ArrayLike<number>) => number;
  /** Does once what resampling need not repeat; an integer weight w counts a row w times. */
  readonly prepare: (y: ArrayLike<number>, p: Prediction) => MetricKernel;
}

/** A metric of one set of rows with its interval. */
export interface MetricEstimate {
  readonly name: string;
  readonly label: string;
  readonly value: number;
  readonly lower: number;
  readonly upper: number;
  readonly direction: 'higher' | 'lower';
}

/**
 * The kernel's value at the given weights.
 * @param metric name for the message
 * @param needs what the rows must hold, for the message
 * @throws {DataError} for a bad weight, or where the metric is undefined
 */
export function valueOf(
  metric: string,
  needs: string,
  kernel: MetricKernel,
  nRows: number,
  sampleWeight: ArrayLike<number> | undefined,
): number {
  const value = kernel(checkWeight(metric, sampleWeight, nRows));
  if (Number.isNaN(value)) throw new DataError(`${metric}: is undefined for these rows, it needs ${needs}`);
  return value;
}

/** The weighted mean of a row-wise loss `[nRows]`. */
export function meanKernel(loss: Float64Array): MetricKernel {
  return (weight) => {
    let sum = 0;
    let total = 0;
    for (let i = 0; i < loss.length; i++) {
      sum += weight[i] * loss[i];
      total += weight[i];
    }
    return sum / total;
  };
}
