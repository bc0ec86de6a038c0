/**
 * Solves `(H + λ · diag H) x = g` for the free entries of x, the others being 0, by Cholesky.
 * @param h `[k · k]`, lower triangle, positive semidefinite
 * @param isFree `[k]`
 * @returns undefined where H is too flat for a step
 */
export function dampedStep(
  h: Float64Array,
  g: Float64Array,
  lambda: number,
  isFree: readonly boolean[],
): Float64Array | undefined {
  const k = g.length;
  const l = new Float64Array(k * k);
  const x = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    if (!isFree[i] || !(h[i * k + i] > 0)) {
      l[i * k + i] = 1;
      continue;
    }
    for (let j = 0; j <= i; j++) {
      if (!isFree[j]) continue;
      let sum = h[i * k + j] * (i === j ? 1 + lambda : 1);
      for (let m = 0; m < j; m++) sum -= l[i * k + m] * l[j * k + m];
      if (i > j) l[i * k + j] = sum / l[j * k + j];
      else if (sum > 0) l[i * k + i] = Math.sqrt(sum);
      else return undefined;
    }
    x[i] = g[i];
    for (let m = 0; m < i; m++) x[i] -= l[i * k + m] * x[m];
    x[i] /= l[i * k + i];
  }
  for (let i = k - 1; i >= 0; i--) {
    x[i] /= l[i * k + i];
    for (let m = 0; m < i; m++) x[m] -= l[i * k + m] * x[i];
  }
  return x.every(Number.isFinite) ? x : undefined;
}
