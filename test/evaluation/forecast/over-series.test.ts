import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/core/errors.js';
import { createRng } from '../../../src/core/rng.js';
import { coverage } from '../../../src/evaluation/forecast/intervals.js';
import { mase } from '../../../src/evaluation/forecast/mase.js';
import { type ForecastOutcome, intervalAt, observedSteps } from '../../../src/evaluation/forecast/outcome.js';
import {
  byHorizon,
  bySlice,
  meanOverSeries,
  scoreEach,
} from '../../../src/evaluation/forecast/over-series.js';

const options = () => ({ rng: createRng(3) });
const scaledError = ({ actual, forecast, scale }: ForecastOutcome) => mase(actual, forecast, scale);

const outcome = (actual: number[], scale = 1, slice?: string): ForecastOutcome => ({
  actual,
  forecast: actual.map(() => 0),
  intervals: [{ level: 0.8, lower: actual.map(() => -1), upper: actual.map(() => 1) }],
  scale,
  slice,
});

describe('meanOverSeries', () => {
  it('covers the true mean about as often as it says', () => {
    const rng = createRng(11);
    let covered = 0;
    for (let round = 0; round < 200; round++) {
      const values = Float64Array.from({ length: 60 }, () => rng.normal() + 5);
      const { lower, upper } = meanOverSeries(values, { rng, replicates: 200 });
      if (lower <= 5 && 5 <= upper) covered++;
    }
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });
  it('is the plain mean, its error that of a mean', () => {
    const values = Float64Array.from({ length: 400 }, (_, i) => i % 7);
    const found = meanOverSeries(values, options());
    const mean = values.reduce((sum, x) => sum + x, 0) / 400;
    expect(found.mean).toBeCloseTo(mean, 12);
    const sd = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 400);
    expect(found.standardError / (sd / 20)).toBeGreaterThan(0.9);
    expect(found.standardError / (sd / 20)).toBeLessThan(1.1);
    expect(meanOverSeries(values, options())).toEqual(found);
  });
  it('leaves out and counts what is undefined', () => {
    const found = meanOverSeries([1, Infinity, 3, NaN], options());
    expect(found).toMatchObject({ mean: 2, n: 2, undefinedSeries: 2 });
    expect(() => meanOverSeries([NaN], options())).toThrow(DataError);
  });
});

describe('scores of outcomes', () => {
  const outcomes = [outcome([1, NaN, 3], 1, 'b'), outcome([5, 2], 2, 'a'), outcome([NaN], 1, 'c')];

  it('per series, on observed steps', () => {
    expect([...scoreEach(outcomes, scaledError)]).toEqual([2, 1.75, NaN]);
  });
  it('per step ahead', () => {
    expect([...byHorizon(outcomes, scaledError)]).toEqual([(1 + 2.5) / 2, 1, 3]);
    expect([...byHorizon([outcome([NaN, 4])], scaledError)]).toEqual([NaN, 4]);
    expect(byHorizon([], scaledError).length).toBe(0);
  });
  it('average over the steps to the score of the whole where nothing is missing', () => {
    const whole = [outcome([1, 4, 2]), outcome([7, 0, 1], 3)];
    const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
    expect(mean(byHorizon(whole, scaledError))).toBeCloseTo(mean(scoreEach(whole, scaledError)), 12);
  });
  it('per slice, in order, without those that have no score', () => {
    const found = bySlice([...outcomes, outcome([9])], scaledError, options());
    expect([...found.keys()]).toEqual(['a', 'b']);
    expect(found.get('b')).toMatchObject({ mean: 2, n: 1 });
  });
  it('pick intervals step by step, by level', () => {
    const cover = (each: ForecastOutcome) => {
      const { lower, upper } = intervalAt(each, 0.8);
      return coverage(each.actual, lower, upper);
    };
    expect([...byHorizon([outcome([0, 5]), outcome([1, 0.5])], cover)]).toEqual([1, 0.5]);
    expect(() => intervalAt(outcome([1]), 0.95)).toThrow(
      "level=0.95 must be one of the forecast's levels: 0.8",
    );
    expect(observedSteps(outcome([NaN, 4]))).toMatchObject({ actual: [4], forecast: [0] });
  });
});
