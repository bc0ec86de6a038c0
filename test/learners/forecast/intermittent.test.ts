import { describe, expect, it } from 'vitest';
import { croston } from '../../../src/learners/forecast/croston.js';
import { demandOf } from '../../../src/learners/forecast/demand.js';
import { tsb } from '../../../src/learners/forecast/tsb.js';
import { expectClose, forecastOf, readGolden } from './against-golden.js';

interface Case {
  readonly y: number[];
  readonly classic: number;
  readonly sba: number;
  readonly optimised: number;
  readonly tsb: number;
}

const cases = Object.entries((readGolden('intermittent') as { readonly cases: Record<string, Case> }).cases);

describe('against statsforecast', () => {
  it.each(cases)('croston, %s', (_, { y, classic, sba }) => {
    expectClose(forecastOf(croston(), y, 2), [classic, classic], 1e-12);
    expectClose(forecastOf(croston({ variant: 'sba' }), y, 2), [sba, sba], 1e-12);
  });

  // Its search stops earlier; of up to three events every alpha fits alike.
  const manyEvents = cases.filter(([, { y }]) => y.filter((value) => value !== 0).length > 3);
  it.each(manyEvents)('croston with searched alphas, %s', (_, { y, optimised }) => {
    expectClose(forecastOf(croston({ variant: 'optimised' }), y, 1), [optimised], 1e-3);
  });

  it.each(cases)('tsb, %s', (_, { y, tsb: expected }) => {
    const forecaster = tsb({ alphaDemand: 0.2, alphaProbability: 0.35 });
    expectClose(forecastOf(forecaster, y, 2), [expected, expected], 1e-12);
  });
});

describe('intermittent series', () => {
  const y = [0, 0, 3, 0, 5, 6, 0];

  it('are their events', () => {
    const { sizes, intervals } = demandOf(Float64Array.from(y));
    expect([[...sizes], [...intervals]]).toEqual([
      [3, 5, 6],
      [3, 2, 1],
    ]);
  });

  it('fade with tsb where they end, not with croston', () => {
    const ended = [...y, ...new Array<number>(40).fill(0)];
    expect(forecastOf(tsb(), ended, 1)[0]).toBeLessThan(0.1 * forecastOf(tsb(), y, 1)[0]);
    expect(forecastOf(croston(), ended, 1)).toEqual(forecastOf(croston(), y, 1));
  });

  it('refuse parameters by name', () => {
    expect(() => croston({ variant: 'sbj' as 'sba' })).toThrow('variant=sbj must be one of classic, sba');
    expect(() => tsb({ alphaDemand: 1.5 })).toThrow('alphaDemand=1.5 must be at least 0 and at most 1');
    expect(() => tsb({ alphaProbability: NaN })).toThrow('alphaProbability=NaN must be');
  });
});
