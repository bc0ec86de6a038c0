import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blackFriday } from '../../../src/core/calendar/black-friday.js';
import { eventColumns } from '../../../src/core/calendar/event-columns.js';
import {
  checkEvents,
  eventsFromRows,
  type CalendarEvent,
  type EventRow,
} from '../../../src/core/calendar/events.js';
import { saleDays, tet } from '../../../src/core/calendar/sale-days.js';
import { ConfigError, DataError } from '../../../src/core/errors.js';
import { timeAt, type TimeGrid } from '../../../src/core/time-grid.js';

const day = 86_400_000;
const epochDay = (date: string): number => Date.parse(date) / day;
const daily = (start: string): TimeGrid => ({
  frequency: { unit: 'millisecond', step: day },
  start: Date.parse(start),
});
const monthly = (start: string, dayOfMonth: number): TimeGrid => ({
  frequency: { unit: 'month', step: 1, day: dayOfMonth },
  start: Date.parse(start),
});
/** The dates on which a column is felt. */
const feltOn = (grid: TimeGrid, from: number, rows: Int32Array): string[] =>
  Array.from(rows, (row) => new Date(timeAt(grid, from + row)).toISOString().slice(0, 10));

describe('blackFriday', () => {
  it('follows the fourth Thursday of November', () => {
    const known = [
      '2017-11-24',
      '2018-11-23',
      '2019-11-29',
      '2023-11-24',
      '2024-11-29',
      '2025-11-28',
      '2026-11-27',
    ];
    expect(known.map((date) => blackFriday(Number(date.slice(0, 4))))).toEqual(known.map(epochDay));
  });
});

describe('eventColumns', () => {
  it('lays the phases of Tet around its moving day', () => {
    const grid = daily('2024-01-01');
    const columns = eventColumns([tet], grid, 0, 800);
    expect(columns.map(({ name }) => name)).toEqual(
      ['-21', '-14', '-7', '-2', '0', '3', '5'].map((offset) => `tet@${offset}`),
    );
    const feast = columns.find(({ name }) => name === 'tet@0')!;
    expect(feltOn(grid, 0, feast.rows)).toEqual(
      ['2024-02-10', '2025-01-29', '2026-02-17'].flatMap((first) =>
        [0, 1, 2].map((i) => new Date(Date.parse(first) + i * day).toISOString().slice(0, 10)),
      ),
    );
    expect(columns.reduce((sum, { rows }) => sum + rows.length, 0)).toBe(3 * (21 + 1 + 7));
  });

  it('knows the sale days of every year, and reaches beyond the start of the grid', () => {
    const grid = daily('2025-01-01');
    const columns = eventColumns(saleDays([11]), grid, -400, 400);
    expect(columns.map(({ rows }) => feltOn(grid, -400, rows))).toEqual([
      ['2024-11-11', '2025-11-11'],
      ['2024-11-29', '2025-11-28'],
    ]);
  });

  it('cuts windows that begin before the range or end after it', () => {
    const event: CalendarEvent = {
      name: 'x',
      days: Float64Array.of(epochDay('2025-01-03')),
      before: 3,
      after: 2,
    };
    const columns = eventColumns([event], daily('2025-01-02'), 0, 3);
    expect(columns.map(({ name, rows }) => [name, ...rows])).toEqual([
      ['x@-3'],
      ['x@-2'],
      ['x@-1', 0],
      ['x@0', 1],
      ['x@1', 2],
      ['x@2'],
    ]);
  });

  it('fills every hour of the day, and no weekend of business days', () => {
    const event: CalendarEvent = {
      name: 'x',
      days: Float64Array.of(epochDay('2025-01-04')),
      before: 0,
      after: 0,
    };
    const hourly: TimeGrid = {
      frequency: { unit: 'millisecond', step: 3_600_000 },
      start: Date.parse('2025-01-03T22:00Z'),
    };
    expect([...eventColumns([event], hourly, 0, 72)[0].rows]).toEqual(
      Array.from({ length: 24 }, (_, i) => 2 + i),
    );
    const business: TimeGrid = { frequency: { unit: 'business-day' }, start: Date.parse('2025-01-02') };
    // 4 January 2025 is a Saturday.
    expect(eventColumns([event], business, 0, 10)[0].rows).toHaveLength(0);
    const monday: CalendarEvent = { ...event, days: Float64Array.of(epochDay('2025-01-06')) };
    expect([...eventColumns([monday], business, 0, 10)[0].rows]).toEqual([2]);
  });

  it('shares a phase among months by its days, for stamps at the start and at the end of a month', () => {
    // Tet 2025 is 29 January: seven days before it, and three days from it on, lie in January.
    const event: CalendarEvent = { ...tet, before: 7, after: 6, phases: [-7, 0] };
    const [before, after] = eventColumns([event], monthly('2025-01-01', 1), 0, 3);
    expect([[...before.rows], [...before.values]]).toEqual([[0], [expect.closeTo(1, 12)]]);
    expect([[...after.rows], [...after.values]]).toEqual([
      [0, 1],
      [expect.closeTo(3 / 7, 12), expect.closeTo(4 / 7, 12)],
    ]);
    const [, atEnds] = eventColumns([event], monthly('2025-01-31', 31), 0, 3);
    expect([[...atEnds.rows], [...atEnds.values]]).toEqual([[...after.rows], [...after.values]]);
  });

  it('gives a day the same columns on every range that holds it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -900, max: 900 }), fc.integer({ min: 1, max: 400 }), (from, length) => {
        const grid = daily('2025-01-01');
        const whole = eventColumns([tet, ...saleDays()], grid, -1000, 1400);
        const part = eventColumns([tet, ...saleDays()], grid, from, from + length);
        part.forEach((column, k) => {
          const expected = [...whole[k].rows]
            .map((row) => row - 1000)
            .filter((i) => i >= from && i < from + length);
          expect([...column.rows].map((row) => row + from)).toEqual(expected);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('has no events where there is no calendar', () => {
    expect(eventColumns([tet], { frequency: { unit: 'count', step: 1 }, start: 0 }, 0, 100)).toEqual([]);
  });
});

describe('eventsFromRows', () => {
  it('gathers the days of each name', () => {
    const rows: EventRow[] = [
      { name: 'launch', date: '2025-03-02', lower_window: -1, upper_window: 2 },
      { name: 'gala', date: Date.parse('2025-01-01T18:00Z') },
      { name: 'launch', date: '2024-03-01', lower_window: -1, upper_window: 2 },
    ];
    expect(eventsFromRows(rows)).toEqual([
      {
        name: 'launch',
        days: Float64Array.of(epochDay('2024-03-01'), epochDay('2025-03-02')),
        before: 1,
        after: 2,
      },
      { name: 'gala', days: Float64Array.of(epochDay('2025-01-01')), before: 0, after: 0 },
    ]);
  });

  it.each([
    [{ name: '', date: '2025-01-01' }, 'events[1]: name must not be empty'],
    [{ name: 'x', date: '2025-02-30' }, 'events[1]: date=2025-02-30 must be a date such as 2026-02-17'],
    [{ name: 'x', date: NaN }, 'events[1]: date=NaN must be a date such as 2026-02-17'],
    [
      { name: 'x', date: '2025-01-01', lower_window: 1 },
      'events[1]: lower_window=1 must be a whole number from -90 to 0',
    ],
    [
      { name: 'x', date: '2025-01-01', upper_window: 91 },
      'events[1]: upper_window=91 must be a whole number from 0 to 90',
    ],
    [
      { name: 'ok', date: '2025-01-01', upper_window: 1 },
      'events[1]: every row of ok must have the same windows',
    ],
  ])('refuses %o', (row: EventRow, message) => {
    expect(() => eventsFromRows([{ name: 'ok', date: '2024-01-01' }, row])).toThrow(new DataError(message));
  });
});

describe('checkEvents', () => {
  it.each<[Partial<CalendarEvent>[], string]>([
    [[{}, {}], 'name=x must occur once'],
    [[{ before: -1 }], 'before=-1 and after=0 of x must be whole'],
    [[{ days: Float64Array.of(3, 2) }], 'days of x must be whole days'],
    [[{ days: Float64Array.of(0.5) }], 'days of x must be whole days'],
    [
      [{ days: { rule: 'yearly', month: 2, day: 29 } }],
      'month=2 and day=29 of x must be a day of every year',
    ],
    [[{ before: 2, phases: [-1] }], 'phases=-1 of x must be whole, ascending from -2'],
    [[{ before: 2, phases: [-2, 1] }], 'phases=-2,1 of x must be whole, ascending from -2, at most 0'],
  ])('refuses %o', (given, message) => {
    const events = given.map((e): CalendarEvent => ({
      name: 'x',
      days: Float64Array.of(1),
      before: 0,
      after: 0,
      ...e,
    }));
    expect(() => checkEvents(events)).toThrow(ConfigError);
    expect(() => checkEvents(events)).toThrow(message);
  });

  it('takes what the calendar offers', () => {
    expect(() => checkEvents([tet, ...saleDays()])).not.toThrow();
  });
});
