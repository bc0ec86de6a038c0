/** A pivot this much smaller than its diagonal entry is nothing but rounding. */
const smallestPivot = 1e-12;

/**
 * Solves A x = b for a symmetric, positive semi-definite A by Cholesky's factorisation, O(size³ / 6). A column that
 * depends on earlier ones gets x = 0, as if it were not there.
 *
 * @param matrix `[size * size]` row by row, lower triangle read; overwritten by the factor
 * @param right `[size]`
 * @returns `[size]`
 */
export function solveCholesky(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  const x = Float64Array.from(right);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j < i; j++) {
      const pivot = matrix[j * size + j];
      let sum = matrix[row + j];
      for (let k = 0; k < j; k++) sum -= matrix[row + k] * matrix[j * size + k];
      matrix[row + j] = pivot === 0 ? 0 : sum / pivot;
    }
    const diagonal = matrix[row + i];
    let rest = diagonal;
    for (let k = 0; k < i; k++) rest -= matrix[row + k] ** 2;
    matrix[row + i] = rest > smallestPivot * diagonal ? Math.sqrt(rest) : 0;
  }
  for (let i = 0; i < size; i++) {
    const pivot = matrix[i * size + i];
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= matrix[i * size + k] * x[k];
    x[i] = pivot === 0 ? 0 : sum / pivot;
  }
  for (let i = size - 1; i >= 0; i--) {
    const pivot = matrix[i * size + i];
    let sum = x[i];
    for (let k = i + 1; k < size; k++) sum -= matrix[k * size + i] * x[k];
    x[i] = pivot === 0 ? 0 : sum / pivot;
  }
  return x;
}
