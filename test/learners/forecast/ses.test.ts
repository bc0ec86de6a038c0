import { describe, expect, it } from 'vitest';
import { minimizeScalar } from '../../../src/learners/forecast/minimize-scalar.js';
import { ses } from '../../../src/learners/forecast/ses.js';
import { expectClose, forecastOf, readGolden } from './against-golden.js';

const { ses: golden } = readGolden('stl') as {
  readonly ses: { readonly y: number[]; readonly alpha: number; readonly forecast: number[] };
};

function squaredErrors(y: readonly number[], alpha: number): number {
  let level = y[0];
  let sum = 0;
  for (const value of y.slice(1)) {
    sum += (value - level) ** 2;
    level = alpha * value + (1 - alpha) * level;
  }
  return sum;
}

describe('simple exponential smoothing', () => {
  it('agrees with statsforecast, whose search stops earlier', () => {
    const { alpha } = ses().fit(Float64Array.from(golden.y));
    expect(Math.abs(alpha - golden.alpha)).toBeLessThan(1e-3);
    expect(squaredErrors(golden.y, alpha)).toBeLessThanOrEqual(
      squaredErrors(golden.y, golden.alpha) * (1 + 1e-12),
    );
    expectClose(forecastOf(ses(), golden.y, 3), golden.forecast, 1e-4);
  });

  it('follows a random walk and averages noise', () => {
    const walk = Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? i : 60 - i));
    expect(ses().fit(walk).alpha).toBeGreaterThan(0.98);
    const noise = Float64Array.from({ length: 60 }, (_, i) => (i === 0 ? 0 : i % 2 === 0 ? 1 : -1));
    expect(ses().fit(noise).alpha).toBeLessThan(0.02);
  });
});

describe('the scalar search', () => {
  it('finds the deeper of two valleys', () => {
    const f = (x: number): number => Math.min((x - 0.2) ** 2, (x - 0.8) ** 2 - 0.01);
    expect(minimizeScalar(f, 0, 1, 11, 1e-8)).toBeCloseTo(0.8, 6);
  });

  it('reaches the ends', () => {
    expect(minimizeScalar((x) => x, -2, 3, 5, 1e-6)).toBe(-2);
    expect(minimizeScalar((x) => -x, -2, 3, 5, 1e-6)).toBe(3);
  });

  it('goes round what is not defined', () => {
    expect(minimizeScalar((x) => (x < 0.5 ? NaN : x * x), 0, 1, 21, 1e-9)).toBeCloseTo(0.5, 6);
  });
});
