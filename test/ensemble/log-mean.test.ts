import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { stratifiedFolds, splitsOf } from '../../src/ensemble/folds.js';
import { fitLogMean } from '../../src/ensemble/few-columns.js';
import { collectOutOfFold } from '../../src/ensemble/out-of-fold.js';
import { fitStack, stackMargins } from '../../src/ensemble/stack.js';

interface Golden {
  readonly columns: readonly (readonly number[])[];
  readonly y: readonly number[];
  readonly powers: readonly { readonly power: number; readonly coefficients: readonly number[] }[];
}
const golden = JSON.parse(
  readFileSync(new URL('../golden/log-mean.json', import.meta.url), 'utf8'),
) as Golden;
const columns = golden.columns.map((column) => Float64Array.from(column));
const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

describe('fitLogMean', () => {
  it.each(golden.powers)(
    'agrees with scikit-learn without penalty, power $power',
    ({ power, coefficients }) => {
      const found = fitLogMean(columns, Float64Array.from(golden.y), power);
      // Both iterate until the loss no longer falls, which leaves the coefficients about half its digits.
      found.forEach((value, j) => expect(Math.abs(value - coefficients[j])).toBeLessThan(1e-6));
    },
  );

  it('makes the sum of Poisson means that of the targets, whatever their unit', () => {
    fc.assert(
      fc.property(fc.nat(), fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (seed, unit) => {
        const rng = createRng(seed);
        const x = Float64Array.from({ length: 60 }, () => rng.normal());
        const y = x.map((value) => unit * Math.exp(value + rng.normal()) * (rng.uniform() < 0.3 ? 0 : 1));
        y[0] = unit;
        const [intercept, slope] = fitLogMean([x], y, 1);
        const means = x.map((value) => Math.exp(intercept + slope * value));
        expect(sum(means) / sum(y)).toBeCloseTo(1, 5);
      }),
      { numRuns: 30 },
    );
  });
});

describe('fitStack of logarithms of means', () => {
  async function stack(shift: number, other: 'noise' | 'better', power: number) {
    const rng = createRng(3);
    const n = 600;
    const truth = Float64Array.from({ length: n }, () => 1 + rng.normal());
    const y = truth.map((z) => Math.exp(z) * Math.exp(0.4 * rng.normal() - 0.08));
    const noise = Float64Array.from({ length: n }, () => rng.normal());
    const booster = truth.map((z, i) => z + shift + (other === 'better' ? 0.8 * noise[i] : 0));
    const second = other === 'better' ? truth : noise;
    const keys = Array.from({ length: n }, (_, i) => `r${i}`);
    const folds = stratifiedFolds(keys, new Float64Array(n), 4, 1);
    const oof = await collectOutOfFold(splitsOf(folds), n, ({ test }) =>
      Promise.resolve([
        { name: 'booster', scores: [Float64Array.from(test, (row) => booster[row])] },
        { name: 'ridge', scores: [Float64Array.from(test, (row) => second[row])] },
      ]),
    );
    const plan = { task: 'regression' as const, nMargins: 1, consensus: ['booster'], tweediePower: power };
    const choice = fitStack(plan, oof, y, folds);
    const margins = stackMargins(
      choice.model,
      oof.bases.map(({ scores }) => scores),
    )[0];
    return { choice, y, means: margins.map(Math.exp) };
  }

  it.each([1, 1.5])('levels the boosters on the rows, power %d', async (power) => {
    const { choice, y, means } = await stack(0.7, 'noise', power);
    expect(choice.name).toBe('mean');
    expect(choice.model.intercept[0]).toBeCloseTo(-0.7, 1);
    expect(sum(means) / sum(y)).toBeCloseTo(1, power === 1 ? 9 : 1);
  });

  it('gives weight to a base that knows more', async () => {
    const { choice } = await stack(0, 'better', 1.5);
    expect(choice.name).toBe('weighted');
    expect(choice.model.weights[1]).toBeGreaterThan(0.9);
    expect(Math.abs(choice.model.weights[0])).toBeLessThan(0.1);
  });
});
