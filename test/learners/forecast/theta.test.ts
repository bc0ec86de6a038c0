import { describe, expect, it } from 'vitest';
import { removeSeason, seasonalIndices } from '../../../src/learners/forecast/classical-decomposition.js';
import { isSeasonal } from '../../../src/learners/forecast/seasonality-test.js';
import {
  autoTheta,
  theta,
  type ThetaModel,
  type ThetaVariant,
} from '../../../src/learners/forecast/theta.js';
import { fitTheta } from '../../../src/learners/forecast/theta-fit.js';
import { stateAfter } from '../../../src/learners/forecast/theta-state.js';
import { expectClose, forecastOf, readGolden } from './against-golden.js';

interface Fit {
  readonly alpha: number;
  readonly theta: number;
  readonly initialLevel: number;
  readonly isSeasonal: boolean;
  readonly season: 'additive' | 'multiplicative' | null;
  readonly forecast: number[];
}

const golden = readGolden('theta') as {
  readonly cases: Readonly<
    Record<
      string,
      { readonly period: number; readonly y: number[]; readonly fits: Readonly<Record<ThetaVariant, Fit>> }
    >
  >;
  readonly decompositions: {
    readonly y: number[];
    readonly period: number;
    readonly kind: 'additive' | 'multiplicative';
    readonly indices: number[];
  }[];
};

const cases = Object.entries(golden.cases).flatMap(([name, { period, y, fits }]) =>
  Object.entries(fits).map(
    ([variant, fit]) => [name, variant as ThetaVariant, period, Float64Array.from(y), fit] as const,
  ),
);

/** The squared error by its definition: a line fitted anew at every step, a level smoothed up to it. */
function squaredError(
  y: Float64Array,
  isDynamic: boolean,
  { alpha, lineWeight, initialLevel }: { alpha: number; lineWeight: number; initialLevel: number },
): number {
  let sum = 0;
  let level = initialLevel;
  for (let i = 0; i < y.length; i++) {
    if (i >= 3) {
      const [intercept, slope] = regression(isDynamic ? y.subarray(0, i) : y);
      const keep = 1 - alpha;
      const line = intercept * keep ** i + (slope * (1 - keep ** (i + 1))) / alpha;
      sum += (y[i] - level - lineWeight * line) ** 2;
    }
    level = alpha * y[i] + (1 - alpha) * level;
  }
  return sum / (y.length - 3);
}

function regression(y: Float64Array): [number, number] {
  const n = y.length;
  const meanTime = (n + 1) / 2;
  const mean = y.reduce((sum, value) => sum + value, 0) / n;
  const product = y.reduce((sum, value, i) => sum + (i + 1 - meanTime) * (value - mean), 0);
  const square = y.reduce((sum, _, i) => sum + (i + 1 - meanTime) ** 2, 0);
  const slope = product / square;
  return [mean - slope * meanTime, slope];
}

function withoutSeason(y: Float64Array, { indices, kind }: NonNullable<ThetaModel['season']>): Float64Array {
  return removeSeason(y, { indices, kind });
}

describe('against statsforecast', () => {
  it.each(cases)('%s, %s: the season', (_, variant, period, y, fit) => {
    const { season } = theta({ period, variant }).fit(y);
    expect(isSeasonal(y, period)).toBe(fit.isSeasonal);
    expect(season?.kind ?? null).toBe(fit.season);
  });

  it.each(cases)('%s, %s: the forecast of its parameters', (_, variant, period, y, fit) => {
    const forecaster = theta({ period, variant });
    const model = forecaster.fit(y);
    const rest = model.season === null ? y : withoutSeason(y, model.season);
    const state = stateAfter(rest, variant.startsWith('dynamic'), {
      ...fit,
      lineWeight: 1 - 1 / fit.theta,
    });
    expectClose(forecaster.forecast({ ...model, ...state }, fit.forecast.length), fit.forecast, 1e-9);
  });

  it.each(cases)('%s, %s: a fit as good or better', (_, variant, period, y, fit) => {
    const model = theta({ period, variant }).fit(y);
    const rest = model.season === null ? y : withoutSeason(y, model.season);
    const isDynamic = variant.startsWith('dynamic');
    const theirs = squaredError(rest, isDynamic, { ...fit, lineWeight: 1 - 1 / fit.theta });
    const ours = fitTheta(rest, isDynamic, variant.endsWith('optimised'));
    expect(ours.alpha).toBe(model.alpha);
    expect(ours.squaredError).toBeLessThanOrEqual(theirs * (1 + 1e-7));
    expect(squaredError(rest, isDynamic, ours) / ours.squaredError).toBeCloseTo(1, 7);
  });

  it.each(golden.decompositions)(
    'a decomposition of period $period, $kind',
    ({ y, period, kind, indices }) => {
      expectClose(seasonalIndices(Float64Array.from(y), period, kind).indices, indices, 1e-12);
    },
  );
});

describe('theta', () => {
  const { y, period } = golden.cases['weekly'];

  it('draws a line on with half its slope when θ is 2', () => {
    const line = Array.from({ length: 200 }, (_, i) => 10 + 2 * i);
    const forecasts = forecastOf(theta({ period: 1 }), line, 50);
    expect(forecasts[49] - forecasts[48]).toBeCloseTo(1, 6);
  });

  it('draws a line on with its slope when θ is free', () => {
    const line = Array.from({ length: 200 }, (_, i) => 10 + 2 * i);
    const forecasts = forecastOf(autoTheta({ period: 1 }), line, 50);
    expect(forecasts[49] - forecasts[48]).toBeCloseTo(2, 6);
  });

  it('takes the better of both lines', () => {
    const { variant } = autoTheta({ period }).fit(Float64Array.from(y));
    const one = forecastOf(autoTheta({ period }), y, 20);
    expect(one).toEqual(forecastOf(theta({ period, variant }), y, 20));
  });

  it('refuses parameters by name', () => {
    expect(() => theta({ period: 0 })).toThrow('period=0 must be a whole number from 1');
    expect(() => theta({ period: 7, variant: 'best' as 'standard' })).toThrow('variant=best must be one of');
    expect(() => autoTheta({ period: 1.5 })).toThrow('period=1.5 must be a whole number');
  });
});
