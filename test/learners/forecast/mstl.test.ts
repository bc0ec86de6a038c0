import { describe, expect, it } from 'vitest';
import { findSeasons, mstl } from '../../../src/learners/forecast/mstl.js';
import { ses } from '../../../src/learners/forecast/ses.js';
import { expectClose, forecastOf, readGolden } from './against-golden.js';

const golden = readGolden('stl') as {
  readonly mstl: Readonly<
    Record<
      string,
      {
        readonly periods: number[];
        readonly y: number[];
        readonly adjusted: number[];
        readonly forecast: number[];
      }
    >
  >;
};

/** Cycles of different length on a line, without noise. */
function cycles(n: number, periods: readonly number[]): Float64Array {
  return Float64Array.from({ length: n }, (_, i) =>
    periods.reduce((sum, period) => sum + period * Math.cos((2 * Math.PI * i) / period), 100),
  );
}

describe('against statsforecast', () => {
  // It smooths everywhere, we at a tenth of long windows: the difference stays small against the season.
  it.each(Object.entries(golden.mstl))('%s', (_, { periods, y, adjusted, forecast }) => {
    const { rest } = findSeasons(Float64Array.from(y), periods, { robust: false, seasonalWindow: null });
    expectClose(rest, adjusted, periods.length === 1 ? 1e-3 : 1e-2);
    expectClose(forecastOf(mstl({ periods, trendForecaster: 'ses' }), y, 40), forecast, 1e-2);
  });
});

describe('multiple seasons', () => {
  it.each(['ses', 'theta', 'ets'] as const)('are drawn on, the rest by %s', (trendForecaster) => {
    const y = cycles(240, [5, 24]);
    const forecaster = mstl({ periods: [24, 5], trendForecaster });
    expectClose(forecastOf(forecaster, y.subarray(0, 192), 48), [...y.subarray(192)], 0.01);
  });

  it('leaves out a period that the series does not hold twice', () => {
    const y = cycles(40, [7]);
    const both = forecastOf(mstl({ periods: [7, 21] }), y, 20);
    expect(both).toEqual(forecastOf(mstl({ periods: [7] }), y, 20));
    expect(
      mstl({ periods: [7, 20] })
        .fit(y)
        .cycles.map(({ length }) => length),
    ).toEqual([7, 20]);
  });

  it('is the trend forecaster alone without periods', () => {
    const y = cycles(40, [7]);
    expect(forecastOf(mstl({ trendForecaster: 'ses' }), y, 5)).toEqual(forecastOf(ses(), y, 5));
  });

  it('refuses parameters by name', () => {
    expect(() => mstl({ periods: [7, 365.25] })).toThrow(
      'periods=7, 365.25 must be whole numbers of at least 2',
    );
    expect(() => mstl({ periods: [7, 7] })).toThrow('periods=7, 7 must be all different');
    expect(() => mstl({ seasonalWindow: 4 })).toThrow('seasonalWindow=4 must be an odd whole number');
    expect(() => mstl({ trendForecaster: 'arima' as 'ses' })).toThrow('trendForecaster=arima must be one of');
  });
});
