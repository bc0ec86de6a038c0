import { ConfigError } from '../core/errors.js';
import { isWeekend, monthOf, type Frequency } from '../core/time-grid.js';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** Units of `--frequency`, in the words of people and in the letters of pandas. */
const units: Readonly<Record<string, Frequency>> = {
  s: { unit: 'millisecond', step: second },
  second: { unit: 'millisecond', step: second },
  min: { unit: 'millisecond', step: minute },
  t: { unit: 'millisecond', step: minute },
  minute: { unit: 'millisecond', step: minute },
  h: { unit: 'millisecond', step: hour },
  hour: { unit: 'millisecond', step: hour },
  hourly: { unit: 'millisecond', step: hour },
  d: { unit: 'millisecond', step: day },
  day: { unit: 'millisecond', step: day },
  daily: { unit: 'millisecond', step: day },
  b: { unit: 'business-day' },
  'business-day': { unit: 'business-day' },
  w: { unit: 'millisecond', step: 7 * day },
  week: { unit: 'millisecond', step: 7 * day },
  weekly: { unit: 'millisecond', step: 7 * day },
  ms: { unit: 'month', step: 1, day: 1 },
  m: { unit: 'month', step: 1, day: 31 },
  me: { unit: 'month', step: 1, day: 31 },
  month: { unit: 'month', step: 1, day: 1 },
  monthly: { unit: 'month', step: 1, day: 1 },
  qs: { unit: 'month', step: 3, day: 1 },
  q: { unit: 'month', step: 3, day: 31 },
  qe: { unit: 'month', step: 3, day: 31 },
  quarter: { unit: 'month', step: 3, day: 1 },
  quarterly: { unit: 'month', step: 3, day: 1 },
  ys: { unit: 'month', step: 12, day: 1 },
  y: { unit: 'month', step: 12, day: 31 },
  ye: { unit: 'month', step: 12, day: 31 },
  year: { unit: 'month', step: 12, day: 1 },
  yearly: { unit: 'month', step: 12, day: 1 },
};

/**
 * A frequency as people write it: `daily`, `h`, `15min`, `2 weeks`, `MS` (month starts), `M` (month ends), `B`
 * (business days), or a plain number for times that are numbers.
 * @throws {ConfigError} when it is none of these
 */
export function parseFrequency(text: string): Frequency {
  const match = /^\s*(\d*)\s*([a-z-]*?)\s*$/i.exec(text);
  const count = match?.[1] === '' ? 1 : Number(match?.[1]);
  // `MS` is month starts; W-SUN and the like differ from W only by where a series begins.
  const name = (match?.[2] ?? '').toLowerCase().replace(/^w-.*$/, 'w');
  if (match !== null && count >= 1 && name === '' && match[1] !== '') return { unit: 'count', step: count };
  const unit = (units as Record<string, Frequency | undefined>)[name] ?? units[name.replace(/s$/, '')];
  if (match === null || unit === undefined || !(count >= 1)) {
    throw new ConfigError(
      `frequency=${text} must be a unit such as daily, h, 15min, W, MS or B, or a number where times are numbers`,
    );
  }
  if (unit.unit === 'business-day') {
    if (count > 1) throw new ConfigError(`frequency=${text} must be one business day`);
    return unit;
  }
  return { ...unit, step: unit.step * count };
}

/** The frequency in words, for notes and messages. */
export function frequencyName(frequency: Frequency): string {
  switch (frequency.unit) {
    case 'count':
      return frequency.step === 1 ? 'steps of 1' : `steps of ${frequency.step}`;
    case 'business-day':
      return 'business days';
    case 'month': {
      const names: Readonly<Record<number, string>> = { 1: 'monthly', 3: 'quarterly', 12: 'yearly' };
      return names[frequency.step] ?? `every ${frequency.step} months`;
    }
    case 'millisecond': {
      const { step } = frequency;
      const names: Readonly<Record<number, string>> = {
        [hour]: 'hourly',
        [day]: 'daily',
        [7 * day]: 'weekly',
      };
      if (step in names) return names[step];
      const [size, name] = (
        [
          [day, 'days'],
          [hour, 'hours'],
          [minute, 'minutes'],
          [second, 'seconds'],
          [1, 'milliseconds'],
        ] as const
      ).find(([length]) => step % length === 0 || length === 1)!;
      return `every ${step / size} ${name}`;
    }
  }
}

/** From this share on, a distance may be the frequency; below, points lie at no fixed distance. */
const clearShare = 0.2;
/** The share of all distances that the frequency must divide where it is not the most common one. */
const dividedShare = 0.95;

/**
 * The frequency of one series.
 * @param times distinct, ascending: milliseconds since 1970 UTC, or plain numbers
 * @param isCalendar false for plain numbers
 * @returns undefined for fewer than two points
 */
export function inferFrequency(times: ArrayLike<number>, isCalendar: boolean): Frequency | undefined {
  if (times.length < 2) return undefined;
  const distance = commonDistance(times);
  if (!isCalendar) return { unit: 'count', step: distance };
  return monthly(times) ?? businessDaily(times, distance) ?? { unit: 'millisecond', step: distance };
}

/** The most common distance, or a smaller common one that all are multiples of: the others are gaps. */
function commonDistance(times: ArrayLike<number>): number {
  const counts = new Map<number, number>();
  const total = times.length - 1;
  for (let i = 1; i < times.length; i++) {
    const distance = times[i] - times[i - 1];
    counts.set(distance, (counts.get(distance) ?? 0) + 1);
  }
  const clear = [...counts].filter(([, count]) => count >= clearShare * total);
  if (clear.length === 0) {
    const sorted = Float64Array.from({ length: total }, (_, i) => times[i + 1] - times[i]).sort();
    return roundDistance(sorted[sorted.length >> 1]);
  }
  const [mostCommon] = clear.reduce((best, pair) => (pair[1] > best[1] ? pair : best));
  const divisor = clear
    .map(([distance]) => distance)
    .sort((x, y) => x - y)
    .find((distance) => dividedBy(counts, distance) >= dividedShare * total);
  return divisor ?? mostCommon;
}

function dividedBy(counts: ReadonlyMap<number, number>, divisor: number): number {
  let divided = 0;
  for (const [distance, count] of counts) if (distance % divisor === 0) divided += count;
  return divided;
}

/** The usual length next to an irregular one. */
function roundDistance(distance: number): number {
  const usual = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 604800];
  if (distance < 500) return distance;
  return usual
    .map((seconds) => seconds * second)
    .reduce((best, length) =>
      Math.abs(Math.log(length / distance)) < Math.abs(Math.log(best / distance)) ? length : best,
    );
}

/** Calendar months, where every point stands on the same day of the month or on month ends. */
function monthly(times: ArrayLike<number>): Frequency | undefined {
  const list = Array.from(times);
  const gaps = list.slice(1).map((time, i) => monthOf(time) - monthOf(list[i]));
  if (gaps.some((gap) => gap < 1)) return undefined;
  const days = list.map((time) => new Date(time).getUTCDate());
  const areEnds = list.every((time) => new Date(time + day).getUTCDate() === 1);
  const largest = Math.max(...days);
  const areAlike = list.every((time, i) => {
    const last = new Date(Date.UTC(1970, monthOf(time) + 1, 0)).getUTCDate();
    return days[i] === Math.min(largest, last);
  });
  if (!areEnds && !areAlike) return undefined;
  const step = gaps.reduce((a, b) => greatestDivisor(a, b));
  // Two points a month apart may as well be two days of a daily series.
  if (list.length < 3 && step === 1 && !areEnds && largest !== 1) return undefined;
  return { unit: 'month', step, day: areEnds ? 31 : largest };
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

/** Days of the week, without any weekend over at least two of them. */
function businessDaily(times: ArrayLike<number>, distance: number): Frequency | undefined {
  if (distance !== day || times.length < 10) return undefined;
  for (let i = 0; i < times.length; i++) if (isWeekend(times[i])) return undefined;
  return times[times.length - 1] - times[0] >= 14 * day ? { unit: 'business-day' } : undefined;
}
