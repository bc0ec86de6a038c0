import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absoluteStep,
  naturalPeriods,
  shiftGrid,
  stepsTo,
  timeAt,
  type Frequency,
  type TimeGrid,
} from '../../src/core/time-grid.js';

const day = 86_400_000;
const date = (text: string): number => Date.parse(`${text}Z`);
const dates = (grid: TimeGrid, points: readonly number[]): string[] =>
  points.map((i) => new Date(timeAt(grid, i)).toISOString().slice(0, 10));

const frequencies: readonly Frequency[] = [
  { unit: 'millisecond', step: day },
  { unit: 'millisecond', step: 3_600_000 },
  { unit: 'business-day' },
  { unit: 'month', step: 1, day: 31 },
  { unit: 'month', step: 3, day: 15 },
  { unit: 'count', step: 2 },
];

describe('a time grid', () => {
  it('keeps the day of the month, cut to the end of short months', () => {
    const ends: TimeGrid = { frequency: { unit: 'month', step: 1, day: 31 }, start: date('2024-01-31') };
    expect(dates(ends, [0, 1, 2, 13])).toEqual(['2024-01-31', '2024-02-29', '2024-03-31', '2025-02-28']);
    const late: TimeGrid = { frequency: { unit: 'month', step: 1, day: 30 }, start: date('2025-01-30') };
    expect(dates(late, [1, 2])).toEqual(['2025-02-28', '2025-03-30']);
    const quarters: TimeGrid = { frequency: { unit: 'month', step: 3, day: 1 }, start: date('2025-10-01') };
    expect(dates(quarters, [-1, 1])).toEqual(['2025-07-01', '2026-01-01']);
  });

  it('leaves weekends out of business days', () => {
    // A Thursday.
    const grid: TimeGrid = { frequency: { unit: 'business-day' }, start: date('2026-11-26') };
    expect(dates(grid, [0, 1, 2, 6, 7])).toEqual([
      '2026-11-26',
      '2026-11-27',
      '2026-11-30',
      '2026-12-04',
      '2026-12-07',
    ]);
    expect(Math.abs(stepsTo(grid, date('2026-11-28')) - 1.5)).toBeLessThan(0.51);
  });

  it('keeps the time of day, before 1970 too', () => {
    const grid: TimeGrid = {
      frequency: { unit: 'month', step: 1, day: 1 },
      start: date('1949-01-01T07:30:00'),
    };
    expect(new Date(timeAt(grid, 12)).toISOString()).toBe('1950-01-01T07:30:00.000Z');
  });

  it('finds every point again', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...frequencies),
        fc.integer({ min: -1000, max: 1000 }),
        fc.integer({ min: -2000, max: 2000 }),
        (frequency, from, i) => {
          // A point of the frequency itself, so that the grid is in step with it.
          const origin: TimeGrid = {
            frequency,
            start: frequency.unit === 'month' ? date('2000-01-31') : 4 * day,
          };
          const grid = shiftGrid(origin, from);
          expect(stepsTo(grid, timeAt(grid, i))).toBeCloseTo(i, 9);
          expect(absoluteStep(shiftGrid(grid, i)) - absoluteStep(grid)).toBeCloseTo(i, 9);
        },
      ),
    );
  });

  it('knows the cycles of day, week and year', () => {
    expect(frequencies.map(naturalPeriods)).toEqual([
      [7, 365.25],
      [24, 168, 8766],
      [5, (365.25 * 5) / 7],
      [12],
      [4],
      [],
    ]);
    expect(naturalPeriods({ unit: 'month', step: 12, day: 1 })).toEqual([]);
  });

  it('refuses half steps', () => {
    expect(() => shiftGrid({ frequency: { unit: 'business-day' }, start: 0 }, 0.5)).toThrow(
      'steps=0.5 must be a whole number',
    );
  });
});
