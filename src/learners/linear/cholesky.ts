/**
 * Solves A x = b for a symmetric positive (semi-)definite A by the Cholesky factorisation A = L L' (Golub & Van Loan
 * 2013, algorithm 4.2.2). A pivot that rounding or collinear columns leave without 1e-12 of its diagonal is raised
 * to that, so that a redundant direction gets a bounded answer.
 *
 * @param a `[size * size]`, its lower triangle row by row; overwritten by L
 * @param b `[size]`
 * @returns `[size]`
 */
export function solveCholesky(a: Float64Array, b: Float64Array): Float64Array {
  const size = b.length;
  for (let j = 0; j < size; j++) {
    const diagonal = a[j * size + j];
    let pivot = diagonal;
    for (let k = 0; k < j; k++) pivot -= a[j * size + k] ** 2;
    const root = Math.sqrt(Math.max(pivot, 1e-12 * diagonal, Number.MIN_VALUE));
    a[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let sum = a[i * size + j];
      for (let k = 0; k < j; k++) sum -= a[i * size + k] * a[j * size + k];
      a[i * size + j] = sum / root;
    }
  }
  const x = b.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= a[i * size + k] * x[k];
    x[i] /= a[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= a[k * size + i] * x[k];
    x[i] /= a[i * size + i];
  }
  return x;
}
