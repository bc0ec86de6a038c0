import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import {
  fitSeasonalSmoothings,
  forecastSeasonalSmoothing,
} from '../../../src/learners/forecast/seasonal-smoothing.js';

function weekly(n: number, seed: number, noise = 1): Float64Array {
  const rng = createRng(seed);
  const week = [0, 2, 5, 1, -3, -4, -1];
  return Float64Array.from({ length: n }, (_, t) => 20 + week[t % 7] + noise * rng.normal());
}

describe('seasonal smoothing', () => {
  it('repeats an exact season', () => {
    const y = weekly(70, 1, 0);
    const [model] = fitSeasonalSmoothings(y, [7], [70], 14);
    forecastSeasonalSmoothing(model, 14).forEach((value, h) => expect(value).toBeCloseTo(y[h % 7], 9));
  });

  it('learns a day within a week', () => {
    const rng = createRng(2);
    const truth = (t: number): number => 10 + [0, 3, 1, -2][t % 4] + (t % 28 < 8 ? 6 : 0);
    const y = Float64Array.from({ length: 280 }, (_, t) => truth(t) + 0.3 * rng.normal());
    const [model] = fitSeasonalSmoothings(y, [4, 28], [280], 28);
    expect(model.periods).toEqual([4, 28]);
    const path = forecastSeasonalSmoothing(model, 28);
    const error = path.reduce((sum, value, h) => sum + Math.abs(value - truth(280 + h)), 0) / 28;
    expect(error).toBeLessThan(0.5);
  });

  it('beats the last cycle on noisy weeks', () => {
    let [smooth, naive] = [0, 0];
    for (let seed = 0; seed < 20; seed++) {
      const y = weekly(140, seed);
      const [model] = fitSeasonalSmoothings(y.subarray(0, 126), [7], [126], 14);
      forecastSeasonalSmoothing(model, 14).forEach((value, h) => {
        smooth += Math.abs(value - y[126 + h]);
        naive += Math.abs(y[119 + (h % 7)] - y[126 + h]);
      });
    }
    expect(smooth / naive).toBeLessThan(0.8);
  });

  it('sees nothing after an origin', () => {
    const y = weekly(120, 4);
    const changed = y.map((value, t) => (t < 90 ? value : 999));
    const [before] = fitSeasonalSmoothings(y, [7], [90, 120], 14);
    const [after] = fitSeasonalSmoothings(changed, [7], [90, 120], 14);
    expect(after).toEqual(before);
    expect(fitSeasonalSmoothings(y.subarray(0, 90), [7], [90], 14)[0]).toEqual(before);
  });

  it('lets the last error fade', () => {
    const [model] = fitSeasonalSmoothings(weekly(120, 5), [7], [120], 7);
    const shocked = { ...model, lastError: 10, weights: { ...model.weights, error: 0.5 } };
    const calm = { ...shocked, lastError: 0 };
    const difference = forecastSeasonalSmoothing(shocked, 3).map(
      (value, h) => value - forecastSeasonalSmoothing(calm, 3)[h],
    );
    [5, 2.5, 1.25].forEach((value, h) => expect(difference[h]).toBeCloseTo(value, 9));
  });

  it.each([
    ['one value', [5]],
    ['two values', [5, 6]],
    ['a constant', new Array<number>(40).fill(3)],
    ['fewer than two cycles', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('has a finite answer for %s', (_, values) => {
    const y = Float64Array.from(values);
    const [model] = fitSeasonalSmoothings(y, [7, 28], [y.length], 20);
    expect(forecastSeasonalSmoothing(model, 20).every(Number.isFinite)).toBe(true);
  });
});
