import { minimize, type Objective } from './lbfgs.js';

/** Rows that a linear model reads, dense or sparse: all that a gradient method needs to know of them. */
export interface DesignRows {
  readonly nRows: number;
  readonly nColumns: number;
  /** Adds rows times `vector` `[nColumns]` to `out` `[nRows]`. */
  addProduct(vector: Float64Array, out: Float64Array): void;
  /** Adds rows transposed times `vector` `[nRows]` to `out` `[nColumns]`. */
  addTransposedProduct(vector: Float64Array, out: Float64Array): void;
}

/** What a linear model learns. */
export interface LinearWeights {
  /** `[nMargins * nColumns]`, margin by margin. */
  readonly coefficients: Float64Array;
  /** `[nMargins]` */
  readonly intercept: Float64Array;
}

export interface LogisticOptions {
  /** 1 for the log-odds of class 1, else one per class for softmax. */
  readonly nMargins: number;
  /** Penalty 0.5 * l2 * ||w||² beside the sum of weighted losses. */
  readonly l2: number;
  readonly maxIterations: number;
  /** Largest component of the gradient of the mean loss. */
  readonly tolerance: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Logistic (one margin) or softmax regression by L-BFGS; the intercept carries no penalty. Softmax intercepts,
 * which only matter up to a common shift, sum to 0.
 *
 * @param y `[nRows]` class indices
 * @param weight `[nRows]`
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function fitLogisticLoss(
  rows: DesignRows,
  y: Float64Array,
  weight: Float64Array,
  options: LogisticOptions,
): Promise<LinearWeights> {
  const { nMargins } = options;
  const nCoefficients = nMargins * rows.nColumns;
  const x0 = new Float64Array(nCoefficients + nMargins);
  x0.set(startingIntercept(y, weight, nMargins), nCoefficients);
  const { x } = await minimize(meanLoss(rows, y, weight, options), x0, options);
  return { coefficients: x.slice(0, nCoefficients), intercept: x.slice(nCoefficients) };
}

/** What the intercept would be if no column said anything. */
function startingIntercept(y: Float64Array, weight: Float64Array, nMargins: number): Float64Array {
  const share = new Float64Array(Math.max(nMargins, 2));
  for (let i = 0; i < y.length; i++) share[y[i]] += weight[i];
  const logs = share.map(Math.log);
  if (nMargins === 1) return Float64Array.of(logs[1] - logs[0]);
  const mean = logs.reduce((sum, log) => sum + log, 0) / nMargins;
  return logs.map((log) => log - mean);
}

function meanLoss(
  rows: DesignRows,
  y: Float64Array,
  weight: Float64Array,
  { nMargins, l2 }: LogisticOptions,
): Objective {
  const { nRows, nColumns } = rows;
  const total = weight.reduce((sum, w) => sum + w, 0);
  const margins = Array.from({ length: nMargins }, () => new Float64Array(nRows));
  return (x, gradient) => {
    margins.forEach((margin, k) => {
      margin.fill(x[nMargins * nColumns + k]);
      rows.addProduct(x.subarray(k * nColumns, (k + 1) * nColumns), margin);
    });
    // Margins become residuals in place.
    let value = (nMargins === 1 ? binaryResiduals : softmaxResiduals)(margins, y, weight);
    margins.forEach((residual, k) => {
      const part = gradient.subarray(k * nColumns, (k + 1) * nColumns);
      part.fill(0);
      rows.addTransposedProduct(residual, part);
      for (let j = 0; j < nColumns; j++) {
        const coefficient = x[k * nColumns + j];
        value += 0.5 * l2 * coefficient * coefficient;
        part[j] = (part[j] + l2 * coefficient) / total;
      }
      gradient[nMargins * nColumns + k] = residual.reduce((sum, r) => sum + r, 0) / total;
    });
    return value / total;
  };
}

function binaryResiduals([margin]: readonly Float64Array[], y: Float64Array, weight: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const z = margin[i];
    // ln(1 + e^z) - y z, in the form that cannot overflow.
    loss += weight[i] * (Math.max(z, 0) - y[i] * z + Math.log1p(Math.exp(-Math.abs(z))));
    margin[i] = weight[i] * (1 / (1 + Math.exp(-z)) - y[i]);
  }
  return loss;
}

function softmaxResiduals(margins: readonly Float64Array[], y: Float64Array, weight: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    let top = -Infinity;
    for (const margin of margins) top = Math.max(top, margin[i]);
    let sum = 0;
    for (const margin of margins) sum += Math.exp(margin[i] - top);
    loss += weight[i] * (top + Math.log(sum) - margins[y[i]][i]);
    margins.forEach((margin, k) => {
      margin[i] = weight[i] * (Math.exp(margin[i] - top) / sum - (y[i] === k ? 1 : 0));
    });
  }
  return loss;
}
