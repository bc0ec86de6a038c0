import { throwIfAborted } from '../../core/errors.js';
import { solveCholesky } from './cholesky.js';
import type { LinearWeights, LogisticOptions } from './logistic-loss.js';

/**
 * Binary logistic regression by damped Newton steps (iteratively reweighted least squares; Hastie, Tibshirani &
 * Friedman 2009, section 4.4.1). The intercept carries no penalty.
 *
 * @param columns `[nFeatures]` arrays of `[nRows]`
 * @param y `[nRows]` 0 or 1, both with some weight
 * @param weight `[nRows]`
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function fitNewton(
  columns: readonly Float64Array[],
  y: Float64Array,
  weight: Float64Array,
  { l2, maxIterations, tolerance, signal }: LogisticOptions,
): Promise<LinearWeights> {
  const size = columns.length + 1;
  const design = [...columns, new Float64Array(y.length).fill(1)];
  const penalty = Float64Array.from(design, (_, j) => (j < columns.length ? l2 : 0));
  const total = weight.reduce((sum, w) => sum + w, 0);
  const positive = dot(weight, y);
  let beta = new Float64Array(size);
  beta[size - 1] = Math.log(positive / (total - positive));
  let { loss, probability } = evaluate(beta);

  for (let iteration = 0; iteration < maxIterations; iteration++) {
    await new Promise((resume) => setImmediate(resume));
    throwIfAborted(signal);
    const residual = y.map((label, i) => weight[i] * (probability[i] - label));
    const gradient = Float64Array.from(design, (column, j) => dot(column, residual) + penalty[j] * beta[j]);
    if (gradient.every((g) => Math.abs(g) <= tolerance * total)) break;
    const step = solveCholesky(hessian(probability), gradient);
    let damping = 1;
    let next = evaluate(beta.map((b, j) => b - step[j]));
    while (!(next.loss <= loss * (1 + 1e-14)) && damping > 1e-9) {
      damping /= 2;
      next = evaluate(beta.map((b, j) => b - damping * step[j]));
    }
    if (!(next.loss <= loss * (1 + 1e-14))) break;
    ({ beta, loss, probability } = next);
  }
  return { coefficients: beta.slice(0, size - 1), intercept: beta.slice(size - 1) };

  function evaluate(b: Float64Array<ArrayBuffer>): {
    beta: Float64Array<ArrayBuffer>;
    loss: number;
    probability: Float64Array;
  } {
    const margin = new Float64Array(y.length);
    design.forEach((column, j) => {
      for (let i = 0; i < margin.length; i++) margin[i] += b[j] * column[i];
    });
    let sum = 0;
    for (let j = 0; j < size; j++) sum += 0.5 * penalty[j] * b[j] * b[j];
    for (let i = 0; i < margin.length; i++) {
      const z = margin[i];
      sum += weight[i] * (Math.max(z, 0) - y[i] * z + Math.log1p(Math.exp(-Math.abs(z))));
      margin[i] = 1 / (1 + Math.exp(-z));
    }
    return { beta: b, loss: sum, probability: margin };
  }

  function hessian(p: Float64Array): Float64Array {
    const a = new Float64Array(size * size);
    const curvature = p.map((pi, i) => weight[i] * pi * (1 - pi));
    design.forEach((column, j) => {
      const weighted = curvature.map((c, i) => c * column[i]);
      for (let k = 0; k <= j; k++) a[j * size + k] = dot(weighted, design[k]);
      a[j * size + j] += penalty[j];
    });
    return a;
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
