import type { MetricEstimate } from '../metric.js';

/** One forecast from one origin, what came, and what the season before would have said. */
export interface JudgedWindow {
  /** Which of the series. */
  readonly series: number;
  /** `[steps]`, NaN where nothing came. */
  readonly actual: ArrayLike<number>;
  readonly yhat: ArrayLike<number>;
  readonly naive: ArrayLike<number>;
  /** Per level, where the window has intervals. */
  readonly bounds?: readonly Bounds[];
  /** What errors of the series are measured in, above 0; a window without it is not judged. */
  readonly scale: number;
}

interface Bounds {
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** A value and what was, or will be, said of it. JSON-plain; null where there is none. */
export interface FanPoint {
  readonly at: string;
  readonly actual: number | null;
  readonly yhat: number | null;
  readonly naive: number | null;
  /** `[nLevels]` */
  readonly lower: readonly (number | null)[];
  readonly upper: readonly (number | null)[];
}

/** One series: what was, what was said of its newest days, what is said of the next ones. JSON-plain. */
export interface Fan {
  readonly id: string;
  /** Mean scaled error of its windows, and that of the season before. */
  readonly error: number;
  readonly naive: number;
  readonly points: readonly FanPoint[];
}

/** How forecasts did, step by step and series by series. JSON-plain. */
export interface ForecastFigures {
  readonly title: string;
  readonly note: string;
  readonly metrics: readonly MetricEstimate[];
  /** Whether times are calendar times, in ISO 8601, or plain numbers. */
  readonly isCalendar: boolean;
  readonly levels: readonly number[];
  readonly nSeries: number;
  /** What errors by step and series are. */
  readonly unit: string;
  readonly steps: readonly {
    readonly step: number;
    /** Mean over windows, with its interval where there are several series. */
    readonly error: number;
    readonly lower: number;
    readonly upper: number;
    readonly naive: number;
    readonly nValues: number;
    /** `[nLevels]` share of values within the interval; null where unknown. */
    readonly coverage: readonly (number | null)[];
  }[];
  readonly fans: readonly Fan[];
  /** The series with the largest errors, the worst first. */
  readonly worst: readonly { readonly id: string; readonly error: number; readonly naive: number }[];
}

const drawnSeries = 6;
const listedSeries = 10;
const halfWidth = 1.96;

/**
 * Errors by step, series by series, of windows that were forecast without having been seen.
 *
 * @param given `windows` several a series or one; `coverage` `[nLevels][steps]` where windows have no intervals of their
 *   own; `pointsOf` the points of a series to be drawn
 */
export function forecastFigures(
  given: Pick<ForecastFigures, 'title' | 'note' | 'metrics' | 'isCalendar' | 'levels' | 'unit'> & {
    readonly ids: readonly string[];
    readonly windows: readonly JudgedWindow[];
    readonly coverage?: readonly (readonly (number | null)[])[];
    readonly pointsOf: (series: number) => readonly FanPoint[];
  },
): ForecastFigures {
  const { ids, windows, coverage, pointsOf, levels } = given;
  const judged = windows.filter(({ scale }) => scale > 0 && Number.isFinite(scale));
  const bySeries = ids.map((id, series) => {
    const own = judged.filter((window) => window.series === series);
    return { id, series, error: meanError(own, 'yhat'), naive: meanError(own, 'naive') };
  });
  const ranked = bySeries
    .filter(({ error }) => Number.isFinite(error))
    .sort((a, b) => b.error - a.error || (a.id < b.id ? -1 : 1));
  const nSteps = Math.max(0, ...judged.map(({ actual }) => actual.length));
  return {
    title: given.title,
    note: given.note,
    metrics: given.metrics,
    isCalendar: given.isCalendar,
    levels,
    unit: given.unit,
    nSeries: ranked.length,
    steps: Array.from({ length: nSteps }, (_, h) => stepOf(judged, h, levels, coverage)).filter(
      ({ nValues }) => nValues > 0,
    ),
    fans: spread(ranked, drawnSeries).map(({ id, error, naive, series }) => ({
      id,
      error,
      naive,
      points: pointsOf(series),
    })),
    worst: ranked.slice(0, listedSeries).map(({ id, error, naive }) => ({ id, error, naive })),
  };
}

function errorAt({ actual, scale, ...window }: JudgedWindow, of: 'yhat' | 'naive', h: number): number {
  return Math.abs(actual[h] - window[of][h]) / scale;
}

function meanError(windows: readonly JudgedWindow[], of: 'yhat' | 'naive'): number {
  let [sum, n] = [0, 0];
  for (const window of windows) {
    for (let h = 0; h < window.actual.length; h++) {
      const error = errorAt(window, of, h);
      if (!Number.isFinite(error)) continue;
      sum += error;
      n++;
    }
  }
  return n === 0 ? NaN : sum / n;
}

function stepOf(
  windows: readonly JudgedWindow[],
  h: number,
  levels: readonly number[],
  known: readonly (readonly (number | null)[])[] | undefined,
): ForecastFigures['steps'][number] {
  const came = windows.filter(({ actual }) => h < actual.length && Number.isFinite(actual[h]));
  // Windows of one series depend on each other: series are what the interval counts.
  const perSeries = new Map<number, number[]>();
  for (const window of came) {
    const errors = perSeries.get(window.series) ?? [];
    errors.push(errorAt(window, 'yhat', h));
    perSeries.set(window.series, errors);
  }
  const means = [...perSeries.values()].map((errors) => average(errors));
  const error = average(means);
  const spreadOfMeans = average(means.map((value) => (value - error) ** 2));
  const half = means.length < 2 ? 0 : halfWidth * Math.sqrt(spreadOfMeans / (means.length - 1));
  const naive = average(came.map((window) => errorAt(window, 'naive', h)).filter(Number.isFinite));
  return {
    step: h + 1,
    error,
    lower: Math.max(0, error - half),
    upper: error + half,
    naive,
    nValues: came.length,
    coverage: levels.map((_, l) => known?.[l]?.[h] ?? shareWithin(came, l, h)),
  };
}

function shareWithin(windows: readonly JudgedWindow[], level: number, h: number): number | null {
  const bounded = windows.flatMap(({ actual, bounds }) =>
    bounds === undefined ? [] : [actual[h] >= bounds[level].lower[h] && actual[h] <= bounds[level].upper[h]],
  );
  return bounded.length === 0 ? null : bounded.filter(Boolean).length / bounded.length;
}

/** From the worst to the best, evenly. */
function spread<Item>(ranked: readonly Item[], most: number): readonly Item[] {
  if (ranked.length <= most) return ranked;
  return Array.from({ length: most }, (_, i) => ranked[Math.round((i * (ranked.length - 1)) / (most - 1))]);
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
