import { throwIfAborted } from '../../core/errors.js';
import { minimize } from './lbfgs.js';
import { logLoss } from './log-loss.js';

/** Rows of features, dense or sparse, as far as a linear model has to see them. */
export interface Design {
  readonly nRows: number;
  readonly nFeatures: number;
  /** Adds X B to `margins` `[nRows * nMargins]`, with B `[nFeatures * nMargins]` feature by feature. */
  addProduct(coefficients: Float64Array, nMargins: number, margins: Float64Array): void;
  /** Adds Xᵀ R to `gradient` `[nFeatures * nMargins]`. */
  addTransposed(residuals: Float64Array, nMargins: number, gradient: Float64Array): void;
}

/** Penalty and when to stop. */
export interface LogisticOptions {
  /** 0.5 * l2 * ||B||² is added to the sum of weighted log losses; intercepts are free. */
  readonly l2Regularization: number;
  readonly maxIterations: number;
  /** Largest gradient component per unit of weight to stop at. */
  readonly tolerance: number;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Coefficients as they were fitted. */
export interface LogisticFit {
  /** `[nFeatures * nMargins]` feature by feature */
  readonly coefficients: Float64Array;
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}

/**
 * Penalised logistic regression by L-BFGS, binary (one margin) or multinomial (one per class).
 *
 * @param y `[nRows]` class indices, every class present
 * @param weights `[nRows]` with a positive sum
 * @throws {InterruptedError} once the signal is aborted
 */
export async function fitLogistic(
  X: Design,
  y: Float64Array,
  weights: Float64Array,
  nMargins: number,
  options: LogisticOptions,
): Promise<LogisticFit> {
  const { l2Regularization, maxIterations, tolerance, onProgress, signal } = options;
  const nCoefficients = X.nFeatures * nMargins;
  const margins = new Float64Array(X.nRows * nMargins);
  const start = new Float64Array(nCoefficients + nMargins);
  start.set(priorMargins(y, weights, nMargins), nCoefficients);

  function objective(x: Float64Array, gradient: Float64Array): number {
    for (let i = 0; i < margins.length; i++) margins[i] = x[nCoefficients + (i % nMargins)];
    X.addProduct(x.subarray(0, nCoefficients), nMargins, margins);
    const loss = logLoss(margins, nMargins, y, weights);
    gradient.fill(0);
    X.addTransposed(margins, nMargins, gradient.subarray(0, nCoefficients));
    for (let i = 0; i < margins.length; i++) gradient[nCoefficients + (i % nMargins)] += margins[i];
    let squares = 0;
    for (let j = 0; j < nCoefficients; j++) {
      gradient[j] += l2Regularization * x[j];
      squares += x[j] * x[j];
    }
    return loss + 0.5 * l2Regularization * squares;
  }

  let iteration = 0;
  let total = 0;
  for (const weight of weights) total += weight;
  const solution = await minimize(objective, start, {
    maxIterations,
    gradientTolerance: tolerance * total,
    onIteration: async () => {
      onProgress?.(++iteration, maxIterations);
      if (iteration % 4 === 1) await new Promise((resume) => setImmediate(resume));
      throwIfAborted(signal);
    },
  });
  return { coefficients: solution.slice(0, nCoefficients), intercept: solution.slice(nCoefficients) };
}

/** The intercepts of a model without features; several sum to 0, which every step of L-BFGS then keeps. */
export function priorMargins(y: Float64Array, weights: Float64Array, nMargins: number): Float64Array {
  const shares = new Float64Array(Math.max(2, nMargins));
  for (let i = 0; i < y.length; i++) shares[y[i]] += weights[i];
  const logs = shares.map((share) => Math.log(share));
  if (nMargins === 1) return Float64Array.of(logs[1] - logs[0]);
  const mean = logs.reduce((sum, log) => sum + log, 0) / nMargins;
  return logs.map((log) => log - mean);
}
