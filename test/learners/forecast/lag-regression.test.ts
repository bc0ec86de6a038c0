import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import {
  fitLagRegressions,
  forecastLagRegression,
  lagRegressionParams,
  type LagRegressionParams,
} from '../../../src/learners/forecast/lag-regression.js';
import { solveCholesky } from '../../../src/learners/linear/cholesky.js';

function noise(n: number, seed: number): Float64Array {
  const rng = createRng(seed);
  return Float64Array.from({ length: n }, () => rng.normal());
}

/** The same regression written out row by row, for one origin. */
function bruteForce(
  y: Float64Array,
  exogenous: readonly Float64Array[],
  origin: number,
  { lags, difference, l2Regularization }: LagRegressionParams,
): { intercept: number; slopes: number[] } {
  const d = (x: Float64Array, t: number): number => (difference === 0 ? x[t] : x[t] - x[t - difference]);
  const first = difference + Math.max(0, ...lags);
  const rows = Array.from({ length: origin - first }, (_, i) => first + i);
  const X = rows.map((t) => [...lags.map((lag) => d(y, t - lag)), ...exogenous.map((x) => d(x, t))]);
  const target = rows.map((t) => d(y, t));
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const k = X[0].length;
  const targetMean = mean(target);
  const scale = Math.sqrt(mean(target.map((v) => (v - targetMean) ** 2)));
  const means = Array.from({ length: k }, (_, j) => mean(X.map((row) => row[j])));
  const units = Array.from({ length: k }, (_, j) => (j < lags.length ? scale : 1));
  const gram = new Float64Array(k * k);
  const right = new Float64Array(k);
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      gram[i * k + j] = mean(
        X.map((row) => ((row[i] - means[i]) / units[i]) * ((row[j] - means[j]) / units[j])),
      );
    }
    gram[i * k + i] += l2Regularization;
    right[i] = mean(X.map((row, r) => ((row[i] - means[i]) / units[i]) * ((target[r] - targetMean) / scale)));
  }
  const slopes = [...solveCholesky(gram, right)].map((slope, j) => (slope * scale) / units[j]);
  return { intercept: targetMean - slopes.reduce((sum, slope, j) => sum + slope * means[j], 0), slopes };
}

describe('the lag regression', () => {
  it('is the ridge regression written out', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1000 }),
        fc.constantFrom(0, 1, 7),
        fc.subarray([1, 2, 3, 7, 14], { minLength: 1 }),
        fc.boolean(),
        (seed, difference, lags, withExogenous) => {
          const y = noise(120, seed).map((v, t) => 50 + v + Math.sin(t) + 0.1 * t);
          const exogenous = withExogenous ? [noise(130, seed + 1)] : [];
          const params = lagRegressionParams({ lags, difference, l2Regularization: 0.1 });
          const [model] = fitLagRegressions(y, exogenous, [110], params);
          const expected = bruteForce(y, exogenous, 110, params);
          const slopes = [...model.coefficients, ...model.exogenousCoefficients];
          slopes.forEach((slope, j) => expect(slope).toBeCloseTo(expected.slopes[j], 8));
          expect(model.intercept).toBeCloseTo(expected.intercept, 6);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('gives every origin the model that it would have alone, blind to what follows', () => {
    const y = noise(200, 1).map((v, t) => v + 5 * Math.sin((2 * Math.PI * t) / 7));
    const params = lagRegressionParams({ lags: [1, 2, 7], difference: 7 });
    const origins = [120, 150, 200];
    const together = fitLagRegressions(y, [], origins, params);
    const changed = y.map((value, t) => (t < 120 ? value : 1e6));
    origins.forEach((origin, k) => {
      const [alone] = fitLagRegressions(y.subarray(0, origin), [], [origin], params);
      alone.coefficients.forEach((c, j) => expect(together[k].coefficients[j]).toBeCloseTo(c, 8));
      expect(together[k].tail).toEqual(alone.tail);
    });
    expect(fitLagRegressions(changed, [], origins, params)[0]).toEqual(together[0]);
  });

  it('recovers an autoregression and forecasts it', () => {
    const shocks = noise(5000, 3);
    const y = new Float64Array(5000);
    for (let t = 2; t < y.length; t++) y[t] = 3 + 0.6 * y[t - 1] - 0.3 * y[t - 2] + 0.1 * shocks[t];
    const [model] = fitLagRegressions(
      y,
      [],
      [5000],
      lagRegressionParams({ lags: [1, 2], l2Regularization: 1e-9 }),
    );
    expect(model.coefficients[0]).toBeCloseTo(0.6, 1);
    expect(model.coefficients[1]).toBeCloseTo(-0.3, 1);
    const path = forecastLagRegression(model, 200);
    expect(path[0]).toBeCloseTo(
      model.intercept + model.coefficients[0] * y[4999] + model.coefficients[1] * y[4998],
      9,
    );
    expect(path[199]).toBeCloseTo(3 / (1 - 0.6 + 0.3), 1);
  });

  it('follows known columns, and repeats a season exactly', () => {
    const wave = Float64Array.from({ length: 140 }, (_, t) => Math.sin(t / 3));
    const y = wave.slice(0, 100).map((v) => 2 + 4 * v);
    const params = lagRegressionParams({ lags: [1], l2Regularization: 1e-9 });
    const [model] = fitLagRegressions(y, [wave], [100], params);
    const path = forecastLagRegression(model, 40, [wave], 100);
    path.forEach((value, h) => expect(value).toBeCloseTo(2 + 4 * wave[100 + h], 4));

    const season = Float64Array.from({ length: 70 }, (_, t) => [3, 1, 4, 1, 5, 9, 2][t % 7]);
    const [repeating] = fitLagRegressions(
      season,
      [],
      [70],
      lagRegressionParams({ lags: [1, 2], difference: 7 }),
    );
    expect([...forecastLagRegression(repeating, 9)]).toEqual([3, 1, 4, 1, 5, 9, 2, 3, 1]);
  });

  it('goes with the unit of the series', () => {
    const y = noise(90, 5).map((v) => 10 + v);
    const params = lagRegressionParams({ lags: [1, 2, 3] });
    const path = forecastLagRegression(fitLagRegressions(y, [], [90], params)[0], 12);
    const scaled = forecastLagRegression(
      fitLagRegressions(
        y.map((v) => 1e6 * v - 7),
        [],
        [90],
        params,
      )[0],
      12,
    );
    path.forEach((value, h) => expect(scaled[h] / (1e6 * value - 7)).toBeCloseTo(1, 8));
  });

  it.each([
    ['one value', [5]],
    ['two values', [5, 6]],
    ['a constant', new Array<number>(40).fill(3)],
    ['steps that are equal but for rounding', [4.4, 4.6, 4.8, 5, 5.2, 5.4, 5.6, 5.8, 6]],
    ['zeros', new Array<number>(40).fill(0)],
    ['huge values', Array.from({ length: 40 }, (_, t) => 1e15 + 1e9 * Math.sin(t))],
  ])('has a finite answer for %s', (_, values) => {
    const y = Float64Array.from(values);
    for (const difference of [0, 1, 7]) {
      const [model] = fitLagRegressions(
        y,
        [],
        [y.length],
        lagRegressionParams({ lags: [1, 2, 7], difference }),
      );
      expect(forecastLagRegression(model, 30).every(Number.isFinite)).toBe(true);
    }
  });

  it.each([
    [{ lags: [0] }, 'lags=0 must be distinct whole numbers of at least 1'],
    [{ lags: [2, 2] }, 'lags=2,2 must be distinct'],
    [{ difference: -1 }, 'difference=-1 must be a whole number'],
    [{ l2Regularization: 0 }, 'l2Regularization=0 must be above 0'],
    [{ lag: 3 }, 'lag is not a parameter of lag regression'],
  ])('refuses %j', (params, message) => {
    expect(() => lagRegressionParams(params as Partial<LagRegressionParams>)).toThrow(message);
  });
});
