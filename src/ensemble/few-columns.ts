/**
 * Unpenalised logistic regression on a handful of columns by damped Newton steps (IRLS).
 * @param columns `[nFeatures]` arrays of `[nRows]`
 * @param targets `[nRows]` on [0, 1]
 * @returns [intercept, coefficient of each column]
 */
export function fitLogistic(columns: readonly Float64Array[], targets: Float64Array): number[] {
  const size = columns.length + 1;
  const n = targets.length;
  let beta = new Array<number>(size).fill(0);
  const share = targets.reduce((sum, target) => sum + target, 0) / n;
  beta[0] = Math.log(share / (1 - share));
  const value = (column: number, row: number): number => (column === 0 ? 1 : columns[column - 1][row]);

  function margin(b: readonly number[], row: number): number {
    let z = b[0];
    for (let j = 1; j < size; j++) z += b[j] * columns[j - 1][row];
    return z;
  }
  function loss(b: readonly number[]): number {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const z = margin(b, i);
      sum += Math.max(z, 0) - targets[i] * z + Math.log1p(Math.exp(-Math.abs(z)));
    }
    return sum;
  }

  let current = loss(beta);
  for (let iteration = 0; iteration < 100; iteration++) {
    const gradient = new Array<number>(size).fill(0);
    const hessian = Array.from({ length: size }, () => new Array<number>(size).fill(0));
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-margin(beta, i)));
      for (let j = 0; j < size; j++) {
        gradient[j] += (p - targets[i]) * value(j, i);
        for (let k = 0; k <= j; k++) hessian[j][k] += p * (1 - p) * value(j, i) * value(k, i);
      }
    }
    for (let j = 0; j < size; j++) {
      for (let k = 0; k < j; k++) hessian[k][j] = hessian[j][k];
      hessian[j][j] += 1e-9 * n;
    }
    const step = solve(hessian, gradient);
    let scale = 1;
    let next = beta.map((b, j) => b - step[j]);
    let nextLoss = loss(next);
    while (!(nextLoss <= current) && scale > 1e-6) {
      scale /= 2;
      next = beta.map((b, j) => b - scale * step[j]);
      nextLoss = loss(next);
    }
    const gain = current - nextLoss;
    if (gain > 0) {
      beta = next;
      current = nextLoss;
    }
    if (!(gain > 1e-12 * n)) break;
  }
  return beta;
}

/**
 * Ordinary least squares on a handful of columns by the normal equations of centred columns.
 * @param columns `[nFeatures]` arrays of `[nRows]`
 * @param targets `[nRows]`
 * @returns [intercept, coefficient of each column]
 */
export function fitLeastSquares(columns: readonly Float64Array[], targets: Float64Array): number[] {
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const centres = columns.map(mean);
  const centre = mean(targets);
  const dot = (a: Float64Array, ca: number, b: Float64Array, cb: number): number =>
    a.reduce((sum, value, i) => sum + (value - ca) * (b[i] - cb), 0);
  const gram = columns.map((a, j) => columns.map((b, k) => dot(a, centres[j], b, centres[k])));
  gram.forEach((row, j) => (row[j] += 1e-9 * (row[j] + 1)));
  const coefficients = solve(
    gram,
    columns.map((column, j) => dot(column, centres[j], targets, centre)),
  );
  return [centre - coefficients.reduce((sum, b, j) => sum + b * centres[j], 0), ...coefficients];
}

/**
 * Softmax regression with one weight per base: margin_k = sum over b of w_b * bases[b][k]. Newton steps from the
 * first base alone; the loss is convex.
 * @param bases `[nBases][nClasses]` arrays of `[nRows]`
 * @param labels `[nRows]` class indices
 * @returns `[nBases]` weights
 */
export function fitSoftmaxWeights(
  bases: readonly (readonly Float64Array[])[],
  labels: Float64Array,
): number[] {
  const nClasses = bases[0].length;
  let weights = bases.map((_, b): number => (b === 0 ? 1 : 0));
  for (let iteration = 0; iteration < 50; iteration++) {
    const gradient = new Float64Array(bases.length);
    const hessian = bases.map(() => bases.map(() => 1e-9 * labels.length));
    const p = new Float64Array(nClasses);
    for (let i = 0; i < labels.length; i++) {
      let largest = -Infinity;
      for (let k = 0; k < nClasses; k++) {
        p[k] = weights.reduce((sum, w, b) => sum + w * bases[b][k][i], 0);
        largest = Math.max(largest, p[k]);
      }
      let total = 0;
      for (let k = 0; k < nClasses; k++) total += p[k] = Math.exp(p[k] - largest);
      const means = bases.map((scores) =>
        scores.reduce((sum, score, k) => sum + (p[k] / total) * score[i], 0),
      );
      bases.forEach((scores, b) => {
        gradient[b] += means[b] - scores[labels[i]][i];
        bases.forEach((others, c) => {
          let product = 0;
          for (let k = 0; k < nClasses; k++) product += (p[k] / total) * scores[k][i] * others[k][i];
          hessian[b][c] += product - means[b] * means[c];
        });
      });
    }
    const step = solve(hessian, Array.from(gradient));
    weights = weights.map((w, b) => w - step[b]);
    if (Math.max(...step.map(Math.abs)) < 1e-9) break;
  }
  return weights;
}

/** Gaussian elimination with partial pivoting. */
function solve(matrix: readonly number[][], right: readonly number[]): number[] {
  const a = matrix.map((row, i) => [...row, right[i]]);
  const size = right.length;
  for (let c = 0; c < size; c++) {
    let pivot = c;
    for (let r = c + 1; r < size; r++) if (Math.abs(a[r][c]) > Math.abs(a[pivot][c])) pivot = r;
    [a[c], a[pivot]] = [a[pivot], a[c]];
    for (let r = c + 1; r < size; r++) {
      const factor = a[r][c] / a[c][c];
      for (let k = c; k <= size; k++) a[r][k] -= factor * a[c][k];
    }
  }
  const x = new Array<number>(size).fill(0);
  for (let r = size - 1; r >= 0; r--) {
    let sum = a[r][size];
    for (let k = r + 1; k < size; k++) sum -= a[r][k] * x[k];
    x[r] = sum / a[r][r];
  }
  return x;
}
