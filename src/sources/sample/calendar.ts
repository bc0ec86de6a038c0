import { lunarNewYears } from '../../core/lunar-new-year.js';

const day = 86_400_000;

/** First day of the simulated metrics, UTC. */
export const firstDay = Date.UTC(2024, 10, 1);
/** Two years. */
export const nDays = 730;

const doubleDays = new Set(['9-9', '10-10', '11-11', '12-12']);

/** What the calendar does to one day, as factors on the ordinary level. */
export interface DayFactors {
  /** Milliseconds since 1970 UTC. */
  readonly time: number;
  readonly views: number;
  readonly posts: number;
  /** Orders per click. */
  readonly conversion: number;
  readonly isSaleDay: boolean;
}

/** Days from `time` to the nearest Tet; negative before it. */
export function daysFromTet(time: number): number {
  let nearest = Infinity;
  for (const newYear of lunarNewYears) {
    const distance = Math.round((time - newYear) / day);
    if (Math.abs(distance) < Math.abs(nearest)) nearest = distance;
  }
  return nearest;
}

/** The stated calendar: weekly and yearly waves, Tet, and the sale days 9.9, 10.10, 11.11 and 12.12. */
export function dayFactors(index: number): DayFactors {
  const time = firstDay + index * day;
  const date = new Date(time);
  const weekday = date.getUTCDay();
  const isWeekend = weekday === 0 || weekday === 6;
  const yearly = 1 + 0.12 * Math.sin((2 * Math.PI * (dayOfYear(date) - 80)) / 365.25);
  const fromTet = daysFromTet(time);
  const isSaleDay = doubleDays.has(`${date.getUTCMonth() + 1}-${date.getUTCDate()}`);

  // People shop in the three weeks before Tet and rest in the week after it.
  const beforeTet = fromTet < 0 && fromTet >= -21;
  const atTet = fromTet >= 0 && fromTet <= 6;
  const conversion = (isSaleDay ? 3 : 1) * (beforeTet ? 1.6 : atTet ? 0.35 : 1) * (isWeekend ? 1.1 : 1);
  return {
    time,
    views: yearly * (isWeekend ? 1.25 : 1) * (isSaleDay ? 1.8 : 1) * (atTet ? 1.3 : 1),
    posts: (isWeekend ? 1.3 : 1) * (isSaleDay ? 2 : 1) * (atTet ? 0.4 : 1),
    conversion,
    isSaleDay,
  };
}

function dayOfYear(date: Date): number {
  return Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 1)) / day);
}
