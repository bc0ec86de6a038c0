/**
 * Weighted log loss of margins, and its derivatives in their place: w (p - 1{y = k}).
 *
 * @param margins `[nRows * nMargins]` row by row; one margin is the log-odds of class 1, several go through softmax;
 *   overwritten by the derivatives
 * @param y `[nRows]` class indices
 * @param weights `[nRows]`
 * @returns the sum over rows
 */
export function logLoss(
  margins: Float64Array,
  nMargins: number,
  y: Float64Array,
  weights: Float64Array,
): number {
  return nMargins === 1 ? binary(margins, y, weights) : softmax(margins, nMargins, y, weights);
}

function binary(margins: Float64Array, y: Float64Array, weights: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const z = margins[i];
    const small = Math.exp(-Math.abs(z));
    loss += weights[i] * (Math.max(z, 0) - y[i] * z + Math.log1p(small));
    const p = z >= 0 ? 1 / (1 + small) : small / (1 + small);
    margins[i] = weights[i] * (p - y[i]);
  }
  return loss;
}

function softmax(margins: Float64Array, nMargins: number, y: Float64Array, weights: Float64Array): number {
  let loss = 0;
  for (let i = 0; i < y.length; i++) {
    const start = i * nMargins;
    const weight = weights[i];
    let most = -Infinity;
    for (let k = 0; k < nMargins; k++) most = Math.max(most, margins[start + k]);
    const own = margins[start + y[i]];
    let sum = 0;
    for (let k = 0; k < nMargins; k++) {
      margins[start + k] = Math.exp(margins[start + k] - most);
      sum += margins[start + k];
    }
    loss += weight * (most + Math.log(sum) - own);
    for (let k = 0; k < nMargins; k++) margins[start + k] *= weight / sum;
    margins[start + y[i]] -= weight;
  }
  return loss;
}
