/**
 * Days that matter. The Gregorian calendar repeats every 1,461 days from 1901 to 2099, so events of fixed dates are a
 * table of that length; those that move (a lunar new year) are listed day by day.
 */
export interface EventCalendar {
  readonly fixed: {
    readonly names: readonly string[];
    /** `[nFixed][1461]` 1 on the days of the event, by epoch day modulo 1461. */
    readonly days: Uint8Array;
  };
  readonly moving: {
    readonly names: readonly string[];
    /** `[n]` epoch days, ascending; a day belongs to one event at most. */
    readonly days: Int32Array;
    /** `[n]` which event. */
    readonly which: Uint8Array;
  };
}

/** Days after which dates fall on the same day of the year again. */
export const calendarCycle = 1461;
/** 1970-01-01 was a Thursday, day 4 of a week that begins on Sunday. */
export const firstWeekday = 4;
/** Waves of the week and of the year that the regression reads. */
const weeklyWaves = 3;
const yearlyWaves = 2;
const dayLength = 86_400_000;

/** `value` modulo `cycle`, never negative. */
export function within(cycle: number, value: number): number {
  return value - Math.floor(value / cycle) * cycle;
}

/** `[7][6]` sines and cosines of the week by weekday, Sunday first. */
export function weekTable(): Float64Array {
  const table = new Float64Array(7 * 2 * weeklyWaves);
  for (let weekday = 0; weekday < 7; weekday++)
    waves(table, weekday * 2 * weeklyWaves, weekday / 7, weeklyWaves);
  return table;
}

/** `[1461][6]` day of the month, month, and sines and cosines of the year by epoch day modulo 1461. */
export function yearTable(): Float64Array {
  const width = 2 + 2 * yearlyWaves;
  const table = new Float64Array(calendarCycle * width);
  for (let day = 0; day < calendarCycle; day++) {
    const date = new Date(day * dayLength);
    table[day * width] = date.getUTCDate();
    table[day * width + 1] = date.getUTCMonth() + 1;
    waves(table, day * width + 2, day / 365.25, yearlyWaves);
  }
  return table;
}

/** Numbers of columns of `weekTable` and of the waves of `yearTable`. */
export const nWeekly = 2 * weeklyWaves;
export const nYearly = 2 * yearlyWaves;

function waves(table: Float64Array, at: number, phase: number, count: number): void {
  for (let k = 1; k <= count; k++) {
    table[at++] = Math.sin(2 * Math.PI * k * phase);
    table[at++] = Math.cos(2 * Math.PI * k * phase);
  }
}

/** The events of every day of a span, `[nEvents][nDays]`: those of fixed dates first. */
export function eventColumns(calendar: EventCalendar, firstDay: number, nDays: number): Float64Array[] {
  const { fixed, moving } = calendar;
  const columns = [...fixed.names, ...moving.names].map(() => new Float64Array(nDays));
  fixed.names.forEach((_, e) => {
    for (let i = 0; i < nDays; i++)
      columns[e][i] = fixed.days[e * calendarCycle + within(calendarCycle, firstDay + i)];
  });
  moving.days.forEach((day, k) => {
    const i = day - firstDay;
    if (i >= 0 && i < nDays) columns[fixed.names.length + moving.which[k]][i] = 1;
  });
  return columns;
}

/** Names of all events, in the order of `eventColumns`. */
export function eventNames({ fixed, moving }: EventCalendar): string[] {
  return [...fixed.names, ...moving.names];
}

/** The regressors known beforehand of every day of a span, `[nDays][1 + nWeekly + nYearly + nEvents]`. */
export function dayRegressors(calendar: EventCalendar, firstDay: number, nDays: number): Float64Array {
  const week = weekTable();
  const year = yearTable();
  const events = eventColumns(calendar, firstDay, nDays);
  const width = 1 + nWeekly + nYearly + events.length;
  const rows = new Float64Array(nDays * width);
  for (let i = 0; i < nDays; i++) {
    const weekday = within(7, firstDay + i + firstWeekday);
    const day = within(calendarCycle, firstDay + i);
    let at = i * width;
    rows[at++] = 1;
    for (let k = 0; k < nWeekly; k++) rows[at++] = week[weekday * nWeekly + k];
    for (let k = 0; k < nYearly; k++) rows[at++] = year[day * (2 + nYearly) + 2 + k];
    for (const column of events) rows[at++] = column[i];
  }
  return rows;
}
