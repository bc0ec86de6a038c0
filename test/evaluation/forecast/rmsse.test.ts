import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mase } from '../../../src/evaluation/forecast/mase.js';
import { rmsse, seasonalRootScale } from '../../../src/evaluation/forecast/rmsse.js';

describe('rmsse', () => {
  it('is the root mean squared error in scales', () => {
    expect(rmsse([1, 2, 3], [2, 2, 1], 2)).toBeCloseTo(Math.sqrt(5 / 3) / 2, 15);
    expect(rmsse([5], [5], 0)).toBe(0);
    expect(rmsse([5], [4], 0)).toBe(Infinity);
    expect(() => rmsse([1], [NaN], 1)).toThrow('rmsse');
    expect(() => rmsse([1], [1], -1)).toThrow('scale=-1');
  });

  it('is measured in errors of the season before', () => {
    expect(seasonalRootScale([1, 2, 4, NaN, 3], 2)).toBeCloseTo(Math.sqrt((3 ** 2 + 1) / 2), 15);
    expect(seasonalRootScale([1, NaN, 4], 1)).toBe(0);
  });

  it('is least for the mean, and never below MASE', () => {
    const values = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(values, fc.integer({ min: -60, max: 60 }), (actual, other) => {
        const mean = actual.reduce((sum, value) => sum + value, 0) / actual.length;
        const always = (value: number): number[] => actual.map(() => value);
        expect(rmsse(actual, always(mean), 3)).toBeLessThanOrEqual(rmsse(actual, always(other), 3) + 1e-12);
        expect(rmsse(actual, always(other), 3)).toBeGreaterThanOrEqual(
          mase(actual, always(other), 3) - 1e-12,
        );
      }),
    );
  });
});
