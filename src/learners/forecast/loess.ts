/** How a local regression weighs its neighbours. */
export interface LoessWindow {
  /** Points in the window, odd. */
  readonly length: number;
  /** 0 for a local mean, 1 for a local line. */
  readonly degree: 0 | 1;
  /** Smooth at every `jump`-th point only and draw lines between; 1 smooths everywhere. */
  readonly jump: number;
}

/** Local regression over `n` equally spaced points, ready for many series of that length. */
export interface Loess {
  /**
   * Writes the smoothed `y` to `out[start..start + n - 1]`; a point whose whole window has weight 0 stays as it is.
   * @param robustness `[n]` weights from 0 to 1
   */
  readonly smooth: (y: Float64Array, out: Float64Array, start: number, robustness?: Float64Array) => void;
  /** The regression at `x`, from -1 to n; NaN where the whole window has weight 0. */
  readonly at: (y: Float64Array, x: number, robustness?: Float64Array) => number;
}

/**
 * Loess on equally spaced points with tricube weights (Cleveland & Devlin 1988), as in the Fortran code of STL.
 * The weights depend only on where the point lies in its window, so they are computed once per place.
 */
export function createLoess(n: number, { length, degree, jump }: LoessWindow): Loess {
  const width = Math.min(length, n);
  const half = (length - 1) / 2;
  const excess = Math.floor(Math.max(0, length - n) / 2);
  const stride = Math.max(1, Math.min(jump, n - 1));
  // Points that lie too close together for a slope: the mean must do.
  const leastDeviation = degree === 1 ? 0.001 * (n - 1) : Infinity;
  const tricubes: Float64Array[] = [];
  const kernels: Float64Array[] = [];

  const leftOf = (x: number): number => Math.max(0, Math.min(x - half, n - width));
  const tricube = (place: number): Float64Array =>
    (tricubes[place + 1] ??= tricubeWeights(place, width, excess));
  const kernel = (place: number): Float64Array =>
    (kernels[place + 1] ??= regressionKernel(tricube(place), place, leastDeviation));

  function at(y: Float64Array, x: number, robustness?: Float64Array): number {
    const left = leftOf(x);
    return robustness === undefined
      ? applyKernel(kernel(x - left), y, left)
      : regress(tricube(x - left), robustness, y, left, x - left, leastDeviation);
  }

  function smooth(y: Float64Array, out: Float64Array, start: number, robustness?: Float64Array): void {
    if (robustness === undefined && stride === 1 && length < n) {
      convolve(kernel(half), y, n, out, start);
      for (let x = 0; x < half; x++) out[start + x] = applyKernel(kernel(x), y, 0);
      for (let x = n - half; x < n; x++) out[start + x] = applyKernel(kernel(x - n + width), y, n - width);
      return;
    }
    let previous = 0;
    for (let x = 0; x < n; x = x < n - 1 ? Math.min(x + stride, n - 1) : n) {
      const value = at(y, x, robustness);
      out[start + x] = Number.isNaN(value) ? y[x] : value;
      if (x > previous + 1) drawLine(out, start + previous, start + x);
      previous = x;
    }
  }

  return { smooth, at };
}

/**
 * Unnormalised weights of the window's points for a regression at one of them.
 * @param place from -1, just before the window, to `width`, just after it
 * @param excess how much further the bandwidth reaches where the window is longer than the series
 */
function tricubeWeights(place: number, width: number, excess: number): Float64Array {
  const bandwidth = Math.max(place, width - 1 - place) + excess;
  const weights = new Float64Array(width);
  for (let j = 0; j < width; j++) {
    const distance = Math.abs(j - place);
    if (distance > 0.999 * bandwidth) continue;
    const r = distance / bandwidth;
    const c = 1 - r * r * r;
    weights[j] = distance <= 0.001 * bandwidth ? 1 : c * c * c;
  }
  return weights;
}

/** What the values of the window are multiplied by to give the local mean or line at `place`; NaN without weight. */
function regressionKernel(weights: Float64Array, place: number, leastDeviation: number): Float64Array {
  const kernel = new Float64Array(weights.length);
  let sum = 0;
  let moment = 0;
  let square = 0;
  for (let j = 0; j < weights.length; j++) {
    sum += weights[j];
    moment += weights[j] * (j - place);
    square += weights[j] * (j - place) ** 2;
  }
  const mean = moment / sum;
  const variance = square / sum - mean * mean;
  const slope = variance > leastDeviation ** 2 ? -mean / variance : 0;
  for (let j = 0; j < kernel.length; j++) kernel[j] = (weights[j] / sum) * (1 + slope * (j - place - mean));
  return kernel;
}

/** The points whose window lies within the series share one symmetric kernel. */
function convolve(kernel: Float64Array, y: Float64Array, n: number, out: Float64Array, start: number): void {
  const half = (kernel.length - 1) / 2;
  for (let x = half; x < n - half; x++) {
    let sum = kernel[half] * y[x];
    for (let j = 1; j <= half; j++) sum += kernel[half + j] * (y[x - j] + y[x + j]);
    out[start + x] = sum;
  }
}

function applyKernel(kernel: Float64Array, y: Float64Array, left: number): number {
  let sum = 0;
  for (let j = 0; j < kernel.length; j++) sum += kernel[j] * y[left + j];
  return sum;
}

/** The same in one pass over weights that are used only once. */
function regress(
  weights: Float64Array,
  robustness: Float64Array,
  y: Float64Array,
  left: number,
  place: number,
  leastDeviation: number,
): number {
  let sum = 0;
  let moment = 0;
  let square = 0;
  let level = 0;
  let product = 0;
  for (let j = 0; j < weights.length; j++) {
    const w = weights[j] * robustness[left + j];
    const wx = w * (j - place);
    sum += w;
    moment += wx;
    square += wx * (j - place);
    level += w * y[left + j];
    product += wx * y[left + j];
  }
  if (!(sum > 0)) return NaN;
  const mean = moment / sum;
  const variance = square / sum - mean * mean;
  const value = level / sum;
  if (!(variance > leastDeviation ** 2)) return value;
  return value - (mean / variance) * (product / sum - mean * value);
}

function drawLine(out: Float64Array, from: number, to: number): void {
  const slope = (out[to] - out[from]) / (to - from);
  for (let i = from + 1; i < to; i++) out[i] = out[from] + slope * (i - from);
}
