import type { CalendarEvent } from './events.js';

/**
 * The sale days of Vietnamese and South-East Asian shops as events of one day each: the double days 9.9, 10.10, 11.11
 * and 12.12, and Black Friday.
 * @param months the months `m` whose day `m.m` is one, 1 to 12
 */
export function saleDays(months: readonly number[] = [9, 10, 11, 12]): CalendarEvent[] {
  const doubleDays = months.map((month): CalendarEvent => ({
    name: `${month}.${month}`,
    days: { rule: 'yearly', month, day: month },
    before: 0,
    after: 0,
  }));
  return [...doubleDays, { name: 'black-friday', days: { rule: 'black-friday' }, before: 0, after: 0 }];
}

/** Tet: three weeks of shopping before it, in three phases, the eve, the feast, and the slow return. */
export const tet: CalendarEvent = {
  name: 'tet',
  days: { rule: 'lunar-new-year' },
  before: 21,
  after: 7,
  phases: [-21, -14, -7, -2, 0, 3, 5],
};
