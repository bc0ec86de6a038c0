import type { CalendarFeature } from './plan.js';

/** Writes what the calendar says of a moment (milliseconds since 1970 UTC) to `out[at…]`; returns where it stopped. */
export function calendarFeatures(
  features: readonly CalendarFeature[],
  time: number,
  out: Float64Array,
  at: number,
): number {
  if (features.length === 0) return at;
  const date = new Date(time);
  for (const feature of features) out[at++] = calendarValue(feature, date);
  return at;
}

/** Sunday is day 0 of the week, January month 1. */
function calendarValue(feature: CalendarFeature, date: Date): number {
  switch (feature) {
    case 'hour':
      return date.getUTCHours();
    case 'day_of_week':
      return date.getUTCDay();
    case 'day_of_month':
      return date.getUTCDate();
    case 'month':
      return date.getUTCMonth() + 1;
  }
}
