import { describe, expect, it } from 'vitest';
import { timeTextOf } from '../../src/forecast/time-text.js';

const next = (samples: readonly string[], time: number): string => timeTextOf(samples, 'f.csv').format(time);
const date = (text: string): number => Date.parse(`${text}Z`);

describe('the form of times', () => {
  it.each([
    [['2026-11-25'], '2026-11-26', '2026-11-26'],
    [['2026/11/25'], '2026-11-26', '2026/11/26'],
    [['2026-11-25 07:00:00'], '2026-11-26T08:30', '2026-11-26 08:30:00'],
    [['2026-11-25T07:00'], '2026-11-26T08:30', '2026-11-26T08:30'],
    [['2026-11-25T07:00:00Z'], '2026-11-26T08:30', '2026-11-26T08:30:00Z'],
    [['2026-11-25T00:00:00+07:00'], '2026-11-25T17:00', '2026-11-26T00:00:00+07:00'],
    [['2026-11-25T07:00:00.000Z'], '2026-11-26T08:30', '2026-11-26T08:30:00.000Z'],
    [['20261125'], '2026-11-26', '20261126'],
    [['2026-11', '2026-12'], '2027-01-01', '2027-01'],
    [['2026Q4'], '2027-01-01', '2027Q1'],
    [['2026-q4'], '2027-04-01', '2027-q2'],
    // A day that is forecast by the hour needs its hours.
    [['2026-11-25'], '2026-11-26T08:30', '2026-11-26 08:30:00'],
  ])('%j goes on as written', (samples, time, expected) => {
    expect(next(samples, date(time))).toBe(expected);
  });

  it('reads its own text forms', () => {
    for (const text of ['20261125', '2026-11', '2026Q4']) {
      const form = timeTextOf([text], 'f.csv');
      expect(form.format(form.parse(text))).toBe(text);
      expect(form.parse('nonsense')).toBeNaN();
    }
  });

  it('tells seconds since 1970 from plain numbers', () => {
    const seconds = timeTextOf(['1764028800', '1764032400'], 'f.csv');
    expect(seconds.isCalendar).toBe(true);
    expect(seconds.parse(1764028800)).toBe(1764028800000);
    expect(seconds.format(1764036000000)).toBe('1764036000');
    const numbers = timeTextOf(['1', '2', '3'], 'f.csv');
    expect(numbers.isCalendar).toBe(false);
    expect(numbers.format(0.1 + 0.2)).toBe('0.3');
    expect(timeTextOf(['1949', '1950'], 'f.csv').isCalendar).toBe(false);
  });

  it('refuses what it cannot read, and mixtures', () => {
    expect(() => timeTextOf(['tomorrow'], 'f.csv: column ds')).toThrow(
      'f.csv: column ds holds "tomorrow", expected ISO 8601 dates or times',
    );
    expect(() => timeTextOf(['2026-11-25', 'soon'], 'f.csv')).toThrow('holds "soon" beside 2026-11-25');
    expect(() => timeTextOf([], 'f.csv')).toThrow('holds no time');
  });
});
