import { ConfigError, DataError } from '../core/errors.js';
import { take } from '../core/matrix.js';
import type { Rng } from '../core/rng.js';
import { checkLevel } from './check-input.js';
import { type Interval, sortedQuantile } from './interval.js';
import { openResampler } from './kernels/resampler.js';
import type { Metric, MetricKernel } from './metric.js';
import type { ClassProbabilities } from './multiclass.js';
import { tieGroups } from './tie-groups.js';

type Prediction = ArrayLike<number> | ClassProbabilities;

export interface BootstrapOptions {
  /** Resamples drawn; 1000 when left out. */
  readonly replicates?: number | undefined;
  /** Share of resamples inside the interval; 0.95 when left out. */
  readonly level?: number | undefined;
  readonly rng: Rng;
}

export interface BootstrapInterval extends Interval {
  readonly name: string;
  /** The metric, or the difference, of the rows themselves. */
  readonly value: number;
  /** Standard deviation over the resamples. */
  readonly standardError: number;
}

/**
 * Percentile intervals (Efron 1979) of many metrics over the same resamples of rows. A resample is a count per row,
 * used as weight, so nothing is sorted again: O(replicates * nRows) for each metric. Resamples that leave a metric
 * undefined (one class only) are drawn again. A metric that resampling biases, as it does the calibration error, can
 * fall outside its percentiles; the interval is then stretched to hold it.
 * @param y targets `[nRows]`
 * @param p prediction as the metrics read it
 * @throws {DataError} where a metric is undefined for the rows, or for nearly all resamples
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function bootstrapIntervals<P extends Prediction>(
  metrics: readonly Metric<P>[],
  y: ArrayLike<number>,
  p: P,
  options: BootstrapOptions,
): readonly BootstrapInterval[] {
  const values = metrics.map((metric) => metric.compute(y, p));
  const rows = rowsByPrediction(p);
  const yInOrder = take(y, rows);
  const kernels = metrics.map((metric) => metric.prepare(yInOrder, takeRows(p, rows)));
  return summarise(metrics, values, resample(kernels, y.length, options), options);
}

/**
 * Percentile intervals of metric(a) - metric(b) for two models on the same rows: every resample draws the same rows
 * for both. Otherwise as `bootstrapIntervals`.
 * @param y targets `[nRows]`
 * @param a prediction of one model
 * @param b prediction of the other
 * @throws {DataError} where a metric is undefined for the rows, or for nearly all resamples
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function pairedBootstrap<P extends Prediction>(
  metrics: readonly Metric<P>[],
  y: ArrayLike<number>,
  a: P,
  b: P,
  options: BootstrapOptions,
): readonly BootstrapInterval[] {
  const values = metrics.map((metric) => metric.compute(y, a) - metric.compute(y, b));
  const rows = rowsByPrediction(a);
  const yInOrder = take(y, rows);
  const kernels = metrics.map((metric): MetricKernel => {
    const ofA = metric.prepare(yInOrder, takeRows(a, rows));
    const ofB = metric.prepare(yInOrder, takeRows(b, rows));
    return (weight) => ofA(weight) - ofB(weight);
  });
  return summarise(metrics, values, resample(kernels, y.length, options), options);
}

/**
 * Resamples do not care which row is which, but the memory does: kernels walk the rows in the order of the
 * prediction, and do so several times faster when that is also the order in which they lie.
 */
function rowsByPrediction(p: Prediction): Int32Array {
  return tieGroups(isColumns(p) ? p[0] : p).order;
}

function takeRows<P extends Prediction>(p: P, rows: Int32Array): P {
  return (isColumns(p) ? p.map((column) => take(column, rows)) : take(p, rows)) as Prediction as P;
}

function isColumns(p: Prediction): p is ClassProbabilities {
  return typeof p[0] !== 'number';
}

/** `[nKernels][replicates]` values of the kernels on resamples of rows, the same for all; otherwise as `bootstrapIntervals`. */
export function resample(
  kernels: readonly MetricKernel[],
  nRows: number,
  { replicates = 1000, level = 0.95, rng }: BootstrapOptions,
): readonly Float64Array[] {
  checkLevel(level);
  if (!Number.isInteger(replicates) || replicates < 2) {
    throw new ConfigError(`replicates=${replicates} must be a whole number from 2`);
  }
  const values = kernels.map(() => new Float64Array(replicates));
  const resampler = openResampler(nRows, [], rng);
  let refused = 0;
  for (let r = 0; r < replicates;) {
    resampler.draw();
    let defined = true;
    for (let m = 0; m < kernels.length && defined; m++) {
      values[m][r] = kernels[m](resampler.counts);
      defined = !Number.isNaN(values[m][r]);
    }
    if (defined) r++;
    else if (++refused > 20 * replicates) {
      throw new DataError(
        `bootstrap: the metrics are undefined for nearly every resample of ${nRows} rows, expected more rows of each class`,
      );
    }
  }
  return values;
}

function summarise<P extends Prediction>(
  metrics: readonly Metric<P>[],
  values: readonly number[],
  resampled: readonly Float64Array[],
  { level = 0.95 }: BootstrapOptions,
): readonly BootstrapInterval[] {
  const tail = (1 - level) / 2;
  return metrics.map(({ name }, m) => {
    const sorted = resampled[m].slice().sort();
    const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length;
    const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return {
      name,
      value: values[m],
      lower: Math.min(values[m], sortedQuantile(sorted, tail)),
      upper: Math.max(values[m], sortedQuantile(sorted, 1 - tail)),
      standardError: Math.sqrt(squares / (sorted.length - 1)),
    };
  });
}
