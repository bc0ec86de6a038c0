import { describe, expect, it } from 'vitest';
import { blendWeights } from '../../../src/champion/forecast/weights.js';
import { createRng } from '../../../src/core/rng.js';

const steps = 3;
const n = 400;

/** Errors of three members, the first the better the nearer, the third worthless. */
function errors(seed: number): Float64Array[] {
  const rng = createRng(seed);
  return [0.5, 1, 4].map((size, m) =>
    Float64Array.from({ length: n * steps }, (_, i) => (m === 0 ? 1 + (i % steps) : 1) * size * rng.normal()),
  );
}

function loss(of: readonly Float64Array[], weights: readonly number[], h: number, power: 1 | 2): number {
  let sum = 0;
  for (let i = h; i < n * steps; i += steps) {
    sum += Math.abs(of.reduce((error, member, m) => error + weights[m] * member[i], 0)) ** power;
  }
  return sum;
}

describe('blendWeights', () => {
  it.each([
    ['absolute', 1],
    ['squared', 2],
  ] as const)('finds the least %s error on the simplex', (name, power) => {
    const of = errors(1);
    const found = blendWeights([of], [true, true, true], 1 * steps, name);
    // The first step is not smoothed: no neighbours on one side.
    const own = [...found.subarray(0, 3)];
    expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12);
    let best = Infinity;
    for (let a = 0; a <= 50; a++) {
      for (let b = 0; a + b <= 50; b++) {
        best = Math.min(best, loss(of, [a / 50, b / 50, (50 - a - b) / 50], 0, power));
      }
    }
    expect(loss(of, own, 0, power)).toBeLessThan(1.01 * best);
  });

  it('gives a member nothing where it must not or need not have weight', () => {
    const found = blendWeights([errors(2), errors(3)], [true, false, true], steps, 'absolute');
    for (let h = 0; h < steps; h++) {
      expect(found[h * 3 + 1]).toBe(0);
      expect(found[h * 3] + found[h * 3 + 2]).toBeCloseTo(1, 12);
      expect(found[h * 3]).toBeGreaterThan(0.5);
    }
  });

  it('passes over what is missing, and shares alike where nothing is known', () => {
    const of = errors(4);
    const holes = of.map((member) =>
      member.map((error, i) => (Math.floor(i / steps) % 2 === 0 ? NaN : error)),
    );
    const kept = of.map((member) => member.filter((_, i) => Math.floor(i / steps) % 2 === 1));
    const allowed = [true, true, true];
    expect(blendWeights([holes], allowed, steps, 'squared')).toEqual(
      blendWeights([kept], allowed, steps, 'squared'),
    );
    const blind = blendWeights([of.map((member) => member.map(() => NaN))], allowed, steps, 'absolute');
    blind.forEach((weight) => expect(weight).toBeCloseTo(1 / 3, 12));
  });
});
