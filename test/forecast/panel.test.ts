import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timeAt } from '../../src/core/time-grid.js';
import { buildPanel, type LongRows, type Panel } from '../../src/forecast/panel.js';

const day = 86_400_000;
const hour = 3_600_000;
const start = Date.UTC(2026, 0, 1);

/** Rows of named series: `[time, value]`. */
function rows(series: Readonly<Record<string, readonly (readonly [number, number])[]>>): LongRows {
  return {
    ids: Object.keys(series),
    times: Object.values(series).map((points) => Float64Array.from(points, ([time]) => time)),
    values: Object.values(series).map((points) => Float64Array.from(points, ([, value]) => value)),
  };
}

const daily = (values: readonly number[], from = 0): [number, number][] =>
  values.map((value, i) => [start + (from + i) * day, value]);

const notesOf = (panel: Panel, id: string): string[] =>
  panel.notes.filter((note) => note.id === id).map(({ note }) => note);

describe('a panel', () => {
  it('is the same whatever the order of the rows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 3, maxLength: 30 }),
        fc.integer({ min: 1, max: 1000 }),
        (values, seed) => {
          const points = daily(values);
          const shuffled = points
            .map((point, i) => ({ point, key: (i * 7919 + seed * 104729) % 1009 }))
            .sort((a, b) => a.key - b.key)
            .map(({ point }) => point);
          const [one] = buildPanel(rows({ a: shuffled }), true).series;
          expect([...one.y]).toEqual(values);
          expect(one.grid.start).toBe(start);
        },
      ),
    );
  });

  it('leaves gaps missing, and starts and ends at observed values', () => {
    const points = daily([NaN, 1, 2, 3, 4, 5, NaN, NaN]).filter((_, i) => i !== 3);
    const { series, notes } = buildPanel(rows({ a: points }), true);
    expect([...series[0].y]).toEqual([1, 2, NaN, 4, 5]);
    expect(series[0].grid.start).toBe(start + day);
    expect(notes).toEqual([]);
    const sparse = daily(Array.from({ length: 40 }, (_, i) => i)).filter((_, i) => i < 10 || i % 3 === 0);
    expect(notesOf(buildPanel(rows({ a: sparse }), true), 'a')).toEqual(['20 of 40 points are missing']);
  });

  it('takes the mean of rows that share a time, and says so', () => {
    const panel = buildPanel(rows({ a: [...daily([1, 2, 3, 4]), [start + day, 6], [start, NaN]] }), true);
    expect([...panel.series[0].y]).toEqual([1, 4, 3, 4]);
    expect(notesOf(panel, 'a')).toEqual(['2 rows repeat a time of the series: their mean is used']);
  });

  it('moves times between two points to the nearer one: clocks that are put back, late jobs', () => {
    // Local hours without a zone: 02:00 twice in autumn, never in spring.
    const autumn = [0, 1, 2, 2, 3, 4].map((h, i): [number, number] => [start + h * hour, i]);
    const panel = buildPanel(rows({ a: autumn }), true);
    expect([...panel.series[0].y]).toEqual([0, 1, 2.5, 4, 5]);
    const late = [0, 1, 2.2, 3, 4, 5].map((h): [number, number] => [start + h * hour, h]);
    expect(notesOf(buildPanel(rows({ a: late }), true), 'a')).toEqual([
      '1 of 6 times lie between two points: moved to the nearer one',
    ]);
  });

  it('keeps a series of another frequency in its own', () => {
    const monthly = [0, 1, 2, 3].map((m): [number, number] => [Date.UTC(2026, m, 1), m]);
    const panel = buildPanel(
      rows({ a: daily([1, 2, 3]), b: daily([4, 5, 6]), c: monthly, d: [[start, 7]] }),
      true,
    );
    expect(panel.frequency).toEqual({ unit: 'millisecond', step: day });
    expect(panel.series[2].grid.frequency).toEqual({ unit: 'month', step: 1, day: 1 });
    expect(notesOf(panel, 'c')).toEqual(['comes in monthly, most others in daily: forecast in its own']);
    // One point tells no frequency: it takes that of the others.
    expect(panel.series[3].grid.frequency).toEqual(panel.frequency);
    expect(timeAt(panel.series[3].grid, 1)).toBe(start + day);
  });

  it('takes negative values among counts for missing, but not among other numbers', () => {
    const counts = Array.from({ length: 40 }, (_, i) => (i === 7 ? -1 : i));
    const panel = buildPanel(rows({ a: daily(counts), b: daily(counts.map((v) => v + 0.5)) }), true);
    expect(panel.series[0].y[7]).toBeNaN();
    expect(panel.series[1].y[7]).toBe(-0.5);
    expect(notesOf(panel, 'a')).toEqual([
      '1 of 40 values are negative where all others are counts: taken for missing',
    ]);
  });

  it('names a series without any value, and goes on with the others', () => {
    const panel = buildPanel(rows({ empty: daily([NaN, NaN]), full: daily([1, 2]) }), true);
    expect(panel.series.map(({ id }) => id)).toEqual(['full']);
    expect(notesOf(panel, 'empty')).toEqual(['has no value at all: no forecast']);
  });

  it('sorts ids as numbers where all are', () => {
    const ids = (names: readonly string[]): string[] =>
      buildPanel(rows(Object.fromEntries(names.map((id) => [id, daily([1, 2])]))), true).series.map(
        ({ id }) => id,
      );
    expect(ids(['k10', 'k9', 'k1'])).toEqual(['k1', 'k10', 'k9']);
    expect(ids(['10', '9', '1'])).toEqual(['1', '9', '10']);
  });

  it('does not lay a handful of rows on millions of points', () => {
    const far: [number, number][] = [0, 1, 2, 3, 100 * 365].map((d) => [start + d * day, d]);
    const panel = buildPanel(rows({ a: far }), true, { unit: 'millisecond', step: hour });
    expect(panel.series[0].y).toHaveLength(5);
    expect(notesOf(panel, 'a')[0]).toContain('the gaps are closed');
    expect(timeAt(panel.series[0].grid, 4)).toBe(start + 36_500 * day);
  });
});
