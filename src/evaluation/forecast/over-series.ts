import { DataError } from '../../core/errors.js';
import { bootstrapIntervals, type BootstrapOptions } from '../bootstrap.js';
import { meanKernel, type Metric, valueOf } from '../metric.js';
import { type ForecastOutcome, observedSteps, type OutcomeScore } from './outcome.js';

/** A score averaged over series, each of which counts the same. JSON-plain. */
export interface SeriesMean {
  readonly mean: number;
  /** Percentile interval over resamples of series. */
  readonly lower: number;
  readonly upper: number;
  readonly standardError: number;
  /** Series in the mean. */
  readonly n: number;
  /** Series left out, their score being undefined: no observed step, or a scale of 0. */
  readonly undefinedSeries: number;
}

/**
 * The mean of one number per series with its bootstrap interval. Whole series are resampled, since the steps of one
 * series depend on each other. Values that are not finite are left out and counted. Two methods are compared by the
 * mean of their differences, series by series.
 * @param values `[nSeries]`
 * @throws {DataError} where no value is finite
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function meanOverSeries(values: ArrayLike<number>, options: BootstrapOptions): SeriesMean {
  const kept = Array.from(values).filter(Number.isFinite);
  if (kept.length === 0) {
    throw new DataError(`mean over series: none of ${values.length} values is finite, expected one or more`);
  }
  const [{ value, lower, upper, standardError }] = bootstrapIntervals([seriesMean], kept, kept, options);
  const undefinedSeries = values.length - kept.length;
  return { mean: value, lower, upper, standardError, n: kept.length, undefinedSeries };
}

/** `[nOutcomes]`: the score of every outcome on its observed steps, NaN where it has none. */
export function scoreEach(outcomes: readonly ForecastOutcome[], score: OutcomeScore): Float64Array {
  return Float64Array.from(outcomes, (outcome) => scoreSteps(outcome, score));
}

/**
 * `[horizon]`: the mean score of every single step ahead, the first being one step after the origin; NaN where no
 * outcome has one. Scores that are not finite are left out. The horizon is that of the longest outcome.
 */
export function byHorizon(outcomes: readonly ForecastOutcome[], score: OutcomeScore): Float64Array {
  const horizon = outcomes.reduce((longest, { actual }) => Math.max(longest, actual.length), 0);
  return Float64Array.from({ length: horizon }, (_, h) => {
    const scores = outcomes.map((outcome) => scoreSteps(outcome, score, [h])).filter(Number.isFinite);
    return scores.reduce((sum, value) => sum + value, 0) / scores.length;
  });
}

/**
 * The mean over the series of every slice, slices in alphabetical order; outcomes without one are left out, and so are
 * slices without a finite score.
 * @throws {ConfigError} for replicates below 2 or a level outside (0, 1)
 */
export function bySlice(
  outcomes: readonly ForecastOutcome[],
  score: OutcomeScore,
  options: BootstrapOptions,
): ReadonlyMap<string, SeriesMean> {
  const names = [...new Set(outcomes.map(({ slice }) => slice))].filter((name) => name !== undefined).sort();
  const found = new Map<string, SeriesMean>();
  for (const name of names) {
    const values = scoreEach(
      outcomes.filter(({ slice }) => slice === name),
      score,
    );
    const rng = options.rng.split(name);
    if (values.some(Number.isFinite)) found.set(name, meanOverSeries(values, { ...options, rng }));
  }
  return found;
}

function scoreSteps(outcome: ForecastOutcome, score: OutcomeScore, steps?: readonly number[]): number {
  const observed = observedSteps(outcome, steps);
  return observed === null ? NaN : score(observed);
}

const prepare = (values: ArrayLike<number>) => meanKernel(Float64Array.from(values));

const seriesMean: Metric = {
  name: 'mean',
  label: 'Mean over series',
  direction: 'lower',
  range: [-Infinity, Infinity],
  input: 'value',
  compute: (values, _, weight) => valueOf('mean', 'a series', prepare(values), values.length, weight),
  prepare,
};
