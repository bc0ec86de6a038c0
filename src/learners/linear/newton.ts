import { throwIfAborted } from '../../core/errors.js';
import { solveCholesky } from './cholesky.js';
import { classShares, priorMargins, type LogisticFit, type LogisticOptions } from './fit-logistic.js';
import { logLoss } from './log-loss.js';

/**
 * Penalised binary logistic regression by damped Newton steps (iteratively reweighted least squares),
 * O(nRows nFeatures²) each; a handful of steps reach full precision.
 *
 * @param columns `[nFeatures]` arrays of `[nRows]`
 * @param y `[nRows]` 0 or 1, both present
 * @param weights `[nRows]` with a positive sum
 * @throws {InterruptedError} once the signal is aborted
 */
export async function fitLogisticByNewton(
  columns: readonly Float64Array[],
  y: Float64Array,
  weights: Float64Array,
  options: LogisticOptions,
): Promise<LogisticFit> {
  const { l2Regularization, maxIterations, tolerance, onProgress, signal } = options;
  const nRows = y.length;
  const size = columns.length + 1;
  const ones = new Float64Array(nRows).fill(1);
  // The intercept goes last: where a column depends on others it is the column that gives way.
  const design = [...columns, ones];
  let total = 0;
  for (const weight of weights) total += weight;

  let beta = new Float64Array(size);
  beta[size - 1] = priorMargins(classShares(y, weights, 2), 1)[0];
  let residuals = new Float64Array(nRows);
  let loss = evaluate(beta, residuals);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    onProgress?.(iteration, maxIterations);
    await new Promise((resume) => setImmediate(resume));
    throwIfAborted(signal);
    const gradient = Float64Array.from(design, (column, j) => dot(column, residuals) + penalty(j) * beta[j]);
    if (gradient.every((g) => Math.abs(g) <= tolerance * total)) break;
    const step = solveCholesky(hessian(residuals), gradient);

    const slope = dot(step, gradient);
    let length = 1;
    let next = beta;
    let nextLoss = Infinity;
    const nextResiduals = new Float64Array(nRows);
    // The last bit of the loss is noise: a full step that does not raise it by more is taken.
    while (!(nextLoss <= loss - 1e-4 * length * slope + 1e-13 * Math.abs(loss)) && length > 1e-10) {
      next = beta.map((b, j) => b - length * step[j]);
      nextLoss = evaluate(next, nextResiduals);
      length /= 2;
    }
    if (!(nextLoss <= loss + 1e-13 * Math.abs(loss))) break;
    beta = next;
    loss = nextLoss;
    residuals = nextResiduals;
  }
  return { coefficients: beta.slice(0, size - 1), intercept: beta.slice(size - 1) };

  function penalty(j: number): number {
    return j < size - 1 ? l2Regularization : 0;
  }

  function evaluate(b: Float64Array, out: Float64Array): number {
    out.fill(0);
    design.forEach((column, j) => {
      const factor = b[j];
      for (let i = 0; i < nRows; i++) out[i] += factor * column[i];
    });
    let value = logLoss(out, 1, y, weights);
    for (let j = 0; j < size; j++) value += 0.5 * penalty(j) * b[j] * b[j];
    return value;
  }

  /** Lower triangle of Xᵀ W X + penalty; the curvature w p (1 - p) is read off the residual w (p - y). */
  function hessian(r: Float64Array): Float64Array {
    const matrix = new Float64Array(size * size);
    const bent = new Float64Array(nRows);
    const curvature = r.map((residual, i) =>
      weights[i] === 0 ? 0 : Math.abs(residual) * (1 - Math.abs(residual) / weights[i]),
    );
    for (let j = 0; j < size; j++) {
      for (let i = 0; i < nRows; i++) bent[i] = curvature[i] * design[j][i];
      for (let k = 0; k <= j; k++) matrix[j * size + k] = dot(bent, design[k]);
      matrix[j * size + j] += penalty(j);
    }
    return matrix;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
