import { DataError } from '../../core/errors.js';

/** An interval forecast of every step. */
export interface IntervalForecast {
  /** Share of the actual values that it shall hold: 0.8, 0.95. */
  readonly level: number;
  /** `[horizon]` */
  readonly lower: ArrayLike<number>;
  /** `[horizon]` */
  readonly upper: ArrayLike<number>;
}

/** One forecast from one origin, and what came. */
export interface ForecastOutcome {
  /** `[horizon]`, NaN where nothing was observed. */
  readonly actual: ArrayLike<number>;
  /** `[horizon]` */
  readonly forecast: ArrayLike<number>;
  /** One for each level. */
  readonly intervals: readonly IntervalForecast[];
  /** Of the training series, in its unit; see `seasonalScale`. */
  readonly scale: number;
  /** Name of the group that the series belongs to. */
  readonly slice?: string | undefined;
}

/** One number for an outcome all of whose steps were observed, the mean over its steps. */
export type OutcomeScore = (outcome: ForecastOutcome) => number;

/** Those steps of an outcome that were observed, all of them when `steps` is left out; null where there is none. */
export function observedSteps(outcome: ForecastOutcome, steps?: readonly number[]): ForecastOutcome | null {
  const { actual } = outcome;
  const candidates = steps ?? Array.from(actual, (_, h) => h);
  const observed = candidates.filter((h) => h < actual.length && !Number.isNaN(actual[h]));
  if (observed.length === 0) return null;
  const pick = (values: ArrayLike<number>) => observed.map((h) => values[h]);
  return {
    ...outcome,
    actual: pick(actual),
    forecast: pick(outcome.forecast),
    intervals: outcome.intervals.map(({ level, lower, upper }) => ({
      level,
      lower: pick(lower),
      upper: pick(upper),
    })),
  };
}

/**
 * The interval of a level.
 * @throws {DataError} where the outcome has none, naming those it has
 */
export function intervalAt({ intervals }: ForecastOutcome, level: number): IntervalForecast {
  const found = intervals.find((interval) => interval.level === level);
  if (found !== undefined) return found;
  const known = intervals.map((interval) => interval.level).join(', ') || 'none';
  throw new DataError(`level=${level} must be one of the forecast's levels: ${known}`);
}
