import { throwIfAborted } from '../../core/errors.js';
import { binaryLoss, softmaxLoss, type ClassLoss } from './class-loss.js';
import type { LinearWeights, LogisticOptions } from './logistic-loss.js';

/** Rows with more columns than rows, known by their inner products. Vectors hold K numbers a row, side by side. */
export interface GramRows {
  readonly nRows: number;
  readonly nColumns: number;
  /**
   * Writes rows times rows transposed times `vector` `[nRows * K]` into `out`.
   * @returns the largest absolute component of rows transposed times `vector`
   */
  multiplyGram(vector: Float64Array, K: number, out: Float64Array): number;
  /** Rows transposed times `vector`, `[nColumns * K]`. */
  combine(vector: Float64Array, K: number): Float64Array;
}

/** Coefficients as a combination of the rows: how the optimiser knows them, and where another fit may begin. */
export interface RowWeights {
  /** `[nRows * K]` */
  readonly rows: Float64Array;
  /** `[K]` */
  readonly intercept: Float64Array;
}

/** How far a Newton step is worked out: residual over gradient. */
const forcing = 0.2;
/** Preconditions the intercepts, which see every row at full length: chosen on sst2, uit-vsfc and tweets. */
const interceptScale = 0.1;
const maxInner = 100;
const sufficientDecrease = 1e-4;
const maxHalvings = 30;

/**
 * Logistic (one margin) or softmax regression by Newton steps, each solved by conjugate gradients (Lin, Weng & Keerthi
 * 2008). Every vector of the method is a combination of the rows and is kept as its weights (the representer theorem),
 * so that the work beside the products grows with the rows and not with the columns. Steps are cut by halves where
 * the loss asks for it; the margins along a step are known, so a trial costs no product. The intercept carries no penalty;
 * softmax intercepts sum to 0.
 *
 * @param y `[nRows]` class indices
 * @param weight `[nRows]`
 * @param start where to begin: the answer to a similar question
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function fitRowWeights(
  rows: GramRows,
  y: Float64Array,
  weight: Float64Array,
  options: LogisticOptions,
  start?: RowWeights,
): Promise<RowWeights> {
  const { nMargins: K, l2, maxIterations, tolerance, signal } = options;
  const size = rows.nRows * K;
  const vector = (): Float64Array => new Float64Array(size);
  const total = weight.reduce((sum, w) => sum + w, 0);
  const loss: ClassLoss = K === 1 ? binaryLoss(y, weight) : softmaxLoss(y, weight, K);

  const a = start?.rows.slice() ?? vector();
  const intercept = start?.intercept.slice() ?? loss.startingIntercept();
  // The margins without the intercepts.
  const linear = vector();
  if (start !== undefined) rows.multiplyGram(a, K, linear);
  const margins = vector();
  const trial = vector();
  const residuals = vector();
  // Of the step: weights, its margins, what it adds to the intercepts.
  const [d, dLinear, dIntercept] = [vector(), vector(), new Float64Array(K)];
  // Of what is left to solve, and of the direction of the search.
  const [rest, restLinear, restIntercept] = [vector(), vector(), new Float64Array(K)];
  const [along, alongLinear, alongIntercept] = [vector(), vector(), new Float64Array(K)];
  const [changes, bent] = [vector(), vector()];
  const [slopes, product] = [new Float64Array(K), new Float64Array(K)];

  addIntercept(linear, intercept, margins);
  let value = loss.evaluate(margins, residuals) + 0.5 * l2 * dot(a, linear);
  for (let iteration = 0; iteration < maxIterations; iteration++) {
    await new Promise((resume) => setImmediate(resume));
    throwIfAborted(signal);
    for (let s = 0; s < size; s++) rest[s] = -residuals[s] - l2 * a[s];
    sumRows(residuals, slopes);
    const steepest = rows.multiplyGram(rest, K, restLinear);
    if (!(Math.max(steepest, ...slopes.map(Math.abs)) > tolerance * total)) break;
    solve();

    let slope = dot(slopes, dIntercept);
    for (let s = 0; s < size; s++) slope += (residuals[s] + l2 * a[s]) * dLinear[s];
    if (!(slope < 0)) break;
    // Near the minimum a true decrease drowns in the rounding of the value; that much rise is forgiven.
    const slack = 1e-13 * Math.abs(value);
    let t = 1;
    let next = tryStep(t);
    for (let halvings = 0; !(next <= value + sufficientDecrease * t * slope + slack); halvings++) {
      if (halvings === maxHalvings) return finish();
      t /= 2;
      next = tryStep(t);
    }
    value = next;
    for (let s = 0; s < size; s++) {
      a[s] += t * d[s];
      linear[s] += t * dLinear[s];
    }
    for (let k = 0; k < K; k++) intercept[k] += t * dIntercept[k];
  }
  return finish();

  /** The loss after `t` steps. */
  function tryStep(t: number): number {
    for (let s = 0, k = 0; s < size; s++, k = k + 1 === K ? 0 : k + 1)
      trial[s] = linear[s] + t * dLinear[s] + intercept[k] + t * dIntercept[k];
    const penalty = 0.5 * (dot(a, linear) + 2 * t * dot(a, dLinear) + t * t * dot(d, dLinear));
    return loss.evaluate(trial, residuals) + l2 * penalty;
  }

  /** Finds the step: Hessian times step = minus the gradient, nearly. */
  function solve(): void {
    for (const each of [d, dLinear, dIntercept]) each.fill(0);
    for (let k = 0; k < K; k++) {
      restIntercept[k] = -slopes[k];
      alongIntercept[k] = restIntercept[k] * interceptScale;
    }
    along.set(rest);
    alongLinear.set(restLinear);
    let energy = dot(rest, restLinear) + dot(restIntercept, alongIntercept);
    const enough = forcing * forcing * energy;
    for (let inner = 0; inner < maxInner && energy > enough; inner++) {
      addIntercept(alongLinear, alongIntercept, changes);
      loss.bend(changes, bent);
      sumRows(bent, product);
      let curve = dot(alongIntercept, product);
      for (let s = 0; s < size; s++) {
        bent[s] += l2 * along[s];
        curve += bent[s] * alongLinear[s];
      }
      if (!(curve > 0)) return;
      const alpha = energy / curve;
      for (let s = 0; s < size; s++) {
        d[s] += alpha * along[s];
        dLinear[s] += alpha * alongLinear[s];
        rest[s] -= alpha * bent[s];
      }
      rows.multiplyGram(rest, K, restLinear);
      let next = dot(rest, restLinear);
      for (let k = 0; k < K; k++) {
        dIntercept[k] += alpha * alongIntercept[k];
        restIntercept[k] -= alpha * product[k];
        next += restIntercept[k] ** 2 * interceptScale;
      }
      const beta = next / energy;
      for (let s = 0; s < size; s++) {
        along[s] = rest[s] + beta * along[s];
        alongLinear[s] = restLinear[s] + beta * alongLinear[s];
      }
      for (let k = 0; k < K; k++)
        alongIntercept[k] = restIntercept[k] * interceptScale + beta * alongIntercept[k];
      energy = next;
    }
  }

  function addIntercept(linear: Float64Array, intercept: Float64Array, out: Float64Array): void {
    for (let s = 0, k = 0; s < size; s++, k = k + 1 === K ? 0 : k + 1) out[s] = linear[s] + intercept[k];
  }

  function sumRows(vector: Float64Array, out: Float64Array): void {
    out.fill(0);
    for (let s = 0, k = 0; s < size; s++, k = k + 1 === K ? 0 : k + 1) out[k] += vector[s];
  }

  function finish(): RowWeights {
    if (K > 1) {
      const mean = intercept.reduce((sum, b) => sum + b, 0) / K;
      for (let k = 0; k < K; k++) intercept[k] -= mean;
    }
    return { rows: a, intercept };
  }
}

/** The coefficients that row weights stand for. */
export function linearWeights(rows: GramRows, { rows: a, intercept }: RowWeights): LinearWeights {
  const K = intercept.length;
  const combined = rows.combine(a, K);
  const coefficients = new Float64Array(combined.length);
  for (let k = 0; k < K; k++)
    for (let j = 0; j < rows.nColumns; j++) coefficients[k * rows.nColumns + j] = combined[j * K + k];
  return { coefficients, intercept };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
