/**
 * Unpenalised logistic regression on a handful of columns by damped Newton steps (IRLS). Where the likelihood has no
 * maximum (separable rows, one class), the steps end at a finite point as soon as they gain less than 1e-12 a row.
 * @param columns `[nFeatures]` arrays of `[nRows]`
 * @param targets `[nRows]` on [0, 1], at least one
 * @returns [intercept, coefficient of each column]
 */
export function fitLogistic(columns: readonly Float64Array[], targets: Float64Array): number[] {
  const size = columns.length + 1;
  const n = targets.length;
  const share = Math.min(Math.max(targets.reduce((sum, target) => sum + target, 0) / n, 1e-7), 1 - 1e-7);
  const start = [Math.log(share / (1 - share)), ...columns.map(() => 0)];
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
  function slopes(b: readonly number[]): Slopes {
    const gradient = new Array<number>(size).fill(0);
    const hessian = gradient.map(() => new Array<number>(size).fill(0));
    for (let i = 0; i < n; i++) {
      const p = 1 / (1 + Math.exp(-margin(b, i)));
      for (let j = 0; j < size; j++) {
        gradient[j] += (p - targets[i]) * value(j, i);
        for (let k = 0; k <= j; k++) hessian[j][k] += p * (1 - p) * value(j, i) * value(k, i);
      }
    }
    for (let j = 0; j < size; j++) for (let k = 0; k < j; k++) hessian[k][j] = hessian[j][k];
    return { gradient, hessian };
  }
  return minimise(start, loss, slopes, 1e-12 * n);
}

/**
 * Log-linear regression of means on a handful of columns by the quasi-likelihood of variance ~ mean^power (Wedderburn
 * 1974): 1 is Poisson's, whose intercept makes the sum of the fitted means that of the targets; above it large targets
 * count less, as they scatter more.
 * @param columns `[nFeatures]` arrays of `[nRows]`
 * @param targets `[nRows]` of at least 0
 * @param power [1, 2)
 * @returns [intercept, coefficient of each column]
 */
export function fitLogMean(columns: readonly Float64Array[], targets: Float64Array, power: number): number[] {
  const n = targets.length;
  const size = columns.length + 1;
  const unit = Math.max(targets.reduce((sum, target) => sum + target, 0) / n, Number.MIN_VALUE);
  // In units of the mean target, so that the tolerance means the same for orders and for money.
  const y = targets.map((target) => target / unit);
  const value = (column: number, row: number): number => (column === 0 ? 1 : columns[column - 1][row]);
  const margin = (b: readonly number[], row: number): number =>
    b.reduce((z, slope, j) => z + slope * value(j, row), 0);

  function loss(b: readonly number[]): number {
    let sum = 0;
    for (let i = 0; i < n; i++) {
      const z = margin(b, i);
      const drawn = power === 1 ? y[i] * z : (y[i] * Math.exp((1 - power) * z)) / (1 - power);
      sum += Math.exp((2 - power) * z) / (2 - power) - drawn;
    }
    return sum;
  }
  function slopes(b: readonly number[]): Slopes {
    const gradient = new Array<number>(size).fill(0);
    const hessian = gradient.map(() => new Array<number>(size).fill(0));
    for (let i = 0; i < n; i++) {
      const z = margin(b, i);
      const pushed = Math.exp((2 - power) * z);
      const drawn = y[i] * Math.exp((1 - power) * z);
      const curvature = (2 - power) * pushed + (power - 1) * drawn;
      for (let j = 0; j < size; j++) {
        gradient[j] += (pushed - drawn) * value(j, i);
        for (let k = 0; k < size; k++) hessian[j][k] += curvature * value(j, i) * value(k, i);
      }
    }
    return { gradient, hessian };
  }
  const [intercept, ...coefficients] = minimise([0, ...columns.map(() => 0)], loss, slopes, 1e-12 * n);
  return [intercept + Math.log(unit), ...coefficients];
}

/**
 * Ordinary least squares on a handful of columns by the normal equations of centred columns. A constant column gets
 * the coefficient 0, equal columns share theirs.
 * @param columns `[nFeatures]` arrays of `[nRows]`
 * @param targets `[nRows]`, at least one
 * @returns [intercept, coefficient of each column]
 */
export function fitLeastSquares(columns: readonly Float64Array[], targets: Float64Array): number[] {
  const mean = (values: Float64Array): number =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const centre = mean(targets);
  const centres = columns.map(mean);
  const centred = columns.map((column, j) => {
    const centred = column.map((value) => value - centres[j]);
    // What rounding of the mean leaves of a constant column is no variation.
    return centred.some((value) => Math.abs(value) > 1e-14 * Math.abs(centres[j]))
      ? centred
      : centred.fill(0);
  });
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, i) => sum + value * b[i], 0);
  const residual = targets.map((target) => target - centre);
  const coefficients = solve(
    centred.map((a) => centred.map((b) => dot(a, b))),
    centred.map((column) => dot(column, residual)),
  );
  return [centre - coefficients.reduce((sum, b, j) => sum + b * centres[j], 0), ...coefficients];
}

/**
 * Softmax regression with one weight per base: margin_k = sum over b of w_b * bases[b][k]. Damped Newton steps from
 * the first base alone; the loss is convex. Where it has no minimum (the bases tell the classes apart without
 * fail), the steps end at a finite point. A base that says the same of all classes gets the weight 0.
 * @param bases `[nBases][nClasses]` arrays of `[nRows]`
 * @param labels `[nRows]` class indices
 * @returns `[nBases]` weights
 */
export function fitSoftmaxWeights(
  bases: readonly (readonly Float64Array[])[],
  labels: Float64Array,
): number[] {
  const nClasses = bases[0].length;
  // What a base says of all classes alike moves no share.
  const centred = bases.map((scores) => {
    const centres = scores[0].map((_, i) => scores.reduce((sum, score) => sum + score[i], 0) / nClasses);
    return scores.map((score) => score.map((value, i) => deviation(value, centres[i])));
  });
  const n = labels.length;
  const p = new Float64Array(nClasses);

  /** Fills `p` with the class shares of a row and gives the row's loss. */
  function shares(weights: readonly number[], i: number): number {
    let largest = -Infinity;
    for (let k = 0; k < nClasses; k++) {
      p[k] = weights.reduce((sum, w, b) => sum + w * centred[b][k][i], 0);
      largest = Math.max(largest, p[k]);
    }
    const own = p[labels[i]];
    let total = 0;
    for (let k = 0; k < nClasses; k++) total += p[k] = Math.exp(p[k] - largest);
    for (let k = 0; k < nClasses; k++) p[k] /= total;
    return largest + Math.log(total) - own;
  }
  function loss(weights: readonly number[]): number {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += shares(weights, i);
    return sum;
  }
  function slopes(weights: readonly number[]): Slopes {
    const gradient = bases.map(() => 0);
    const hessian = bases.map(() => bases.map(() => 0));
    for (let i = 0; i < n; i++) {
      shares(weights, i);
      const means = centred.map((scores) => scores.reduce((sum, score, k) => sum + p[k] * score[i], 0));
      centred.forEach((scores, b) => {
        gradient[b] += means[b] - scores[labels[i]][i];
        centred.forEach((others, c) => {
          for (let k = 0; k < nClasses; k++) {
            hessian[b][c] += p[k] * (scores[k][i] - means[b]) * (others[k][i] - means[c]);
          }
        });
      });
    }
    return { gradient, hessian };
  }
  return minimise(
    bases.map((_, b): number => (b === 0 ? 1 : 0)),
    loss,
    slopes,
    1e-12 * n,
  );
}

/** The distance from a mean; what rounding of the mean alone leaves is none. */
function deviation(value: number, mean: number): number {
  const distance = value - mean;
  return Math.abs(distance) > 1e-14 * Math.abs(mean) ? distance : 0;
}

/** First and second derivatives of a loss. */
interface Slopes {
  readonly gradient: readonly number[];
  readonly hessian: readonly (readonly number[])[];
}

/** Newton's method for a convex loss; a step that does not lower it is halved until it does. */
function minimise(
  start: readonly number[],
  lossOf: (at: readonly number[]) => number,
  slopesOf: (at: readonly number[]) => Slopes,
  leastGain: number,
): number[] {
  let at = [...start];
  let current = lossOf(at);
  for (let iteration = 0; iteration < 100; iteration++) {
    const { gradient, hessian } = slopesOf(at);
    const step = solve(hessian, gradient);
    let scale = 1;
    let next = at.map((value, j) => value - step[j]);
    let nextLoss = lossOf(next);
    while (!(nextLoss <= current) && scale > 1e-6) {
      scale /= 2;
      next = at.map((value, j) => value - scale * step[j]);
      nextLoss = lossOf(next);
    }
    const gain = current - nextLoss;
    if (gain > 0) {
      at = next;
      current = nextLoss;
    }
    if (!(gain > leastGain)) break;
  }
  return at;
}

/**
 * Gaussian elimination with partial pivoting of a symmetric positive semi-definite system, its columns scaled to unit
 * diagonal first. A billionth more on the diagonal decides what the equations leave open: a column of zeros gets 0,
 * equal columns equal shares.
 */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const size = right.length;
  const unit = matrix.map((row, i) => (row[i] > 0 ? 1 / Math.sqrt(row[i]) : 0));
  const a = matrix.map((row, i) => [
    ...row.map((value, j) => (i === j ? 1 + 1e-9 : unit[i] * value * unit[j])),
    unit[i] * right[i],
  ]);
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
  return x.map((value, i) => value * unit[i]);
}
