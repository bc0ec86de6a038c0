/**
 * Additive exponential smoothing of a level and up to two seasons, with an autocorrelated last error.
 */
export interface SeasonalSmoothingModel {
  readonly kind: 'seasonal-smoothing';
  readonly format: 1;
  /** Whole steps, ascending, at most two. */
  readonly periods: readonly number[];
  readonly weights: SmoothingWeights;
  readonly level: number;
  /** `[nPeriods][period]`, the next step first. */
  readonly seasons: readonly Float64Array[];
  readonly lastError: number;
}

/** How much of each one-step error moves the level and the seasons, and how much of it lasts for a step. */
export interface SmoothingWeights {
  readonly level: number;
  readonly short: number;
  readonly long: number;
  readonly error: number;
}

const grid = {
  level: [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7],
  short: [0, 0.02, 0.05, 0.1, 0.2, 0.3, 0.45, 0.6],
  long: [0, 0.03, 0.06, 0.1, 0.2, 0.3, 0.45, 0.6],
  error: [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98],
} as const;

/** Older points than so many, and so many cycles, before the first origin have nothing to say that newer ones do not. */
const keptPoints = 600;
const keptCycles = 5;

/** Every how many points a whole forecast is judged. */
const judgedEvery = 12;

/**
 * Double seasonal smoothing with an autoregressive error (Taylor 2003, "Short-term electricity demand forecasting
 * using double seasonal exponential smoothing", eqs. 5-9, without trend). Its weights are those whose whole
 * forecasts, `horizon` steps long, err least in absolute value over the history: fitted by one-step errors, such
 * models chase the last point. They are found by coordinate search on a fixed grid, on what lies before the first
 * origin, and again, from there, for the last one.
 *
 * @param y `[n]`, oldest first, finite
 * @param periods whole, ascending; a second one is used where it divides by the first and three of its cycles are there
 * @param origins ascending, each from 1 to n
 * @returns a model per origin, which has seen `y[0 .. origin)`
 */
export function fitSeasonalSmoothings(
  y: Float64Array,
  periods: readonly number[],
  origins: readonly number[],
  horizon: number,
): SeasonalSmoothingModel[] {
  const used = usablePeriods(periods, origins[0]);
  const [oldest, ...others] = origins;
  const kept = Math.max(keptPoints, keptCycles * (used.at(-1) ?? 1));
  if (oldest > kept) {
    const from = oldest - kept;
    const recent = [kept, ...others.map((origin) => origin - from)];
    return fitSeasonalSmoothings(y.subarray(from), periods, recent, horizon);
  }
  const first = oldest;
  const start = startOf(y, used, first);
  const forFirst = search(y.subarray(0, first), used, start, horizon, undefined);
  const models = origins.map((origin, i) => {
    const isLast = i === origins.length - 1 && i > 0;
    const weights = isLast ? search(y.subarray(0, origin), used, start, horizon, forFirst) : forFirst;
    return run(y.subarray(0, origin), used, start, weights);
  });
  return models;
}

/** @returns `[horizon]` */
export function forecastSeasonalSmoothing(model: SeasonalSmoothingModel, horizon: number): Float64Array {
  const { level, seasons, lastError, weights } = model;
  let error = lastError;
  return Float64Array.from({ length: horizon }, (_, h) => {
    error *= weights.error;
    let value = level + error;
    for (const season of seasons) value += season[h % season.length];
    return value;
  });
}

function usablePeriods(periods: readonly number[], n: number): number[] {
  const whole = periods.filter((m) => Number.isInteger(m) && m >= 2 && n >= 2 * m);
  const [short, ...others] = whole;
  if (short === undefined) return [];
  const long = others.find((m) => m % short === 0 && n >= 3 * m);
  return long === undefined ? [short] : [short, long];
}

interface Start {
  readonly level: number;
  readonly short: Float64Array;
  readonly long: Float64Array;
  /** Forecasts are judged from here on. */
  readonly judgedFrom: number;
}

/** Level and seasons of the first two cycles of the longest season. */
function startOf(y: Float64Array, periods: readonly number[], n: number): Start {
  const [short = 1, long = 1] = periods;
  const length = Math.min(n, periods.length === 0 ? Math.min(n, 10) : 2 * Math.max(short, long));
  let level = 0;
  for (let t = 0; t < length; t++) level += y[t] / length;
  const shortSeason = phaseMeans(short, length, (t) => y[t] - level);
  const longSeason = phaseMeans(long, length, (t) => y[t] - level - shortSeason[t % short]);
  return {
    level,
    short: shortSeason,
    long: longSeason,
    judgedFrom: Math.min(length, Math.floor(n / 2)),
  };
}

function phaseMeans(period: number, length: number, value: (t: number) => number): Float64Array {
  const means = new Float64Array(period);
  if (period === 1) return means;
  const counts = new Float64Array(period);
  for (let t = 0; t < length; t++) {
    means[t % period] += value(t);
    counts[t % period]++;
  }
  return means.map((total, phase) => total / Math.max(counts[phase], 1));
}

function search(
  y: Float64Array,
  periods: readonly number[],
  start: Start,
  horizon: number,
  from: SmoothingWeights | undefined,
): SmoothingWeights {
  let best = from ?? {
    level: 0.05,
    short: periods.length > 0 ? 0.1 : 0,
    long: periods.length > 1 ? 0.1 : 0,
    error: 0.7,
  };
  const judge = new Judge(y, periods, start, horizon);
  let least = judge.meanError(best, Infinity);
  const names = (['error', 'level', 'short', 'long'] as const).filter(
    (name) => !((name === 'short' && periods.length < 1) || (name === 'long' && periods.length < 2)),
  );
  const sweeps = from === undefined ? 2 : 1;
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const before = least;
    for (const name of names) {
      for (const value of grid[name]) {
        const weights: SmoothingWeights = { ...best, [name]: value };
        if (value === best[name] || weights.level + weights.short + weights.long > 1) continue;
        const error = judge.meanError(weights, least);
        if (error < least) [least, best] = [error, weights];
      }
    }
    if (least === before) break;
  }
  return best;
}

/** Judges weights by the forecasts they would have made. */
class Judge {
  private readonly short: Float64Array;
  private readonly long: Float64Array;

  constructor(
    private readonly y: Float64Array,
    periods: readonly number[],
    private readonly start: Start,
    private readonly horizon: number,
  ) {
    this.short = new Float64Array(periods[0] ?? 1);
    this.long = new Float64Array(periods[1] ?? 1);
  }

  /** Mean absolute error of the forecasts from every 12th point; gives up beyond `limit`. */
  meanError(weights: SmoothingWeights, limit: number): number {
    const { y, short, long, start, horizon } = this;
    const [m, l] = [short.length, long.length];
    short.set(start.short);
    long.set(start.long);
    let level = start.level;
    let lastError = 0;
    let total = 0;
    let count = 0;
    const n = y.length;
    // Known beforehand, so that a sum that is already too large ends the attempt.
    const expected = judgedCount(n, start.judgedFrom, horizon);
    let [i, j] = [0, 0];
    for (let t = 0; t < n; t++) {
      if (t >= start.judgedFrom && (t - start.judgedFrom) % judgedEvery === 0) {
        const end = Math.min(t + horizon, n);
        let error = lastError;
        let [a, b] = [i, j];
        for (let s = t; s < end; s++) {
          error *= weights.error;
          total += Math.abs(y[s] - level - short[a] - long[b] - error);
          if (++a === m) a = 0;
          if (++b === l) b = 0;
        }
        count += end - t;
        if (total > limit * expected) return Infinity;
      }
      const plain = y[t] - level - short[i] - long[j];
      const error = plain - weights.error * lastError;
      // The level and the seasons learn from what the lasting error did not explain.
      level += weights.level * error;
      short[i] += weights.short * error;
      long[j] += weights.long * error;
      lastError = plain;
      if (++i === m) i = 0;
      if (++j === l) j = 0;
    }
    return count === 0 ? Infinity : total / count;
  }
}

function judgedCount(n: number, from: number, horizon: number): number {
  let count = 0;
  for (let t = from; t < n; t += judgedEvery) count += Math.min(horizon, n - t);
  return count;
}

function run(
  y: Float64Array,
  periods: readonly number[],
  start: Start,
  weights: SmoothingWeights,
): SeasonalSmoothingModel {
  const short = start.short.slice();
  const long = start.long.slice();
  const [m, l] = [short.length, long.length];
  let level = start.level;
  let lastError = 0;
  for (let t = 0; t < y.length; t++) {
    const plain = y[t] - level - short[t % m] - long[t % l];
    const error = plain - weights.error * lastError;
    level += weights.level * error;
    short[t % m] += weights.short * error;
    long[t % l] += weights.long * error;
    lastError = plain;
  }
  const next = (season: Float64Array): Float64Array =>
    season.map((_, h) => season[(y.length + h) % season.length]);
  return Object.freeze({
    kind: 'seasonal-smoothing',
    format: 1,
    periods,
    weights,
    level,
    seasons: [short, long].slice(0, periods.length).map(next),
    lastError,
  } as const);
}
