/**
 * Weighted log loss of margins, and its derivatives in their place: w (p - 1{y = k}).
 *
 * @param margins `[nMargins * nRows]` margin by margin; one margin is the log-odds of class 1, several go through softmax;
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
  return nMargins === 1 ? binary(margins, y, weights) : softmax(margins, y, weights);
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

function softmax(margins: Float64Array, y: Float64Array, weights: Float64Array): number {
  const nRows = y.length;
  let loss = 0;
  for (let i = 0; i < nRows; i++) {
    const weight = weights[i];
    const own = y[i] * nRows + i;
    let most = -Infinity;
    for (let at = i; at < margins.length; at += nRows) most = Math.max(most, margins[at]);
    loss += weight * (most - margins[own]);
    let sum = 0;
    for (let at = i; at < margins.length; at += nRows) {
      margins[at] = Math.exp(margins[at] - most);
      sum += margins[at];
    }
    loss += weight * Math.log(sum);
    for (let at = i; at < margins.length; at += nRows) margins[at] *= weight / sum;
    margins[own] -= weight;
  }
  return loss;
}
