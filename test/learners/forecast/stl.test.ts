import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../../src/core/errors.js';
import { createLoess } from '../../../src/learners/forecast/loess.js';
import { stl, type StlParams } from '../../../src/learners/forecast/stl.js';
import { expectClose, readGolden } from './against-golden.js';
import { sampleSeries } from './forecaster-contract.js';

const golden = readGolden('stl') as {
  readonly stl: Readonly<
    Record<
      string,
      {
        readonly params: Partial<StlParams> & { readonly period: number };
        readonly y: number[];
        readonly seasonal: number[];
        readonly trend: number[];
      }
    >
  >;
};

describe('loess', () => {
  const line = Float64Array.from({ length: 25 }, (_, i) => 3 - 0.5 * i);

  it.each([
    [5, 1],
    [41, 1],
    [9, 4],
  ])('leaves a line alone, window %i, jump %i', (length, jump) => {
    const out = new Float64Array(27);
    createLoess(25, { length, degree: 1, jump }).smooth(line, out, 1);
    expectClose(out.subarray(1, 26), [...line], 1e-12);
    expect([out[0], out[26]]).toEqual([0, 0]);
  });

  it('draws a line on by one point', () => {
    const { at } = createLoess(25, { length: 7, degree: 1, jump: 1 });
    expect(at(line, -1)).toBeCloseTo(3.5, 12);
    expect(at(line, 25)).toBeCloseTo(-9.5, 12);
  });

  it('does not see a point of weight 0', () => {
    const y = line.slice();
    y[10] = 1e6;
    const robustness = new Float64Array(25).fill(1);
    robustness[10] = 0;
    const out = new Float64Array(25);
    createLoess(25, { length: 7, degree: 1, jump: 1 }).smooth(y, out, 0, robustness);
    expectClose(out, [...line], 1e-12);
  });

  it('keeps a point whose window has no weight', () => {
    const out = new Float64Array(25);
    const loess = createLoess(25, { length: 3, degree: 0, jump: 1 });
    loess.smooth(line, out, 0, new Float64Array(25));
    expect(out).toEqual(line);
    expect(loess.at(line, 25, new Float64Array(25))).toBeNaN();
  });
});

describe('stl', () => {
  // Sums are added in another order than in the Fortran code.
  it.each(Object.entries(golden.stl))('agrees with statsmodels: %s', (_, { params, y, seasonal, trend }) => {
    const parts = stl(Float64Array.from(y), params);
    expectClose(parts.seasonal, seasonal, 1e-10);
    expectClose(parts.trend, trend, 1e-10);
  });

  it('adds up, whatever the series', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 14, maxLength: 60 }),
        fc.boolean(),
        fc.constantFrom(2, 3, 7),
        (values, robust, period) => {
          const y = Float64Array.from(values);
          const { seasonal, trend, remainder } = stl(y, { period, robust });
          expectClose(
            y.map((_, i) => seasonal[i] + trend[i] + remainder[i]),
            values,
            1e-12,
          );
        },
      ),
    );
  });

  it('keeps an outlier out of the season when robust', () => {
    const clean = sampleSeries();
    clean[60] -= 25;
    const spoilt = clean.slice();
    spoilt[60] += 500;
    const worst = (robust: boolean): number => {
      const [one, two] = [clean, spoilt].map((y) => stl(y, { period: 7, robust }).seasonal);
      return Math.max(...one.map((value, i) => Math.abs(value - two[i])));
    };
    expect(worst(true)).toBeLessThan(5);
    expect(worst(false)).toBeGreaterThan(50);
  });

  it('is hardly changed by jumps of a tenth of the window', () => {
    const y = sampleSeries(400);
    const exact = stl(y, { period: 7, trendWindow: 51 });
    const fast = stl(y, { period: 7, trendWindow: 51, trendJump: 6 });
    expectClose(fast.trend, [...exact.trend], 0.005);
  });

  it('refuses what it cannot decompose', () => {
    expect(() => stl(new Float64Array(13), { period: 7 })).toThrow(DataError);
    expect(() => stl(new Float64Array(13), { period: 7 })).toThrow(
      'stl needs two periods, 14 values, got 13',
    );
    const y = new Float64Array(20);
    expect(() => stl(y, { period: 1 })).toThrow('period=1 must be a whole number from 2');
    expect(() => stl(y, { period: 7, seasonalWindow: 8 })).toThrow(
      'seasonalWindow=8 must be an odd whole number of at least 3',
    );
    expect(() => stl(y, { period: 7, trendWindow: 7 })).toThrow(
      'trendWindow=7 must be an odd whole number of at least 8',
    );
    expect(() => stl(y, { period: 7, trendJump: 0 })).toThrow(ConfigError);
  });
});
