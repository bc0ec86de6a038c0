import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  isMissing,
  isWideIntegerText,
  isZeroPadded,
  parseBoolean,
  parseNumber,
  parseTimestamp,
} from '../../src/sources/csv-cells.js';

function on<T>(parse: (bytes: Buffer, start: number, end: number) => T, text: string): T {
  // Digits on both sides must not be read.
  const bytes = Buffer.from(`9${text}9`);
  return parse(bytes, 1, bytes.length - 1);
}

describe('parseNumber', () => {
  it('reads every double as JavaScript does', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (x) => {
        for (const text of [String(x), x.toExponential(), Number.isFinite(x) ? x.toPrecision(17) : 'inf']) {
          expect(on(parseNumber, text)).toBe(text === 'inf' ? Infinity : Number(text));
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('rounds correctly around the limits of the fast path', () => {
    for (const text of [
      '9007199254740993',
      '0.1',
      '1e23',
      '123456789012345e22',
      '123456789012345e-22',
      '4.35',
      '0.000001234567890123456',
      '1e400',
      '1e-400',
      '5.00E+05',
      '.5',
      '5.',
      '+7',
      '-0',
    ]) {
      expect(on(parseNumber, text)).toBe(Number(text));
    }
  });

  it('refuses what is not a decimal number', () => {
    for (const text of [
      '',
      '-',
      '.',
      'e5',
      '1e',
      '1e+',
      '0x1F',
      '1_000',
      '1,000',
      '12a',
      '--1',
      '1.2.3',
      '1 2',
      '∞',
    ]) {
      expect(on(parseNumber, text)).toBeNaN();
    }
  });

  it('reads infinities', () => {
    expect(['inf', '-inf', 'Infinity', '+INF'].map((t) => on(parseNumber, t))).toEqual([
      Infinity,
      -Infinity,
      Infinity,
      Infinity,
    ]);
  });
});

describe('other cells', () => {
  it('knows the tokens for a missing value and no others', () => {
    for (const text of ['', '?', 'NA', 'N/A', 'NaN', 'null', 'NULL', 'None'])
      expect(on(isMissing, text)).toBe(true);
    for (const text of ['0', 'no', 'N', 'Nam', '-', 'none!', 'nulls', '??'])
      expect(on(isMissing, text)).toBe(false);
  });

  it('reads booleans in any case', () => {
    expect(['true', 'TRUE', 'Yes'].map((t) => on(parseBoolean, t))).toEqual([1, 1, 1]);
    expect(['false', 'No', 'FALSE'].map((t) => on(parseBoolean, t))).toEqual([0, 0, 0]);
    for (const text of ['t', 'y', '1', 'nope', 'truely']) expect(on(parseBoolean, text)).toBeNaN();
  });

  it('reads ISO times, in UTC unless they carry a zone', () => {
    const cases: [string, string][] = [
      ['2020-08-19', '2020-08-19T00:00:00Z'],
      ['2020/8/9', '2020-08-09T00:00:00Z'],
      ['2020-08-19 06:05', '2020-08-19T06:05:00Z'],
      ['2020-08-19T06:05:07.25Z', '2020-08-19T06:05:07.250Z'],
      ['2020-08-19 06:05:07+07:00', '2020-08-18T23:05:07Z'],
      ['2015-02-24 11:35:52 -0800', '2015-02-24T19:35:52Z'],
      ['1969-12-31', '1969-12-31T00:00:00Z'],
    ];
    for (const [text, iso] of cases) expect(on(parseTimestamp, text)).toBe(Date.parse(iso));
  });

  it('refuses dates that do not exist or whose order is unknown', () => {
    for (const text of [
      '2021-02-29',
      '2020-13-01',
      '2020-00-10',
      '19/08/2020',
      '2020-08-19 25:00',
      '2020-08/19',
      '20200819',
      '2020-08-19x',
    ]) {
      expect(on(parseTimestamp, text)).toBeNaN();
    }
  });

  it('tells ids and codes from quantities', () => {
    expect(on(isWideIntegerText, '9007199254740992')).toBe(false);
    expect(on(isWideIntegerText, '9007199254740993')).toBe(true);
    expect(on(isWideIntegerText, '-796216118331310080')).toBe(true);
    expect(on(isWideIntegerText, '0.9007199254740993')).toBe(false);
    expect(['007', '00'].every((t) => on(isZeroPadded, t))).toBe(true);
    expect(['0', '0.5', '70', '-07'].some((t) => on(isZeroPadded, t))).toBe(false);
  });
});
