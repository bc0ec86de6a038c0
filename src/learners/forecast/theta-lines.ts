/**
 * The regression line of the series against 1, 2, …: `intercept + slope · t`, that of all values (`[1]` each) or of
 * the values up to every one (`[n]` each).
 */
export interface Lines {
  readonly intercepts: Float64Array;
  readonly slopes: Float64Array;
}

/** The line through all values. */
export function staticLine(y: Float64Array): Lines {
  const n = y.length;
  let mean = 0;
  for (let i = 0; i < n; i++) mean += y[i];
  mean /= n;
  let product = 0;
  for (let i = 0; i < n; i++) product += (i - (n - 1) / 2) * (y[i] - mean);
  const slope = n > 1 ? (12 * product) / (n * (n * n - 1)) : 0;
  return { intercepts: Float64Array.of(mean - (slope * (n + 1)) / 2), slopes: Float64Array.of(slope) };
}

/** The line through the values up to each, by the recursion of Fiorucci et al. (2016), section 3.2. */
export function runningLines(y: Float64Array): Lines {
  const intercepts = new Float64Array(y.length);
  const slopes = new Float64Array(y.length);
  let line: RunningLine = { mean: y[0], intercept: y[0], slope: 0 };
  for (let i = 0; i < y.length; i++) {
    if (i > 0) line = advanceLine(line, i, y[i]);
    intercepts[i] = line.intercept;
    slopes[i] = line.slope;
  }
  return { intercepts, slopes };
}

export interface RunningLine {
  /** Mean of the values so far. */
  readonly mean: number;
  readonly intercept: number;
  readonly slope: number;
}

/** The line after one more value, the one at `i`, counted from 0. */
export function advanceLine({ mean, slope }: RunningLine, i: number, value: number): RunningLine {
  const nextMean = (i * mean + value) / (i + 1);
  const nextSlope = ((i - 1) * slope + (6 * (value - mean)) / (i + 1)) / (i + 2);
  return { mean: nextMean, slope: nextSlope, intercept: nextMean - (nextSlope * (i + 2)) / 2 };
}
