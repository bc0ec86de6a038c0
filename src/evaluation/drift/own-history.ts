import { sortedQuantile } from '../interval.js';

/** A value per day of one KOL. */
export interface DailySeries {
  readonly id: string;
  /** Epoch days, ascending, each once. */
  readonly days: ArrayLike<number>;
  readonly values: ArrayLike<number>;
}

/** How the latest days of a KOL compare with its own history. JSON-plain. */
export interface Departure {
  readonly id: string;
  /** Relative growth of followers, the change of mean sentiment, or the relative distance from the forecast. */
  readonly change: number;
  /**
   * Robust deviations from the median of its earlier changes: 0.6745 · (change - median) / MAD (Iglewicz & Hoaglin
   * 1993); of a forecast, the share of days outside its interval.
   */
  readonly score: number;
}

/** What a rule found. JSON-plain. */
export interface RuleOutcome {
  /** KOLs with enough history to be judged. */
  readonly judged: number;
  /** Those that depart, the farthest first. */
  readonly departures: readonly Departure[];
}

/** Earlier windows that a KOL must have to be judged by its own history. */
const leastWindows = 14;
/** Deviations are never taken smaller: a KOL whose numbers stood still would depart by any movement. */
const leastGrowthDeviation = 0.01;
const leastSentimentDeviation = 0.03;

/** Limits of a rule. */
export interface RuleLimits {
  /** Length of the window in days. */
  readonly days: number;
  readonly change: number;
  readonly score: number;
}

/**
 * KOLs whose followers grew by more than `change` within the latest `days`, and by more than `score` robust
 * deviations above what they grew in every earlier window of that length: bought followers come at once.
 */
export function followerSpikes(series: readonly DailySeries[], limits: RuleLimits): RuleOutcome {
  return departures(series, limits, (one) => growths(one, limits.days), leastGrowthDeviation, 1);
}

/**
 * KOLs whose mean sentiment over the latest `days` lies more than `change` and more than `score` robust deviations
 * below that of earlier windows of that length.
 */
export function sentimentDrops(series: readonly DailySeries[], limits: RuleLimits): RuleOutcome {
  return departures(series, limits, (one) => means(one, limits.days), leastSentimentDeviation, -1);
}

function departures(
  series: readonly DailySeries[],
  { days, change, score }: RuleLimits,
  windowsOf: (series: DailySeries) => Map<number, number>,
  leastDeviation: number,
  direction: 1 | -1,
): RuleOutcome {
  const newest = Math.max(...series.map((one) => one.days[one.days.length - 1] ?? -Infinity));
  let judged = 0;
  const found: Departure[] = [];
  for (const one of series) {
    const windows = windowsOf(one);
    const latest = windows.get(newest);
    // Windows that share a day with the latest one are part of what is judged.
    const earlier = Float64Array.from([...windows].filter(([end]) => end <= newest - days).map(([, v]) => v));
    if (latest === undefined || earlier.length < leastWindows) continue;
    judged++;
    const middle = sortedQuantile(earlier.sort(), 0.5);
    const deviation = sortedQuantile(earlier.map((value) => Math.abs(value - middle)).sort(), 0.5) / 0.6745;
    const departure = (latest - middle) / Math.max(deviation, leastDeviation);
    const moved = direction === 1 ? Math.expm1(latest) : latest - middle;
    if (direction * moved > change && direction * departure > score)
      found.push({ id: one.id, change: moved, score: departure });
  }
  found.sort((a, b) => direction * (b.score - a.score) || (a.id < b.id ? -1 : 1));
  return { judged, departures: found };
}

/** Logarithm of the growth over the `length` days that end on each day, where both ends are known. */
function growths({ days, values }: DailySeries, length: number): Map<number, number> {
  const at = new Map<number, number>();
  for (let i = 0; i < days.length; i++) at.set(days[i], values[i]);
  const windows = new Map<number, number>();
  for (const [day, value] of at) {
    const before = at.get(day - length);
    // One more on both sides: from nothing, any growth would be infinite.
    if (before !== undefined && value >= 0 && before >= 0)
      windows.set(day, Math.log1p(value) - Math.log1p(before));
  }
  return windows;
}

/** Mean over the `length` days that end on each day, of the days that have a value; at least half of them must. */
function means({ days, values }: DailySeries, length: number): Map<number, number> {
  const windows = new Map<number, number>();
  let start = 0;
  let sum = 0;
  let known = 0;
  for (let i = 0; i < days.length; i++) {
    if (!Number.isNaN(values[i])) {
      sum += values[i];
      known++;
    }
    for (; days[start] <= days[i] - length; start++) {
      if (!Number.isNaN(values[start])) {
        sum -= values[start];
        known--;
      }
    }
    if (2 * known >= length) windows.set(days[i], sum / known);
  }
  return windows;
}
