import { stepsTo, timeAt, timeOfDay, type TimeGrid } from '../time-grid.js';
import { daysOfEvent, type CalendarEvent } from './events.js';

const day = 86_400_000;

/** One effect of one event on a range of points: mostly zeros, so only the others are kept. */
export interface EventColumn {
  /** The event's name and the first offset of the phase: `tet@-7`. */
  readonly name: string;
  /** The event's name alone. */
  readonly event: string;
  /** Points on which it is felt, counted from the start of the range, ascending. */
  readonly rows: Int32Array;
  /** How much of it falls on each of those points: 1, or a share where a point is longer than a day. */
  readonly values: Float64Array;
}

/**
 * The indicator columns of events on the points `from` to `to - 1` of a grid, one for each phase of each event, those
 * included that are never felt there. A point of a day or less has 1 or 0; a longer one has the share that the
 * phase's days take of it, at most 1: a month's point at the day 28 or later stands for the days up to it, every
 * other for the days from it on. A grid without a calendar has no events.
 */
export function eventColumns(
  events: readonly CalendarEvent[],
  grid: TimeGrid,
  from: number,
  to: number,
): EventColumn[] {
  if (grid.frequency.unit === 'count') return [];
  return events.flatMap((event) => columnsOfEvent(event, grid, from, to));
}

/** A column with its zeros, `[length]`; it must have been made for as many points. */
export function denseColumn({ rows, values }: EventColumn, length: number): Float64Array {
  const column = new Float64Array(length);
  rows.forEach((row, i) => (column[row] = values[i]));
  return column;
}

function columnsOfEvent(event: CalendarEvent, grid: TimeGrid, from: number, to: number): EventColumn[] {
  const { name, before, after } = event;
  const starts = event.phases ?? Array.from({ length: before + after + 1 }, (_, i) => i - before);
  const phases = starts.map((start, k) => ({ start, end: (starts[k + 1] ?? after + 1) - 1 }));
  const first = Math.floor(timeAt(grid, from - 1) / day);
  const last = Math.floor(timeAt(grid, to) / day);
  const days = daysOfEvent(event, first - after, last + before);
  return phases.map(({ start, end }) => {
    const share = 1 / Math.min(end - start + 1, daysOfPoint(grid));
    const felt = new Map<number, number>();
    for (const eventDay of days) {
      for (let offset = start; offset <= end; offset++) {
        for (const row of rowsOfDay(grid, eventDay + offset)) {
          if (row >= from && row < to) felt.set(row - from, Math.min((felt.get(row - from) ?? 0) + share, 1));
        }
      }
    }
    const rows = Int32Array.from(felt.keys()).sort();
    return {
      name: `${name}@${start}`,
      event: name,
      rows,
      values: Float64Array.from(rows, (row) => felt.get(row)!),
    };
  });
}

/** Whole days that a point stands for, at least 1. */
function daysOfPoint({ frequency }: TimeGrid): number {
  switch (frequency.unit) {
    case 'millisecond':
      return Math.max(1, Math.round(frequency.step / day));
    case 'month':
      return 30 * frequency.step;
    case 'business-day':
    case 'count':
      return 1;
  }
}

/** The points of a grid that a day falls on. */
function rowsOfDay(grid: TimeGrid, epochDay: number): number[] {
  const { frequency, start } = grid;
  const midnight = epochDay * day;
  if (frequency.unit === 'business-day') {
    const row = stepsTo(grid, midnight + timeOfDay(start));
    return Number.isInteger(row) ? [row] : [];
  }
  if (frequency.unit === 'month' && frequency.day >= 28) {
    return [Math.ceil(stepsTo(grid, midnight + timeOfDay(start)))];
  }
  const last = Math.floor(stepsTo(grid, midnight + day - 1));
  if (frequency.unit !== 'millisecond' || frequency.step >= day) return [last];
  const rows: number[] = [];
  for (let row = Math.ceil(stepsTo(grid, midnight)); row <= last; row++) rows.push(row);
  return rows;
}
