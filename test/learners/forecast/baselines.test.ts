import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../../src/core/errors.js';
import { drift } from '../../../src/learners/forecast/drift.js';
import { naive } from '../../../src/learners/forecast/naive.js';
import { seasonalNaive } from '../../../src/learners/forecast/seasonal-naive.js';
import { expectClose, forecastOf, readGolden } from './against-golden.js';

const golden = readGolden('baselines') as {
  readonly y: number[];
  readonly naive: number[];
  readonly drift: number[];
  readonly seasonalNaive: Readonly<Record<string, number[]>>;
};

describe('against statsforecast', () => {
  it('the naive forecast', () => {
    expectClose(forecastOf(naive(), golden.y, golden.naive.length), golden.naive, 1e-12);
  });

  it('the drift', () => {
    expectClose(forecastOf(drift(), golden.y, golden.drift.length), golden.drift, 1e-12);
  });

  it.each(Object.entries(golden.seasonalNaive))(
    'the seasonal naive forecast, period %s',
    (period, expected) => {
      const forecaster = seasonalNaive({ period: Number(period) });
      expectClose(forecastOf(forecaster, golden.y, expected.length), expected, 1e-12);
    },
  );
});

describe('the seasonal naive forecast', () => {
  it('repeats the last value of a series shorter than one cycle', () => {
    const forecaster = seasonalNaive({ period: 5 });
    expect([...forecastOf(forecaster, [1, 2, 3, 4], 2)]).toEqual([4, 4]);
    expect([...forecastOf(forecaster, [1, 2, 3, 4, 5], 2)]).toEqual([1, 2]);
  });

  it.each([0, 2.5, NaN])('refuses the period %s', (period) => {
    expect(() => seasonalNaive({ period })).toThrow(ConfigError);
    expect(() => seasonalNaive({ period })).toThrow(`period=${period} must be a whole number from 1`);
  });
});
