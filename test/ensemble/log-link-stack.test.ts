import { describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { stratifiedFolds, splitsOf } from '../../src/ensemble/folds.js';
import { collectOutOfFold } from '../../src/ensemble/out-of-fold.js';
import { fitStack, stackMargins } from '../../src/ensemble/stack.js';

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);

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

  it('mixes in a base that knows more, and never beyond the whole', async () => {
    const { choice } = await stack(0, 'better', 1.5);
    expect(choice.name).toBe('mixed');
    expect(choice.model.weights[1]).toBeGreaterThan(0.9);
    expect(choice.model.weights[0] + choice.model.weights[1]).toBeCloseTo(1, 12);
    expect(choice.model.weights[0]).toBeGreaterThanOrEqual(0);
  });
});
