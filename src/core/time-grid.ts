import { DataError } from './errors.js';

/**
 * The distance between two points of a regular series.
 * - `millisecond`: a fixed length, `step` milliseconds (a day is 86,400,000: series run in UTC)
 * - `business-day`: Monday to Friday
 * - `month`: `step` calendar months; `day` is the day of the month, cut to the month's end, so 31 is month ends
 * - `count`: no calendar at all, `step` units of a plain number
 */
export type Frequency =
  | { readonly unit: 'millisecond'; readonly step: number }
  | { readonly unit: 'business-day' }
  | { readonly unit: 'month'; readonly step: number; readonly day: number }
  | { readonly unit: 'count'; readonly step: number };

/** Where a regular series lies in time: its point `i` stands at `timeAt(grid, i)`. */
export interface TimeGrid {
  readonly frequency: Frequency;
  /** Milliseconds since 1970 UTC of point 0; a plain number for `count`. */
  readonly start: number;
}

const day = 86_400_000;
/** 1970-01-05, a Monday. */
const firstMonday = 4 * day;

/** Milliseconds since 1970 UTC (a plain number for `count`) of point `i`, which may lie beyond the series. */
export function timeAt({ frequency, start }: TimeGrid, i: number): number {
  switch (frequency.unit) {
    case 'millisecond':
    case 'count':
      return start + i * frequency.step;
    case 'business-day':
      return timeOfBusinessDay(businessDayOf(start) + i) + timeOfDay(start);
    case 'month':
      return timeOfMonth(monthOf(start) + i * frequency.step, frequency.day) + timeOfDay(start);
  }
}

/**
 * How many steps `time` lies after the grid's start; whole for a time on the grid.
 * @param time milliseconds since 1970 UTC, a plain number for `count`
 */
export function stepsTo({ frequency, start }: TimeGrid, time: number): number {
  switch (frequency.unit) {
    case 'millisecond':
    case 'count':
      return (time - start) / frequency.step;
    case 'business-day': {
      const offset = (timeOfDay(time) - timeOfDay(start)) / day;
      // A weekend day lies between Friday and Monday.
      const weekend = isWeekend(time) ? 0.5 : 0;
      return businessDayOf(time) - businessDayOf(start) + offset - weekend;
    }
    case 'month': {
      const month = monthOf(time);
      const within = (time - timeOfDay(start) - timeOfMonth(month, frequency.day)) / (31 * day);
      return (month - monthOf(start) + within) / frequency.step;
    }
  }
}

/**
 * The number of the grid's point 0 when points of this frequency are counted from 1970 on, so that the same moment
 * has the same number in every series: what a seasonal phase is measured from.
 */
export function absoluteStep({ frequency, start }: TimeGrid): number {
  switch (frequency.unit) {
    case 'millisecond':
    case 'count':
      return start / frequency.step;
    case 'business-day':
      return businessDayOf(start);
    case 'month':
      return monthOf(start) / frequency.step;
  }
}

/** The periods, in steps, of the natural cycles that are at least two steps long: day, week, year; ascending. */
export function naturalPeriods(frequency: Frequency): number[] {
  switch (frequency.unit) {
    case 'count':
      return [];
    case 'business-day':
      return [5, (365.25 * 5) / 7];
    case 'month':
      return frequency.step <= 6 ? [12 / frequency.step] : [];
    case 'millisecond':
      return [day, 7 * day, 365.25 * day].map((cycle) => cycle / frequency.step).filter((p) => p >= 2);
  }
}

/**
 * The same grid, its point 0 moved by `steps` whole steps.
 * @throws {DataError} when `steps` is not whole
 */
export function shiftGrid(grid: TimeGrid, steps: number): TimeGrid {
  if (!Number.isInteger(steps)) throw new DataError(`steps=${steps} must be a whole number`);
  return { frequency: grid.frequency, start: timeAt(grid, steps) };
}

/** Months since 1970-01. */
export function monthOf(time: number): number {
  const date = new Date(time);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** Midnight of a day of the month, at most its last one. */
function timeOfMonth(month: number, dayOfMonth: number): number {
  const last = new Date(Date.UTC(1970, month + 1, 0)).getUTCDate();
  return Date.UTC(1970, month, Math.min(dayOfMonth, last));
}

/** Milliseconds since midnight UTC. */
export function timeOfDay(time: number): number {
  return time - Math.floor(time / day) * day;
}

/** Saturday or Sunday, UTC. */
export function isWeekend(time: number): boolean {
  const weekday = new Date(time).getUTCDay();
  return weekday === 0 || weekday === 6;
}

/** Business days since 1970-01-05; a weekend day counts as the Monday after it. */
function businessDayOf(time: number): number {
  const days = Math.floor((time - firstMonday) / day);
  const week = Math.floor(days / 7);
  return week * 5 + Math.min(days - week * 7, 5);
}

function timeOfBusinessDay(number: number): number {
  const week = Math.floor(number / 5);
  return firstMonday + (week * 7 + (number - week * 5)) * day;
}
