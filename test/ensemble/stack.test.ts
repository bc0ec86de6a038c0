import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../src/core/rng.js';
import { splitsOf, stratifiedFolds } from '../../src/ensemble/folds.js';
import { collectOutOfFold, type OutOfFold } from '../../src/ensemble/out-of-fold.js';
import { pickSimplest } from '../../src/ensemble/pick-simplest.js';
import { fitStack, stackMargins } from '../../src/ensemble/stack.js';

const n = 3000;
const folds = stratifiedFolds(
  Array.from({ length: n }, (_, i) => `${i}`),
  new Uint8Array(n),
  5,
  1,
);
const noise = (rng: Rng, scale = 1): Float64Array =>
  Float64Array.from({ length: n }, () => scale * rng.normal());

async function outOfFold(bases: Readonly<Record<string, readonly Float64Array[]>>): Promise<OutOfFold> {
  return collectOutOfFold(splitsOf(folds), n, ({ test }) =>
    Promise.resolve(
      Object.entries(bases).map(([name, scores]) => ({
        name,
        scores: scores.map((column) => Float64Array.from(test, (i) => column[i])),
      })),
    ),
  );
}

describe('fitStack', () => {
  it('recovers planted weights of a binary stack, the consensus sharing one', async () => {
    const rng = createRng(1);
    const [common, other] = [noise(rng), noise(rng)];
    const half = noise(rng, 0.1);
    const [a, b] = [common.map((v, i) => v + half[i]), common.map((v, i) => v - half[i])];
    const y = common.map((v, i) =>
      rng.uniform() < 1 / (1 + Math.exp(-(0.5 + 1.2 * v + 0.8 * other[i]))) ? 1 : 0,
    );
    const plan = { task: 'binary', nMargins: 1, consensus: ['a', 'b'] } as const;
    const { name, model } = fitStack(plan, await outOfFold({ a: [a], other: [other], b: [b] }), y, folds);
    expect(name).toBe('weighted');
    expect(model.weights[0]).toBe(model.weights[2]);
    // Four standard errors of 3,000 rows.
    expect(Math.abs(model.weights[0] + model.weights[2] - 1.2)).toBeLessThan(0.24);
    expect(Math.abs(model.weights[1] - 0.8)).toBeLessThan(0.2);
    expect(Math.abs(model.intercept[0] - 0.5)).toBeLessThan(0.2);
  });

  it('recovers planted weights of a regression stack', async () => {
    const rng = createRng(2);
    const [a, b] = [noise(rng), noise(rng)];
    const error = noise(rng, 0.1);
    const y = a.map((v, i) => 3 + 0.7 * v + 0.4 * b[i] + error[i]);
    const plan = { task: 'regression', nMargins: 1, consensus: ['a'] } as const;
    const { name, model } = fitStack(plan, await outOfFold({ a: [a], b: [b] }), y, folds);
    expect(name).toBe('weighted');
    expect([...model.weights, ...model.intercept]).toEqual([
      expect.closeTo(0.7, 1),
      expect.closeTo(0.4, 1),
      expect.closeTo(3, 1),
    ]);
  });

  it('recovers planted weights of a multiclass stack', async () => {
    const rng = createRng(3);
    const [a, b] = [0, 1].map(() => [noise(rng), noise(rng), noise(rng)]);
    const y = a[0].map((_, i) => {
      // The Gumbel trick draws from the softmax.
      const draws = [0, 1, 2].map((k) => a[k][i] + 0.8 * b[k][i] - Math.log(-Math.log(rng.uniform())));
      return draws.indexOf(Math.max(...draws));
    });
    const plan = { task: 'multiclass', nMargins: 3, consensus: ['a'] } as const;
    const { name, model } = fitStack(plan, await outOfFold({ a, b }), y, folds);
    expect(name).toBe('weighted');
    expect(Math.abs(model.weights[0] - 1)).toBeLessThan(0.2);
    expect(Math.abs(model.weights[1] - 0.8)).toBeLessThan(0.2);
    expect([...model.intercept]).toEqual([0, 0, 0]);
  });

  it('keeps the mean where another base adds nothing', async () => {
    for (const seed of [4, 5, 6]) {
      const rng = createRng(seed);
      const [a, useless] = [noise(rng), noise(rng)];
      const y = a.map((v) => (rng.uniform() < 1 / (1 + Math.exp(-v)) ? 1 : 0));
      const plan = { task: 'binary', nMargins: 1, consensus: ['a'] } as const;
      const { name, model } = fitStack(plan, await outOfFold({ a: [a], useless: [useless] }), y, folds);
      expect(name).toBe('mean');
      expect([...model.weights]).toEqual([1, 0]);
    }
  });

  it('mixes members of which one is worse, and leaves those that are alike at their mean', async () => {
    const rng = createRng(8);
    const truth = noise(rng);
    const [a, b, worse] = [0.3, 0.3, 2].map((scale) => noise(rng, scale).map((error, i) => truth[i] + error));
    const plan = { task: 'regression', nMargins: 1, consensus: ['a', 'b', 'worse'] } as const;
    const error = noise(rng, 0.1);
    const y = truth.map((value, i) => value + error[i]);
    const mixed = fitStack(plan, await outOfFold({ a: [a], b: [b], worse: [worse] }), y, folds);
    expect(mixed.name).toBe('mixed');
    // Inverse variances: 1 / .09 twice, 1 / 4.
    expect([...mixed.model.weights]).toEqual([
      expect.closeTo(0.494, 1),
      expect.closeTo(0.494, 1),
      expect.closeTo(0.011, 1),
    ]);
    const alike = fitStack({ ...plan, consensus: ['a', 'b'] }, await outOfFold({ a: [a], b: [b] }), y, folds);
    expect(alike.name).toBe('mean');
    expect([...alike.model.weights]).toEqual([0.5, 0.5]);
  });

  it('takes the mean of a consensus without company, and refuses a plan without a base', async () => {
    const rng = createRng(7);
    const oof = await outOfFold({ a: [noise(rng)], b: [noise(rng)] });
    const plan = { task: 'regression', nMargins: 1 } as const;
    const { model } = fitStack({ ...plan, consensus: ['a', 'b'] }, oof, noise(rng), folds);
    expect([...model.weights]).toEqual([0.5, 0.5]);
    expect(() => fitStack({ ...plan, consensus: ['c'] }, oof, noise(rng), folds)).toThrow(
      'none of c was fitted',
    );
  });
});

describe('stackMargins', () => {
  it('adds a base with one score to every margin', () => {
    const model = {
      kind: 'linear-stack',
      format: 1,
      weights: Float64Array.of(2, 10),
      intercept: Float64Array.of(0.5, -0.5),
    } as const;
    const margins = stackMargins(model, [
      [Float64Array.of(1, 2), Float64Array.of(3, 4)],
      [Float64Array.of(0.1, 0.2)],
    ]);
    expect(margins.map((margin) => [...margin])).toEqual([
      [3.5, 6.5],
      [6.5, 9.5],
    ]);
  });
});

describe('pickSimplest', () => {
  it('takes the simplest candidate within one standard error of the best, judged on rows it was not fitted on', () => {
    const y = Float64Array.from({ length: 40 }, (_, i) => i);
    const halves = Uint8Array.from(y, (_, i) => i % 2);
    const seen: number[] = [];
    // Losses by candidate: far off; on average as good as the best, now better and now worse; the best.
    const lossOf = (name: string) => (): ((label: number) => number) => (label) =>
      name === 'far' ? 5 + (label % 3) : name === 'near' ? 1 + (label % 4 < 2 ? 1 : -0.9) : 1;
    const candidates = ['far', 'near', 'best'].map((name) => ({
      name,
      fit: (_: readonly Float64Array[], labels: Float64Array): string => {
        seen.push(labels.length);
        return name;
      },
    }));
    const choice = pickSimplest(candidates, [y], y, halves, (model) => lossOf(model)());
    expect(choice.name).toBe('near');
    expect(choice.model).toBe('near');
    expect(choice.losses.map(({ loss }) => loss)).toEqual([
      expect.closeTo(5.975, 9),
      expect.closeTo(1.05, 9),
      1,
    ]);
    // sd 0.95 of ±, over sqrt(39)
    expect(choice.losses[1].standardError).toBeCloseTo(0.95 / Math.sqrt(39), 9);
    expect(seen).toEqual([20, 20, 20, 20, 20, 20, 40]);
  });

  it('never takes a candidate whose loss is not a number', () => {
    const y = Float64Array.of(0, 1, 0, 1);
    const candidates = ['broken', 'sound'].map((name) => ({ name, fit: () => name }));
    const choice = pickSimplest(
      candidates,
      [y],
      y,
      Uint8Array.of(0, 0, 1, 1),
      (model) => () => (model === 'broken' ? NaN : 1),
    );
    expect(choice.name).toBe('sound');
  });
});
