import { throwIfAborted } from '../../core/errors.js';
import { Matrix } from '../../core/matrix.js';
import type { Pool } from '../../core/pool.js';
import type { GradientBoostingModel } from './model.js';
import { boostingMargins } from './predict.js';

/** The name under which a pool must serve `boostingMarginsTask`. */
export const boostingMarginsTaskName = 'boosting-margins';

/** A share of the rows, as plain data that can cross to a worker. */
export interface BoostingMarginsTask {
  readonly model: GradientBoostingModel;
  /** `[nFeatures]` arrays of `[nRows]`, in the order of the model's features. */
  readonly columns: readonly Float32Array[];
  /** `[nMargins]` arrays of `[nRows]` in shared memory, filled. */
  readonly margins: readonly Float64Array[];
}

/** Fills the margins of a share of the rows. */
export function boostingMarginsTask({ model, columns, margins }: BoostingMarginsTask): Promise<void> {
  const X = Matrix.fromColumns(columns, model.featureNames);
  boostingMargins(model, X).forEach((margin, k) => margins[k].set(margin));
  return Promise.resolve();
}

/** Fewer rows are done before a thread has its share. */
const fewestRowsPerThread = 16_384;

/**
 * `boostingMargins` by the threads of a pool: the same bits, however many there are.
 *
 * @param X any matrix that has the model's features, `[nRows, ≥ nFeatures]`; columns on a SharedArrayBuffer
 *   (`Matrix.share`) are read where they lie, others are copied
 * @param options.signal ends the work
 * @returns `[nMargins]` arrays of `[nRows]`
 * @throws {DataError} naming a feature that `X` lacks
 * @throws {InterruptedError} once `signal` is aborted or the pool is closed
 */
export async function boostingMarginsInPool(
  model: GradientBoostingModel,
  X: Matrix,
  pool: Pool,
  options: { readonly signal?: AbortSignal } = {},
): Promise<Float64Array[]> {
  const { columns } = Matrix.select(X, model.featureNames);
  const shares = Math.min(pool.threads, Math.ceil(X.nRows / fewestRowsPerThread));
  throwIfAborted(options.signal);
  if (shares <= 1) return boostingMargins(model, X);
  const margins = Array.from(
    model.baseScore,
    () => new Float64Array(new SharedArrayBuffer(Float64Array.BYTES_PER_ELEMENT * X.nRows)),
  );
  await Promise.all(
    Array.from({ length: shares }, (_, share) => {
      const start = Math.floor((share * X.nRows) / shares);
      const end = Math.floor(((share + 1) * X.nRows) / shares);
      const task: BoostingMarginsTask = {
        model,
        columns: columns.map((column) => rowsForThread(column, start, end)),
        margins: margins.map((margin) => margin.subarray(start, end)),
      };
      return pool.run(boostingMarginsTaskName, task, options);
    }),
  );
  return margins.map((margin) => margin.slice());
}

/** Cloning a view of ordinary memory would copy all of it, not only the rows it shows. */
function rowsForThread(column: Float32Array, start: number, end: number): Float32Array {
  return column.buffer instanceof SharedArrayBuffer ? column.subarray(start, end) : column.slice(start, end);
}
