import { ConfigError, DataError } from '../../core/errors.js';
import { checkInteger, mergeParams } from '../params.js';
import { createLoess } from './loess.js';

export interface StlParams {
  /** Steps in a cycle, whole and at least 2. */
  readonly period: number;
  /** Cycles over which a phase of the season is smoothed; odd, at least 3. */
  readonly seasonalWindow: number;
  /** Steps over which the trend is smoothed, odd; `null` for 1.5 · period / (1 - 1.5 / seasonalWindow). */
  readonly trendWindow: number | null;
  /** 0 for a season of locally constant phases, 1 for locally linear ones. */
  readonly seasonalDegree: 0 | 1;
  /** Weigh down what lies far from the fit (bisquare), so that outliers end up in the remainder. */
  readonly robust: boolean;
  /** Smooth only at every such point and draw lines between; 1 is exact, a tenth of the window is close. */
  readonly seasonalJump: number;
  readonly trendJump: number;
  readonly lowPassJump: number;
}

/** `y = seasonal + trend + remainder`, each `[n]`. */
export interface Decomposition {
  readonly seasonal: Float64Array;
  readonly trend: Float64Array;
  readonly remainder: Float64Array;
}

const defaults: StlParams = {
  period: 0,
  seasonalWindow: 7,
  trendWindow: null,
  seasonalDegree: 1,
  robust: false,
  seasonalJump: 1,
  trendJump: 1,
  lowPassJump: 1,
};

/**
 * STL: a seasonal-trend decomposition by loess (Cleveland, Cleveland, McRae & Terpenning 1990). Runs the iterations
 * of statsmodels: 5 inner ones, or with `robust` 2 inner ones in each of 16 rounds.
 *
 * @param y `[n]`, n at least two periods
 * @throws {ConfigError} naming a parameter that is unknown or out of its range
 * @throws {DataError} when the series is shorter than two periods
 */
export function stl(y: Float64Array, given: Partial<StlParams> & { readonly period: number }): Decomposition {
  const params = mergeParams('stl', defaults, given);
  checkParams(params);
  const { period, robust } = params;
  const n = y.length;
  if (n < 2 * period) throw new DataError(`stl needs two periods, ${2 * period} values, got ${n}`);

  const inner = createInnerLoop(n, params);
  const seasonal = new Float64Array(n);
  const trend = new Float64Array(n);
  const remainder = new Float64Array(n);
  let robustness: Float64Array | undefined;
  for (let round = 0; round < (robust ? 16 : 1); round++) {
    if (round > 0) robustness = bisquareWeights(remainder);
    inner(y, seasonal, trend, robustness, robust ? 2 : 5);
    for (let i = 0; i < n; i++) remainder[i] = y[i] - seasonal[i] - trend[i];
  }
  return { seasonal, trend, remainder };
}

function checkParams(params: StlParams): void {
  checkInteger(params, 'period', 2, Number.MAX_SAFE_INTEGER);
  checkInteger(params, 'seasonalDegree', 0, 1);
  for (const name of ['seasonalJump', 'trendJump', 'lowPassJump'] as const) {
    checkInteger(params, name, 1, Number.MAX_SAFE_INTEGER);
  }
  checkOdd('seasonalWindow', params.seasonalWindow, 3);
  if (params.trendWindow !== null) checkOdd('trendWindow', params.trendWindow, params.period + 1);
}

function checkOdd(name: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value % 2 !== 1 || value < least) {
    throw new ConfigError(`${name}=${value} must be an odd whole number of at least ${least}`);
  }
}

/** The smallest odd whole number not below `value`. */
export function nextOdd(value: number): number {
  return 2 * Math.ceil((value - 1) / 2) + 1;
}

/** The trend window that Cleveland et al. advise: just wide enough to keep the season out of the trend. */
export function adviseTrendWindow(period: number, seasonalWindow: number): number {
  return nextOdd(Math.ceil((1.5 * period) / (1 - 1.5 / seasonalWindow)));
}

type InnerLoop = (
  y: Float64Array,
  seasonal: Float64Array,
  trend: Float64Array,
  robustness: Float64Array | undefined,
  iterations: number,
) => void;

/** Steps 1 to 6 of the paper's section 2.2; updates season and trend in place. */
function createInnerLoop(n: number, params: StlParams): InnerLoop {
  const { period, seasonalWindow, trendJump, lowPassJump } = params;
  const trendWindow = params.trendWindow ?? adviseTrendWindow(period, seasonalWindow);
  const smoothTrend = createLoess(n, { length: trendWindow, degree: 1, jump: trendJump }).smooth;
  const lowPassWindow = nextOdd(period + 1);
  const smoothLowPass = createLoess(n, { length: lowPassWindow, degree: 1, jump: lowPassJump }).smooth;
  const smoothCycles = createCycleSmoother(n, params);
  const work = new Float64Array(n);
  const cycles = new Float64Array(n + 2 * period);
  const averaged = new Float64Array(n + 2 * period);
  const lowPass = new Float64Array(n + 2 * period);

  return (y, seasonal, trend, robustness, iterations) => {
    for (let iteration = 0; iteration < iterations; iteration++) {
      for (let i = 0; i < n; i++) work[i] = y[i] - trend[i];
      smoothCycles(work, cycles, robustness);
      movingAverage(cycles, n + 2 * period, period, lowPass);
      movingAverage(lowPass, n + period + 1, period, averaged);
      movingAverage(averaged, n + 2, 3, lowPass);
      smoothLowPass(lowPass, averaged, 0);
      for (let i = 0; i < n; i++) {
        seasonal[i] = cycles[period + i] - averaged[i];
        work[i] = y[i] - seasonal[i];
      }
      smoothTrend(work, trend, 0, robustness);
    }
  };
}

/** Smooths every phase of the cycle for itself and draws it on by one cycle at either end: `out` is `[n + 2 · period]`. */
function createCycleSmoother(
  n: number,
  { period, seasonalWindow, seasonalDegree, seasonalJump }: StlParams,
): (y: Float64Array, out: Float64Array, robustness: Float64Array | undefined) => void {
  const window = { length: seasonalWindow, degree: seasonalDegree, jump: seasonalJump };
  const most = Math.ceil(n / period);
  const loess = [createLoess(most - 1, window), createLoess(most, window)];
  const values = new Float64Array(most);
  const weights = new Float64Array(most);
  const smoothed = new Float64Array(most + 2);

  return (y, out, robustness) => {
    for (let phase = 0; phase < period; phase++) {
      const count = Math.ceil((n - phase) / period);
      for (let k = 0; k < count; k++) values[k] = y[k * period + phase];
      let weight: Float64Array | undefined;
      if (robustness !== undefined) {
        for (let k = 0; k < count; k++) weights[k] = robustness[k * period + phase];
        weight = weights;
      }
      const { smooth, at } = loess[count - most + 1];
      smooth(values, smoothed, 1, weight);
      const before = at(values, -1, weight);
      const after = at(values, count, weight);
      smoothed[0] = Number.isNaN(before) ? smoothed[1] : before;
      smoothed[count + 1] = Number.isNaN(after) ? smoothed[count] : after;
      for (let k = 0; k < count + 2; k++) out[k * period + phase] = smoothed[k];
    }
  };
}

/** Averages of every `length` neighbours: the first `n - length + 1` of `out`. */
function movingAverage(x: Float64Array, n: number, length: number, out: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += x[i];
  out[0] = sum / length;
  for (let i = length; i < n; i++) {
    sum += x[i] - x[i - length];
    out[i - length + 1] = sum / length;
  }
}

/** Robustness weights: bisquare of the remainder over six times its median size. */
function bisquareWeights(remainder: Float64Array): Float64Array {
  const n = remainder.length;
  const sizes = remainder.map(Math.abs);
  const sorted = sizes.slice().sort();
  const middle = Math.floor(n / 2);
  const bound = 3 * (sorted[middle] + sorted[n - middle - 1]);
  return sizes.map((size) => {
    if (size <= 0.001 * bound) return 1;
    return size <= 0.999 * bound ? (1 - (size / bound) ** 2) ** 2 : 0;
  });
}
