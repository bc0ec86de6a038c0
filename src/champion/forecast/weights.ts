/** Steps on each side that smooth the weights. */
const smoothing = 3;
/** What equal weights count for, in errors. */
const priorErrors = 10;
const rounds = 8;
/** So many errors settle the weights of a step. */
const mostErrors = 4_000;

/**
 * Weights of members for every step: not negative, summing to 1, of least absolute or squared error of the blend
 * over all errors together (Granger & Ramanathan 1984, restricted), then smoothed over the steps. Absolute errors
 * are met by reweighted squares (Schlossmacher 1973).
 *
 * @param errors `[nWindows][nMembers][n][steps]` scaled errors, NaN where the truth is missing
 * @param allowed `[nMembers]` which members may have weight
 * @returns `[steps][nMembers]`
 */
export function blendWeights(
  errors: readonly (readonly Float64Array[])[],
  allowed: readonly boolean[],
  steps: number,
  loss: 'absolute' | 'squared',
): Float64Array {
  const nMembers = allowed.length;
  const free = [...allowed.keys()].filter((m) => allowed[m]);
  const raw = new Float64Array(steps * nMembers);
  for (let h = 0; h < steps; h++) {
    const rows = errorsOf(errors, free, h, steps);
    let weights = new Float64Array(free.length).fill(1 / free.length);
    for (let round = 0; round < (loss === 'squared' ? 1 : rounds); round++) {
      const gram = gramOf(rows, free.length, loss === 'squared' ? undefined : weights);
      weights = leastSquares(gram, free.length);
    }
    free.forEach((m, j) => (raw[h * nMembers + m] = weights[j]));
  }
  return raw.map((_, at) => {
    const [h, m] = [Math.floor(at / nMembers), at % nMembers];
    const near = Math.min(smoothing, h, steps - 1 - h);
    let sum = 0;
    for (let k = h - near; k <= h + near; k++) sum += raw[k * nMembers + m];
    return sum / (2 * near + 1);
  });
}

/** `[nErrors][nFree]` errors of one step that are known for all members; every so manieth where there are many. */
function errorsOf(
  errors: readonly (readonly Float64Array[])[],
  free: readonly number[],
  h: number,
  steps: number,
): Float64Array {
  const nSeries = errors.reduce((sum, window) => sum + window[0].length / steps, 0);
  const stride = Math.max(1, Math.ceil(nSeries / mostErrors));
  const rows = new Float64Array(Math.ceil(nSeries / stride + errors.length) * free.length);
  let n = 0;
  for (const window of errors) {
    for (let i = h; i < window[0].length; i += steps * stride) {
      let isKnown = true;
      for (let j = 0; j < free.length; j++) {
        const error = window[free[j]][i];
        rows[n + j] = error;
        isKnown &&= Number.isFinite(error);
      }
      if (isKnown) n += free.length;
    }
  }
  return rows.subarray(0, n);
}

/** Squares and products of errors, each row divided by the error of the blend where weights are given. */
function gramOf(rows: Float64Array, size: number, weights: Float64Array | undefined): Float64Array[] {
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  for (let i = 0; i < rows.length; i += size) {
    let factor = 1;
    if (weights !== undefined) {
      let blended = 0;
      for (let m = 0; m < size; m++) blended += weights[m] * rows[i + m];
      factor = 1 / Math.max(Math.abs(blended), 1e-2);
    }
    for (let a = 0; a < size; a++) {
      const error = factor * rows[i + a];
      for (let b = 0; b <= a; b++) gram[a][b] += error * rows[i + b];
    }
  }
  // The best member's error: a worthless one must not make all alike.
  const typical = Math.min(...gram.map((row, a) => row[a])) / Math.max(1, rows.length / size);
  for (let a = 0; a < size; a++) {
    gram[a][a] += priorErrors * typical + 1e-12;
    for (let b = 0; b < a; b++) gram[b][a] = gram[a][b];
  }
  return gram;
}

/** The point of the simplex where w'Gw is least: the best of the solutions on its faces that lie inside it. */
function leastSquares(gram: readonly Float64Array[], size: number): Float64Array<ArrayBuffer> {
  let best = new Float64Array(size).fill(1 / size);
  let least = Infinity;
  for (let face = 1; face < 1 << size; face++) {
    const on = Array.from({ length: size }, (_, m) => m).filter((m) => face & (1 << m));
    const w = solveOnes(on.map((a) => on.map((b) => gram[a][b])));
    const total = w.reduce((sum, value) => sum + value, 0);
    if (!(total > 0) || w.some((value) => value < 0)) continue;
    const full = new Float64Array(size);
    on.forEach((m, j) => (full[m] = w[j] / total));
    let value = 0;
    for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) value += full[a] * gram[a][b] * full[b];
    if (value < least) [best, least] = [full, value];
  }
  return best;
}

/** x with A x = (1, …, 1), by Gauss' elimination; A is small, symmetric and positive definite. */
function solveOnes(a: number[][]): number[] {
  const n = a.length;
  const x = new Array<number>(n).fill(1);
  for (let i = 0; i < n; i++) {
    for (let r = i + 1; r < n; r++) {
      const factor = a[r][i] / a[i][i];
      for (let c = i; c < n; c++) a[r][c] -= factor * a[i][c];
      x[r] -= factor * x[i];
    }
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let c = i + 1; c < n; c++) x[i] -= a[i][c] * x[c];
    x[i] /= a[i][i];
  }
  return x;
}
