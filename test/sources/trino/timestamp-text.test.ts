import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTimestampText } from '../../../src/sources/trino/timestamp-text.js';

/** Any moment that both a Date and Trino know. */
const moments = fc.integer({ min: Date.UTC(-9000, 0), max: Date.UTC(30_000, 0) });

/** As Java prints a year. */
function yearText(date: Date): string {
  const year = date.getUTCFullYear();
  const digits = String(Math.abs(year)).padStart(4, '0');
  return year < 0 ? `-${digits}` : year > 9999 ? `+${digits}` : digits;
}

const dateText = (date: Date) =>
  yearText(date) +
  date
    .toISOString()
    .replace(/^[+-]?\d+/, '')
    .slice(0, 6);

describe('parseTimestampText', () => {
  it('reads dates of any year', () => {
    fc.assert(
      fc.property(moments, (time) => {
        const day = Math.floor(time / 86_400_000) * 86_400_000;
        expect(parseTimestampText(dateText(new Date(day)))).toBe(day);
      }),
    );
  });

  it('reads timestamps of every precision and rounds them down', () => {
    fc.assert(
      fc.property(moments, fc.stringMatching(/^\d{0,12}$/), (time, fraction) => {
        const second = Math.floor(time / 1000) * 1000;
        const date = new Date(second);
        const clock = date.toISOString().split('T')[1].slice(0, 8);
        const text = `${dateText(date)} ${clock}${fraction === '' ? '' : `.${fraction}`}`;
        const milliseconds = Math.floor(Number(`0.${fraction}0`) * 1e12) / 1e9;
        const whole = Number(fraction.padEnd(3, '0').slice(0, 3));
        expect(whole).toBeLessThanOrEqual(milliseconds + 1e-6);
        expect(parseTimestampText(text)).toBe(second + whole);
        expect(parseTimestampText(`${text} UTC`)).toBe(second + whole);
      }),
    );
  });

  it('reads fixed offsets', () => {
    const offsets = fc.record({
      sign: fc.constantFrom('+', '-'),
      hour: fc.integer({ min: 0, max: 14 }),
      minute: fc.integer({ min: 0, max: 59 }),
    });
    const recent = fc.integer({ min: 0, max: Date.UTC(2100, 0) });
    fc.assert(
      fc.property(recent, offsets, (time, { sign, hour, minute }) => {
        const two = (n: number) => String(n).padStart(2, '0');
        const local = new Date(time).toISOString().replace('Z', `${sign}${two(hour)}:${two(minute)}`);
        const text = new Date(time).toISOString().replace('T', ' ').replace('Z', '');
        expect(parseTimestampText(`${text} ${sign}${two(hour)}:${two(minute)}`)).toBe(Date.parse(local));
      }),
    );
  });

  it('reads named zones, and refuses a time that clocks show twice', () => {
    const zones = fc.constantFrom(
      'America/New_York',
      'Asia/Ho_Chi_Minh',
      'Australia/Lord_Howe',
      'Asia/Kathmandu',
    );
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1990, 0), max: Date.UTC(2035, 0) }), zones, (time, zone) => {
        const second = Math.floor(time / 1000) * 1000;
        const written = (at: number) => new Date(at).toLocaleString('sv-SE', { timeZone: zone });
        const twice = [-3600, -1800, 1800, 3600].some((s) => written(second + s * 1000) === written(second));
        expect(parseTimestampText(`${written(second)} ${zone}`)).toBe(twice ? NaN : second);
      }),
      { numRuns: 300 },
    );
    expect(parseTimestampText('2024-11-03 01:30:00.000 America/New_York')).toBeNaN();
    expect(parseTimestampText('2024-03-10 02:30:00.000 America/New_York')).toBeNaN();
    expect(parseTimestampText('2024-03-10 03:30:00.500 America/New_York')).toBe(
      Date.parse('2024-03-10T07:30:00.500Z'),
    );
  });

  it.each([
    '',
    'infinity',
    '2024-1-01',
    '2024-01-01T00:00:00',
    '2024-13-01',
    '2024-01-01 25:00:00',
    '2024-01-01 00:00:00 Mars/Base',
  ])('refuses %j', (text) => {
    expect(parseTimestampText(text)).toBeNaN();
  });
});
