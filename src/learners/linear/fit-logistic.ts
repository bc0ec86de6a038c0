import { throwIfAborted } from '../../core/errors.js';
import { minimize } from './lbfgs.js';
import { logLoss } from './log-loss.js';

/** Rows of features, dense or sparse, as far as a linear model has to see them. */
export interface Design {
  readonly nRows: number;
  readonly nFeatures: number;
  /** Adds X b to `margin` `[nRows]`. */
  addProduct(coefficients: Float64Array, margin: Float64Array): void;
  /** Adds Xᵀ r to `gradient` `[nFeatures]`. */
  addTransposed(residual: Float64Array, gradient: Float64Array): void;
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
  /** `[nMargins * nFeatures]` margin by margin */
  readonly coefficients: Float64Array;
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}

/** How often a fit lets the event loop run, in iterations. */
const iterationsBetweenPauses = 4;

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
  const { nRows, nFeatures } = X;
  const nCoefficients = nMargins * nFeatures;
  const margins = new Float64Array(nMargins * nRows);
  const marginOf = Array.from({ length: nMargins }, (_, k) => margins.subarray(k * nRows, (k + 1) * nRows));
  const ofMargin = (values: Float64Array, k: number): Float64Array =>
    values.subarray(k * nFeatures, (k + 1) * nFeatures);

  function objective(x: Float64Array, gradient: Float64Array): number {
    for (let k = 0; k < nMargins; k++) {
      marginOf[k].fill(x[nCoefficients + k]);
      X.addProduct(ofMargin(x, k), marginOf[k]);
    }
    const loss = logLoss(margins, nMargins, y, weights);
    let squares = 0;
    for (let j = 0; j < nCoefficients; j++) {
      gradient[j] = l2Regularization * x[j];
      squares += x[j] * x[j];
    }
    for (let k = 0; k < nMargins; k++) {
      X.addTransposed(marginOf[k], ofMargin(gradient, k));
      gradient[nCoefficients + k] = sum(marginOf[k]);
    }
    return loss + 0.5 * l2Regularization * squares;
  }

  const total = sum(weights);
  const prior = classShares(y, weights, Math.max(2, nMargins));
  const start = new Float64Array(nCoefficients + nMargins);
  start.set(priorMargins(prior, nMargins), nCoefficients);
  let iteration = 0;
  const solution = await minimize(objective, start, {
    maxIterations,
    gradientTolerance: tolerance * total,
    onIteration: async () => {
      onProgress?.(++iteration, maxIterations);
      if (iteration % iterationsBetweenPauses === 1) await new Promise((resume) => setImmediate(resume));
      throwIfAborted(signal);
    },
  });
  const intercept = solution.slice(nCoefficients);
  // Softmax does not see a constant added to every intercept: the one that sums to 0 is taken.
  const shift = nMargins === 1 ? 0 : sum(intercept) / nMargins;
  return {
    coefficients: solution.slice(0, nCoefficients),
    intercept: intercept.map((margin) => margin - shift),
  };
}

/** The weighted share of every class, `[nClasses]`. */
export function classShares(y: Float64Array, weights: Float64Array, nClasses: number): Float64Array {
  const shares = new Float64Array(nClasses);
  for (let i = 0; i < y.length; i++) shares[y[i]] += weights[i];
  const total = sum(shares);
  return shares.map((share) => share / total);
}

/** The intercepts of a model without features, `[nMargins]`. */
export function priorMargins(shares: Float64Array, nMargins: number): Float64Array {
  const logs = shares.map(Math.log);
  if (nMargins === 1) return Float64Array.of(logs[1] - logs[0]);
  const mean = sum(logs) / nMargins;
  return logs.map((log) => log - mean);
}

function sum(values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i];
  return total;
}
