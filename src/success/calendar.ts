import { lunarNewYear } from '../core/calendar/lunar-new-year.js';

const day = 86_400_000;

/** Days of a span that fall on an event, known long in advance. */
export interface PlannedDays {
  /** 9.9, 10.10, 11.11 and 12.12. */
  readonly saleDays: number;
  /** The three weeks before Tet, when people shop. */
  readonly beforeTet: number;
  /** The week of Tet, when they rest. */
  readonly atTet: number;
}

const doubleDays: readonly (readonly [month: number, date: number])[] = [
  [9, 9],
  [10, 10],
  [11, 11],
  [12, 12],
];

/**
 * Days of [start, end) on sale days and around Tet.
 * @param start milliseconds since 1970 UTC; NaN where unknown, and so are the counts then
 * @param end milliseconds since 1970 UTC
 */
export function plannedDays(start: number, end: number): PlannedDays {
  if (Number.isNaN(start + end)) return { saleDays: NaN, beforeTet: NaN, atTet: NaN };
  const years = [new Date(start).getUTCFullYear(), new Date(end).getUTCFullYear()];
  let saleDays = 0;
  for (let year = years[0]; year <= years[1]; year++) {
    for (const [month, date] of doubleDays) {
      const time = Date.UTC(year, month - 1, date);
      saleDays += overlap(start, end, time, time + day);
    }
  }
  let beforeTet = 0;
  let atTet = 0;
  // The weeks before a Tet of January begin in the old year.
  for (let year = years[0]; year <= years[1] + 1; year++) {
    const newYear = lunarNewYear(year) * day;
    beforeTet += overlap(start, end, newYear - 21 * day, newYear);
    atTet += overlap(start, end, newYear, newYear + 7 * day);
  }
  return { saleDays, beforeTet, atTet };
}

function overlap(start: number, end: number, from: number, to: number): number {
  return Math.max(0, Math.min(end, to) - Math.max(start, from)) / day;
}
