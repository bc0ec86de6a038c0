import { ConfigError, DataError } from '../core/errors.js';
import { Matrix } from '../core/matrix.js';
import { type Rng, shuffle } from '../core/rng.js';
import { resample } from './bootstrap.js';
import { sortedQuantile } from './interval.js';
import type { Metric } from './metric.js';

export interface PermutationOptions {
  /** Permutations of each feature; 5 when left out. */
  readonly repeats?: number;
  /** Resamples of rows behind the intervals; 200 when left out. */
  readonly replicates?: number;
  /** Share of resamples inside the interval; 0.95 when left out. */
  readonly level?: number;
  readonly rng: Rng;
}

/** How much worse a metric gets without what one feature says. */
export interface PermutationImportance {
  readonly name: string;
  /** Mean over the permutations; positive where the feature helps, whichever way the metric is better. */
  readonly value: number;
  /** Percentile interval over resamples of rows, of the mean over the permutations. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Permutation importance (Breiman 2001; Fisher, Rudin & Dominici 2019): a feature's values are shuffled among the
 * rows, and what the metric loses is the feature's importance. Features that say the same hide each other.
 *
 * @param predict gives `[nRows]` predictions that the metric reads
 * @param X rows the model was not fitted on
 * @param y targets `[nRows]`
 * @returns one entry per feature, in the order of X; the draws of a feature depend on its name alone
 * @throws {DataError} when y has not as many rows as X, or the metric is undefined for them
 * @throws {ConfigError} for repeats below 1, replicates below 2 or a level outside (0, 1)
 */
export function permutationImportance(
  predict: (X: Matrix) => ArrayLike<number>,
  X: Matrix,
  y: ArrayLike<number>,
  metric: Metric,
  { repeats = 5, replicates = 200, level = 0.95, rng }: PermutationOptions,
): PermutationImportance[] {
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new ConfigError(`repeats=${repeats} must be a whole number from 1`);
  }
  if (y.length !== X.nRows) {
    throw new DataError(`permutation importance: y has ${y.length} rows, expected ${X.nRows}`);
  }
  const losesBy = (whole: number, part: number): number =>
    metric.direction === 'higher' ? whole - part : part - whole;
  const own = predict(X);
  const value = metric.compute(y, own);
  const kernel = metric.prepare(y, own);
  const tail = (1 - level) / 2;
  return X.columns.map((column, j) => {
    const draws = rng.split(`feature-${X.names[j]}`);
    const permuted = Array.from({ length: repeats }, () =>
      predict(withColumn(X, j, shuffled(column, draws))),
    );
    const loss = (whole: number, parts: readonly number[]): number =>
      parts.reduce((sum, part) => sum + losesBy(whole, part), 0) / repeats;
    const kernels = [kernel, ...permuted.map((p) => metric.prepare(y, p))];
    // A split does not advance the stream: every feature meets the same resamples.
    const [whole, ...parts] = resample(kernels, X.nRows, { replicates, level, rng: rng.split('rows') });
    const losses = whole
      .map((base, r) =>
        loss(
          base,
          parts.map((part) => part[r]),
        ),
      )
      .sort();
    const mean = loss(
      value,
      permuted.map((p) => metric.compute(y, p)),
    );
    return {
      name: X.names[j],
      value: mean,
      lower: Math.min(mean, sortedQuantile(losses, tail)),
      upper: Math.max(mean, sortedQuantile(losses, 1 - tail)),
    };
  });
}

function shuffled(column: Float32Array, rng: Rng): Float32Array {
  const order = Uint32Array.from(column.keys());
  shuffle(order, rng);
  return Float32Array.from(order, (row) => column[row]);
}

function withColumn(X: Matrix, j: number, column: Float32Array): Matrix {
  return Matrix.fromColumns(
    X.columns.map((own, k) => (k === j ? column : own)),
    X.names,
  );
}
