/**
 * The lower Cholesky factor of a symmetric matrix and a penalty on its diagonal (Golub & Van Loan 2013, algorithm
 * 4.2.2). A pivot that rounding leaves without 1e-13 of its diagonal is raised to that.
 *
 * @param gram `[size * size]`, row by row
 * @param penalty `[size]`, at least 0
 * @param known the factor of the leading `knownSize` rows and columns, if there is one already
 * @returns `[size * size]`, row by row, zero above the diagonal
 */
export function penalizedFactor(
  gram: Float64Array,
  penalty: Float64Array,
  known?: Float64Array,
  knownSize = 0,
): Float64Array {
  const size = penalty.length;
  const factor = new Float64Array(size * size);
  for (let i = 0; i < knownSize; i++) {
    for (let j = 0; j <= i; j++) factor[i * size + j] = known![i * knownSize + j];
  }
  for (let i = knownSize; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = gram[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      if (j < i) {
        factor[i * size + j] = sum / factor[j * size + j];
      } else {
        const diagonal = gram[i * size + i] + penalty[i];
        const pivot = sum + penalty[i];
        factor[i * size + i] = Math.sqrt(Math.max(pivot, 1e-13 * diagonal, Number.MIN_VALUE));
      }
    }
  }
  return factor;
}

/**
 * Solves L L' x = b.
 * @param factor `[size * size]`, from `penalizedFactor`
 * @param b `[size]`
 * @param out `[size]`, where x goes; may be `b`
 */
export function solveFactor(factor: Float64Array, b: Float64Array, out: Float64Array): Float64Array {
  const size = b.length;
  for (let i = 0; i < size; i++) {
    const row = i * size;
    // Two sums side by side, so that neither waits for the other.
    let even = b[i];
    let odd = 0;
    let k = 0;
    for (; k + 1 < i; k += 2) {
      even -= factor[row + k] * out[k];
      odd -= factor[row + k + 1] * out[k + 1];
    }
    if (k < i) even -= factor[row + k] * out[k];
    out[i] = (even + odd) / factor[row + i];
  }
  // By columns of L', that is by rows of L, which lie together.
  for (let i = size - 1; i >= 0; i--) {
    const row = i * size;
    const value = out[i] / factor[row + i];
    out[i] = value;
    for (let k = 0; k < i; k++) out[k] -= factor[row + k] * value;
  }
  return out;
}
