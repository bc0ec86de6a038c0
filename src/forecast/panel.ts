import { stepsTo, timeAt, type Frequency, type TimeGrid } from '../core/time-grid.js';
import { frequencyName, inferFrequency } from './frequency.js';

/** One series on its grid, oldest first, from its first to its last observed value. */
export interface PanelSeries {
  readonly id: string;
  readonly grid: TimeGrid;
  /** NaN where a point is missing, never at the ends. */
  readonly y: Float64Array;
  /** Whether times are moments, or plain numbers. */
  readonly isCalendar: boolean;
}

/** Something about one series that a person should know. */
export interface SeriesNote {
  readonly id: string;
  /** In words, ready to print. */
  readonly note: string;
}

/** All series of a long table, ascending by id; as numbers where all ids are. */
export interface Panel {
  readonly series: readonly PanelSeries[];
  readonly notes: readonly SeriesNote[];
  readonly frequency: Frequency;
}

/** Rows of a long table as they come, series in any order. */
export interface LongRows {
  /** Of each distinct id, in order of first appearance. */
  readonly ids: readonly string[];
  /** `[nIds]` times of its rows: milliseconds since 1970 UTC, or plain numbers. */
  readonly times: readonly Float64Array[];
  /** `[nIds]` values of its rows, NaN where missing. */
  readonly values: readonly Float64Array[];
}

/** A longer grid than this many points per row is a wrong frequency rather than a gap. */
const longestGrid = 50;

/**
 * Lays every series of a long table on a regular grid. Rows that share a time count as one with their mean value;
 * points between two steps go to the nearest; negative values in a series of counts are taken for missing. A series
 * of another frequency than most keeps its own.
 *
 * @param frequency the one to use for all, inferred where left out
 */
export function buildPanel(rows: LongRows, isCalendar: boolean, frequency?: Frequency): Panel {
  const sorted = rows.ids.map((id, k) => ({ id, ...sortByTime(rows.times[k], rows.values[k]) }));
  sorted.sort(rows.ids.every(isNumber) ? (a, b) => Number(a.id) - Number(b.id) : byText);
  const own = sorted.map(({ times }) => frequency ?? inferFrequency(times, isCalendar));
  const common = frequency ?? mostCommon(own) ?? fallbackFrequency(isCalendar);
  const notes: SeriesNote[] = [];
  const series: PanelSeries[] = [];
  sorted.forEach(({ id, times, values, repeated }, k) => {
    const say = (note: string): void => void notes.push({ id, note });
    if (repeated > 0) say(`${repeated} rows repeat a time of the series: their mean is used`);
    const values2 = withoutNegatives(values, say);
    const first = values2.findIndex((value) => !Number.isNaN(value));
    if (first < 0) return say('has no value at all: no forecast');
    const step = chooseFrequency(own[k], common, times.length, say);
    const laid = layOut(times.subarray(first), values2.subarray(first), step, say);
    series.push({ id, isCalendar, ...laid });
  });
  return { series, notes, frequency: common };
}

function isNumber(id: string): boolean {
  return id !== '' && Number.isFinite(Number(id));
}

function byText(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}

function sortByTime(
  times: Float64Array,
  values: Float64Array,
): { times: Float64Array; values: Float64Array; repeated: number } {
  const n = times.length;
  let isSorted = true;
  for (let i = 1; i < n && isSorted; i++) isSorted = times[i] > times[i - 1];
  if (isSorted) return { times, values, repeated: 0 };
  const order = Uint32Array.from(times.keys()).sort((a, b) => times[a] - times[b] || values[a] - values[b]);
  const outTimes = new Float64Array(n);
  const sums = new Float64Array(n);
  const counts = new Uint32Array(n);
  let last = -1;
  for (const i of order) {
    if (last < 0 || times[i] !== outTimes[last]) outTimes[++last] = times[i];
    if (Number.isNaN(values[i])) continue;
    sums[last] += values[i];
    counts[last]++;
  }
  const distinct = last + 1;
  return {
    times: outTimes.slice(0, distinct),
    values: sums.slice(0, distinct).map((total, i) => (counts[i] === 0 ? NaN : total / counts[i])),
    repeated: n - distinct,
  };
}

/** Above this share, negative values are no slip of a series of counts. */
const slips = 0.05;

function withoutNegatives(values: Float64Array, say: (note: string) => void): Float64Array {
  let negative = 0;
  let present = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    present++;
    if (value < 0) negative++;
    else if (!Number.isInteger(value)) return values;
  }
  if (negative === 0 || negative > slips * present) return values;
  say(`${negative} of ${present} values are negative where all others are counts: taken for missing`);
  return values.map((value) => (value < 0 ? NaN : value));
}

function mostCommon(frequencies: readonly (Frequency | undefined)[]): Frequency | undefined {
  const counts = new Map<string, { frequency: Frequency; count: number }>();
  for (const frequency of frequencies) {
    if (frequency === undefined) continue;
    const key = JSON.stringify(frequency);
    const held = counts.get(key) ?? { frequency, count: 0 };
    held.count++;
    counts.set(key, held);
  }
  return [...counts.values()].reduce<{ frequency: Frequency; count: number } | undefined>(
    (best, held) => (best === undefined || held.count > best.count ? held : best),
    undefined,
  )?.frequency;
}

function fallbackFrequency(isCalendar: boolean): Frequency {
  return isCalendar ? { unit: 'millisecond', step: 86_400_000 } : { unit: 'count', step: 1 };
}

/** So few points may as well be a common series with gaps. */
const fewTimes = 6;

function isMultiple(own: Frequency, common: Frequency): boolean {
  if (own.unit === 'business-day' || common.unit === 'business-day') return false;
  return own.unit === common.unit && own.step % common.step === 0;
}

/** The series' own frequency; the common one where its own could as well be gaps in that. */
function chooseFrequency(
  own: Frequency | undefined,
  common: Frequency,
  nTimes: number,
  say: (note: string) => void,
): Frequency {
  if (own === undefined || own === common || JSON.stringify(own) === JSON.stringify(common)) return common;
  if (own.unit === common.unit && own.unit === 'month' && common.unit === 'month' && own.step === common.step)
    return own;
  if (nTimes <= fewTimes && isMultiple(own, common)) return common;
  say(`comes in ${frequencyName(own)}, most others in ${frequencyName(common)}: forecast in its own`);
  return own;
}

/** Months counted from the day of the month that the series itself stands on. */
function onDayOf(time: number, frequency: Frequency): Frequency {
  if (frequency.unit !== 'month') return frequency;
  const date = new Date(time);
  const isEnd = new Date(time + 86_400_000).getUTCDate() === 1;
  return { ...frequency, day: isEnd ? Math.max(frequency.day, date.getUTCDate()) : date.getUTCDate() };
}

function layOut(
  times: Float64Array,
  values: Float64Array,
  frequency: Frequency,
  say: (note: string) => void,
): { grid: TimeGrid; y: Float64Array } {
  const start = times[0];
  const grid: TimeGrid = { frequency: onDayOf(start, frequency), start };
  let last = values.length - 1;
  while (Number.isNaN(values[last])) last--;
  const length = Math.round(stepsTo(grid, times[last])) + 1;
  if (length > longestGrid * (last + 1) + 1000) {
    say(`${last + 1} rows would lie on ${length} points: the gaps are closed, times are only in order`);
    const tail: TimeGrid = {
      frequency: grid.frequency,
      start: timeAt({ frequency: grid.frequency, start: times[last] }, -last),
    };
    return { grid: tail, y: values.slice(0, last + 1) };
  }
  const sums = new Float64Array(length);
  const counts = new Uint32Array(length);
  let moved = 0;
  for (let i = 0; i <= last; i++) {
    if (Number.isNaN(values[i])) continue;
    const steps = stepsTo(grid, times[i]);
    const point = Math.round(steps);
    if (Math.abs(steps - point) > 1e-6) moved++;
    sums[point] += values[i];
    counts[point]++;
  }
  if (moved > 0) say(`${moved} of ${last + 1} times lie between two points: moved to the nearer one`);
  const y = sums.map((total, i) => (counts[i] === 0 ? NaN : total / counts[i]));
  const missing = y.reduce((count, value) => count + Number(Number.isNaN(value)), 0);
  if (missing > 0.2 * length) say(`${missing} of ${length} points are missing`);
  return { grid, y };
}
