import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { convexWeights } from '../../src/ensemble/convex-weights.js';

/** Mean squared error of a mixture of columns. */
function squares(columns: readonly Float64Array[], y: Float64Array): (weights: readonly number[]) => number {
  return (weights) =>
    y.reduce(
      (sum, target, i) => sum + (target - weights.reduce((mix, w, v) => mix + w * columns[v][i], 0)) ** 2,
      0,
    ) / y.length;
}

function problem(seed: number, nVoices: number): (weights: readonly number[]) => number {
  const rng = createRng(seed);
  const draw = (): Float64Array => Float64Array.from({ length: 60 }, () => rng.normal());
  return squares(Array.from({ length: nVoices }, draw), draw());
}

describe('convexWeights', () => {
  it('are of at least 0, add up to 1, and are beaten by no point of a grid', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const loss = problem(seed, 3);
        const weights = convexWeights(3, loss);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
        for (let a = 0; a <= 20; a++) {
          for (let b = 0; a + b <= 20; b++) {
            expect(loss(weights)).toBeLessThanOrEqual(loss([a / 20, b / 20, (20 - a - b) / 20]) + 1e-6);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('recover a planted mixture, and leave out what only extrapolation would use', () => {
    const rng = createRng(5);
    const [a, b] = [0, 1].map(() => Float64Array.from({ length: 500 }, () => rng.normal()));
    const y = a.map((value, i) => 0.3 * value + 0.7 * b[i]);
    expect(convexWeights(2, squares([a, b], y))[0]).toBeCloseTo(0.3, 3);
    const beyond = a.map((value, i) => 2 * value - b[i]);
    expect(convexWeights(2, squares([a, b], beyond))).toEqual([1, 0]);
    expect(convexWeights(1, squares([a], y))).toEqual([1]);
  });
});
