import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../../src/core/errors.js';
import { createRng } from '../../../src/core/rng.js';
import { coverage, meanScaledWidth, msis } from '../../../src/evaluation/forecast/intervals.js';
import { mase } from '../../../src/evaluation/forecast/mase.js';
import { naive2, seasonalIndices } from '../../../src/evaluation/forecast/naive2.js';
import { owa } from '../../../src/evaluation/forecast/owa.js';
import { pinballLoss } from '../../../src/evaluation/forecast/pinball-loss.js';
import { seasonalScale } from '../../../src/evaluation/forecast/seasonal-scale.js';
import { smape } from '../../../src/evaluation/forecast/smape.js';
import { mae } from '../../../src/evaluation/regression.js';
import '../../fixed-seed.js';

const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const pairs = fc.array(fc.tuple(value, value), { minLength: 1, maxLength: 30 });

describe('smape', () => {
  it('goes from 0 to 200 percent, which a wrong sign reaches', () => {
    expect(smape([3, -4], [3, -4])).toBe(0);
    expect(smape([3, -4], [-3, 4])).toBe(200);
    expect(smape([0], [5])).toBe(200);
    fc.assert(
      fc.property(pairs, (rows) => {
        const found = smape(
          rows.map(([a]) => a),
          rows.map(([, f]) => f),
        );
        expect(found).toBeGreaterThanOrEqual(0);
        expect(found).toBeLessThanOrEqual(200 * (1 + 1e-15));
      }),
    );
  });
  it('counts nothing where both are 0', () => {
    expect(smape([0, 10], [0, 30])).toBe(50);
  });
  it('refuses what is missing or empty', () => {
    expect(() => smape([1, NaN], [1, 1])).toThrow('smape: y[1]=NaN must be finite');
    expect(() => smape([], [])).toThrow(DataError);
    expect(() => smape([1], [1, 2])).toThrow(DataError);
  });
});

describe('seasonalScale', () => {
  it('leaves out pairs with a missing point', () => {
    expect(seasonalScale([1, 10, 4, NaN, 5, 30], 2)).toBe((3 + 1) / 2);
  });
  it('takes period 1 where no pair lies a period apart', () => {
    expect(seasonalScale([1, 4, 2], 7)).toBe(2.5);
    expect(seasonalScale([1, NaN, 5, 4], 3)).toBe(3);
    expect(seasonalScale([1, NaN, 5, NaN], 3)).toBe(0);
    expect(seasonalScale([5], 1)).toBe(0);
    expect(seasonalScale([], 1)).toBe(0);
  });
  it('refuses a period that is no whole number', () => {
    expect(() => seasonalScale([1, 2, 3], 1.5)).toThrow(ConfigError);
    expect(() => seasonalScale([1, 2, 3], 0)).toThrow('period=0 must be a whole number from 1');
  });
});

describe('scaled scores', () => {
  it('do not depend on the unit of the series', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(2 ** -20, 0.5, 4, 2 ** 20), (rows, unit) => {
        const a = rows.map(([x]) => x);
        const f = rows.map(([, x]) => x);
        const [upper, au, fu] = [f.map((x) => x + 1), a.map((x) => x * unit), f.map((x) => x * unit)];
        const upperInUnit = upper.map((x) => x * unit);
        expect(mase(au, fu, 3 * unit)).toBe(mase(a, f, 3));
        expect(msis(au, fu, upperInUnit, 3 * unit, 0.05)).toBe(msis(a, f, upper, 3, 0.05));
        expect(meanScaledWidth(fu, upperInUnit, 3 * unit)).toBe(meanScaledWidth(f, upper, 3));
      }),
    );
  });
  it('are 0 or infinite where the scale is 0', () => {
    expect(mase([2, 2], [2, 2], 0)).toBe(0);
    expect(mase([2, 2], [2, 3], 0)).toBe(Infinity);
    expect(msis([2], [2], [2], 0, 0.05)).toBe(0);
    expect(msis([2], [3], [3], 0, 0.05)).toBe(Infinity);
    expect(meanScaledWidth([1], [1], 0)).toBe(0);
    expect(meanScaledWidth([1], [2], 0)).toBe(Infinity);
  });
  it('refuse a scale that is none', () => {
    for (const scale of [-1, NaN, Infinity]) expect(() => mase([1], [1], scale)).toThrow(DataError);
  });
});

describe('owa', () => {
  it('reproduces published rows of the M4 table', () => {
    const hourly = { smape: 18.383, mase: 2.395 };
    expect(owa({ smape: 13.912, mase: 1.193 }, hourly)).toBeCloseTo(0.627453623361059, 12);
    expect(owa({ smape: 43.003, mase: 11.608 }, hourly)).toBeCloseTo(3.59302247458593, 12);
    expect(owa(hourly, hourly)).toBe(1);
  });
  it('refuses a yardstick without error', () => {
    expect(() => owa({ smape: 1, mase: 1 }, { smape: 0, mase: 1 })).toThrow(DataError);
  });
});

describe('interval scores', () => {
  it('count borders as covered, and infinite bounds', () => {
    expect(coverage([1, 2, 3, 4], [1, 0, 4, -Infinity], [2, 2, 5, Infinity])).toBe(0.75);
    expect(coverage([1], [0], [Infinity])).toBe(1);
  });
  it('refuse bounds that cross, NaN and unequal lengths', () => {
    expect(() => coverage([1], [2], [1])).toThrow('lower[0]=2 must not be above upper[0]=1');
    expect(() => coverage([1], [NaN], [1])).toThrow(DataError);
    expect(() => coverage([NaN], [0], [1])).toThrow('actual[0]=NaN must be finite');
    expect(() => msis([NaN], [0], [1], 1, 0.05)).toThrow('actual[0]=NaN must be finite');
    expect(() => coverage([1, 2], [0], [1])).toThrow(DataError);
    expect(() => msis([], [], [], 1, 0.05)).toThrow('there are no steps');
    expect(() => msis([1], [0], [2], 1, 0)).toThrow(ConfigError);
  });
  it('is lowest at the true quantiles', () => {
    const rng = createRng(5);
    const actual = Float64Array.from({ length: 20_000 }, () => rng.normal());
    const at = (z: number) => {
      const bound = new Float64Array(actual.length).fill(z);
      return msis(
        actual,
        bound.map((b) => -b),
        bound,
        1,
        0.05,
      );
    };
    expect(at(1.96)).toBeLessThan(at(1.6));
    expect(at(1.96)).toBeLessThan(at(2.4));
  });
  it('is the sum of the pinball losses of both bounds', () => {
    fc.assert(
      fc.property(pairs, fc.constantFrom(0.05, 0.2, 0.5), (rows, alpha) => {
        const a = rows.map(([x]) => x);
        const lower = rows.map(([, x]) => x);
        const upper = lower.map((x) => x + 2);
        const both = pinballLoss(a, lower, alpha / 2) + pinballLoss(a, upper, 1 - alpha / 2);
        const score = msis(a, lower, upper, 1, alpha);
        expect(Math.abs(score - (2 / alpha) * both)).toBeLessThanOrEqual(1e-9 * Math.max(1, score));
      }),
    );
  });
});

describe('pinballLoss', () => {
  it('is half the mean absolute error at the median', () => {
    fc.assert(
      fc.property(pairs, (rows) => {
        const a = rows.map(([x]) => x);
        const f = rows.map(([, x]) => x);
        expect(pinballLoss(a, f, 0.5)).toBeCloseTo(mae(a, f) / 2, 8);
      }),
    );
  });
  it('weighs the two sides by the quantile', () => {
    expect(pinballLoss([10], [0], 0.9)).toBeCloseTo(9, 12);
    expect(pinballLoss([0], [10], 0.9)).toBeCloseTo(1, 12);
    expect(() => pinballLoss([1], [1], 1)).toThrow(ConfigError);
  });
});

describe('naive2', () => {
  it('continues a multiplicative season exactly', () => {
    const season = [1.2, 0.6, 1, 1.2];
    const y = Array.from({ length: 40 }, (_, t) => 50 * season[t % 4]);
    const next = naive2(y, 4, 6);
    next.forEach((forecast, h) => expect(forecast).toBeCloseTo(50 * season[h % 4], 10));
    seasonalIndices(y, 4).forEach((index, place) => expect(index).toBeCloseTo(season[place], 12));
  });
  it('is the last value where there is no season, nothing positive, or hardly a series', () => {
    const zeros = Array.from({ length: 40 }, (_, t) => (t % 4 === 0 ? 9 : 0));
    expect([...naive2(zeros, 4, 2)]).toEqual([0, 0]);
    expect([...naive2([7], 12, 3)]).toEqual([7, 7, 7]);
    expect([...naive2(new Float64Array(50).fill(3), 7, 2)]).toEqual([3, 3]);
  });
  it('leaves its input alone and names what is wrong', () => {
    const y = Object.freeze(Array.from({ length: 30 }, (_, t) => 5 + (t % 3)));
    expect(() => naive2(y, 3, 4)).not.toThrow();
    expect(() => naive2([1, Infinity], 1, 1)).toThrow('naive2: train[1]=Infinity must be finite');
    expect(() => naive2([], 1, 1)).toThrow(DataError);
    expect(() => naive2([1], 1, 0)).toThrow('horizon=0 must be a whole number from 1');
  });
});
