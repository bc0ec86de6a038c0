import { ConfigError, DataError } from '../errors.js';
import { blackFriday } from './black-friday.js';
import { lunarNewYear } from './lunar-new-year.js';

const day = 86_400_000;

/** How an event's day follows from the year. */
export type YearlyRule =
  | { readonly rule: 'lunar-new-year' }
  | { readonly rule: 'black-friday' }
  | { readonly rule: 'yearly'; readonly month: number; readonly day: number };

/** Something that happens on certain days and is felt on the days around them. */
export interface CalendarEvent {
  readonly name: string;
  /** Days since 1970-01-01, ascending, or the rule they follow. */
  readonly days: Float64Array | YearlyRule;
  /** How many days before its day the event begins to be felt. */
  readonly before: number;
  /** How many days after its day it is felt for the last time. */
  readonly after: number;
  /**
   * The offsets from the event's day, ascending from `-before`, at which another effect begins. Every day of the
   * window has its own when this is left out.
   */
  readonly phases?: readonly number[];
}

/** A line of a user's list of events. */
export interface EventRow {
  readonly name: string;
  /** `YYYY-MM-DD`, or milliseconds since 1970 UTC. */
  readonly date: string | number;
  /** Days before the date on which it is felt already, as a number of at most 0. */
  readonly lower_window?: number | undefined;
  /** Days after the date on which it is felt still, at least 0. */
  readonly upper_window?: number | undefined;
}

/** Days within which an event may be felt, either way. */
const widestWindow = 90;

/**
 * A user's list of events, one event for each name.
 * @throws {DataError} naming the first row that has no name, no date, a window that is none, or another window than
 *   the same event has elsewhere
 */
export function eventsFromRows(rows: readonly EventRow[]): CalendarEvent[] {
  const found = new Map<string, { days: Set<number>; before: number; after: number }>();
  rows.forEach(({ name, date, lower_window = 0, upper_window = 0 }, i) => {
    if (typeof name !== 'string' || name === '') throw new DataError(`events[${i}]: name must not be empty`);
    const time = dayOf(date);
    if (time === undefined) {
      throw new DataError(`events[${i}]: date=${date} must be a date such as 2026-02-17`);
    }
    if (!isWindow(-lower_window)) {
      throw new DataError(
        `events[${i}]: lower_window=${lower_window} must be a whole number from ${-widestWindow} to 0`,
      );
    }
    if (!isWindow(upper_window)) {
      throw new DataError(
        `events[${i}]: upper_window=${upper_window} must be a whole number from 0 to ${widestWindow}`,
      );
    }
    const event = found.get(name) ?? { days: new Set(), before: 0 - lower_window, after: upper_window };
    if (event.before !== 0 - lower_window || event.after !== upper_window) {
      throw new DataError(`events[${i}]: every row of ${name} must have the same windows`);
    }
    event.days.add(time);
    found.set(name, event);
  });
  return Array.from(found, ([name, { days, before, after }]) => ({
    name,
    days: Float64Array.from(days).sort(),
    before,
    after,
  }));
}

function dayOf(date: string | number): number | undefined {
  if (typeof date === 'number') return Number.isFinite(date) ? Math.floor(date / day) : undefined;
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(String(date).trim());
  if (match === null) return undefined;
  const time = Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]));
  // 30 February is no day, though Date.UTC takes it for one of March.
  return new Date(time).toISOString().startsWith(match[0]) ? time / day : undefined;
}

function isWindow(days: number): boolean {
  return Number.isInteger(days) && days >= 0 && days <= widestWindow;
}

/**
 * Refuses events that cannot be laid on a grid.
 * @throws {ConfigError} naming the first of them
 */
export function checkEvents(events: readonly CalendarEvent[]): void {
  const names = new Set<string>();
  for (const { name, days, before, after, phases } of events) {
    if (names.has(name)) throw new ConfigError(`events: name=${name} must occur once`);
    names.add(name);
    if (!isWindow(before) || !isWindow(after)) {
      throw new ConfigError(
        `events: before=${before} and after=${after} of ${name} must be whole numbers from 0 to ${widestWindow}`,
      );
    }
    if (days instanceof Float64Array && !days.every((d, i) => Number.isInteger(d) && !(days[i - 1] >= d))) {
      throw new ConfigError(`events: days of ${name} must be whole days since 1970-01-01, ascending`);
    }
    if (
      !(days instanceof Float64Array) &&
      days.rule === 'yearly' &&
      !isDayOfEveryYear(days.month, days.day)
    ) {
      throw new ConfigError(
        `events: month=${days.month} and day=${days.day} of ${name} must be a day of every year`,
      );
    }
    const isAscending = phases?.every((p, i) => Number.isInteger(p) && p <= after && !(phases[i - 1] >= p));
    if (phases !== undefined && !(phases[0] === -before && isAscending)) {
      throw new ConfigError(
        `events: phases=${phases.join(',')} of ${name} must be whole, ascending from ${-before}, at most ${after}`,
      );
    }
  }
}

function isDayOfEveryYear(month: number, dayOfMonth: number): boolean {
  // 1970 has no 29 February.
  const date = new Date(Date.UTC(1970, month - 1, dayOfMonth));
  return (
    date.getUTCFullYear() === 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === dayOfMonth
  );
}

/** Days since 1970-01-01 on which an event falls, from `first` to `last`, ascending. */
export function daysOfEvent({ days }: CalendarEvent, first: number, last: number): number[] {
  const all = days instanceof Float64Array ? [...days] : daysOfRule(days, first, last);
  return all.filter((d) => d >= first && d <= last);
}

function daysOfRule(rule: YearlyRule, first: number, last: number): number[] {
  const from = new Date(first * day).getUTCFullYear();
  const to = new Date(last * day).getUTCFullYear();
  return Array.from({ length: to - from + 1 }, (_, i) => dayInYear(rule, from + i));
}

function dayInYear(rule: YearlyRule, year: number): number {
  switch (rule.rule) {
    case 'lunar-new-year':
      return lunarNewYear(year);
    case 'black-friday':
      return blackFriday(year);
    case 'yearly':
      return Date.UTC(year, rule.month - 1, rule.day) / day;
  }
}
