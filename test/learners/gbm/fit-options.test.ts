import { describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../../src/core/errors.js';
import { Matrix } from '../../../src/core/matrix.js';
import { encodeRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import { gradientBoosting } from '../../../src/learners/gbm/gradient-boosting.js';
import type { GradientBoostingParams } from '../../../src/learners/gbm/params.js';
import { boostingMargins } from '../../../src/learners/gbm/predict.js';
import { drawRows, drawSteepest } from '../../../src/learners/gbm/sampling.js';

const nRows = 600;
const { X, y, value } = sample();

function sample(): { X: Matrix; y: Float64Array; value: Float64Array } {
  const rng = createRng(3);
  const columns = Array.from({ length: 6 }, () => Float32Array.from({ length: nRows }, () => rng.normal()));
  const value = Float64Array.from({ length: nRows }, (_, i) => {
    const [a, b, c] = columns;
    return 2 * a[i] * b[i] + c[i] + 0.3 * rng.normal();
  });
  return { X: Matrix.fromColumns(columns), y: value.map((v) => Number(v > 0)), value };
}

const fitted = (params: Partial<GradientBoostingParams>, options = {}): ReturnType<typeof boosted> =>
  boosted(params, y, options);
const boosted = (params: Partial<GradientBoostingParams>, targets: ArrayLike<number>, options = {}) =>
  gradientBoosting({ nEstimators: 10, ...params }).fit(X, targets, { rng: createRng(1), ...options });

function largestDifference(a: Float64Array, b: Float64Array): number {
  return a.reduce((most, x, i) => Math.max(most, Math.abs(x - b[i])), 0);
}

describe('continued training', () => {
  it('goes on where the model stopped', async () => {
    const once = await fitted({ nEstimators: 20 });
    const half = await fitted({ nEstimators: 10 });
    const twice = await fitted({ nEstimators: 10 }, { initModel: half });
    expect(twice.trees.roots.length).toBe(20);
    expect(twice.baseScore).toEqual(once.baseScore);
    expect([...twice.trees.feature.subarray(0, half.trees.feature.length)]).toEqual([...half.trees.feature]);
    const difference = largestDifference(boostingMargins(twice, X)[0], boostingMargins(once, X)[0]);
    expect(difference).toBeLessThan(1e-4);
    expect(largestDifference(boostingMargins(half, X)[0], boostingMargins(once, X)[0])).toBeGreaterThan(0.1);
  });

  it('refuses another objective and other columns', async () => {
    const half = await fitted({});
    await expect(boosted({ objective: 'squared-error' }, value, { initModel: half })).rejects.toThrow(
      /initModel was fitted with objective=binary/,
    );
    const renamed = Matrix.fromColumns(X.columns, ['a', 'b', 'c', 'd', 'e', 'f']);
    const refused = gradientBoosting().fit(renamed, y, { rng: createRng(1), initModel: half });
    await expect(refused).rejects.toThrow(/initModel has features x0, x1/);
  });
});

describe('a custom objective', () => {
  it('boosts as the built-in one of the same formulas', async () => {
    const centred = value.map((v) => Math.fround(v));
    const own = await boosted({ objective: 'custom' }, centred, {
      customObjective: {
        derivatives(targets: Float64Array, margin: Float64Array, g: Float64Array, h: Float64Array) {
          for (let i = 0; i < g.length; i++) {
            g[i] = margin[i] - targets[i];
            h[i] = 1;
          }
        },
      },
    });
    // Another start, the same shape: the first tree's values differ by the mean alone.
    const builtIn = await boosted({ objective: 'squared-error' }, centred);
    expect(own.baseScore[0]).toBe(0);
    const [ours] = boostingMargins(own, X);
    const [theirs] = boostingMargins(builtIn, X);
    const shift = builtIn.baseScore[0] * 0.9 ** 10;
    expect(
      largestDifference(
        ours,
        theirs.map((m) => m - shift),
      ),
    ).toBeLessThan(1e-3);
  });

  it('is refused when it gives no numbers', async () => {
    const customObjective = { derivatives: () => undefined };
    await expect(boosted({ objective: 'custom' }, value, { customObjective })).rejects.toThrow(
      /customObjective: gradient\[0\]=NaN must be finite/,
    );
  });
});

describe('iterations', () => {
  it('are reported one by one and stop on demand', async () => {
    const seen: number[] = [];
    const model = await fitted(
      { nEstimators: 100 },
      {
        validation: { X, y },
        onIteration: ({ iteration, validationMetric }: { iteration: number; validationMetric: number }) => {
          expect(validationMetric).toBeGreaterThan(0);
          seen.push(iteration);
          return iteration === 7;
        },
      },
    );
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(model.trees.roots.length).toBe(7);
  });

  it('stop early by a metric that rises', async () => {
    // Noise: what is learned does not carry over, so that the best AUC comes soon.
    const rng = createRng(9);
    const other = y.map(() => rng.integer(2));
    const stopped = await fitted(
      { nEstimators: 300, earlyStoppingRounds: 5, earlyStoppingMetric: 'roc-auc' },
      { validation: { X, y: other } },
    );
    expect(stopped.trees.roots.length).toBeLessThan(295);
  });
});

describe('class weights', () => {
  it('multiply those of the rows', async () => {
    const weighted = await fitted({}, { sampleWeight: y.map((label) => (label === 1 ? 3 : 1)) });
    const byClass = await fitted({ classWeight: [1, 3] });
    expect(encodeRecord(byClass)).toEqual(encodeRecord(weighted));
    expect(encodeRecord(byClass)).not.toEqual(encodeRecord(await fitted({})));
  });

  it('balance what is rare', async () => {
    const rare = y.map((label, i) => (i % 10 === 0 ? label : 0));
    const model = await boosted({ classWeight: 'balanced' }, rare);
    expect(model.baseScore[0]).toBeCloseTo(0, 9);
  });
});

describe('columns', () => {
  it('are drawn for every node', async () => {
    const all = await fitted({});
    const drawn = await fitted({ colsampleByNode: 0.3 });
    expect(encodeRecord(drawn)).not.toEqual(encodeRecord(all));
    expect(new Set(drawn.trees.feature).size).toBe(7);
  });

  it('are named before they are constrained', async () => {
    await expect(fitted({ categoricalFeatures: ['colour'] })).rejects.toThrow(ConfigError);
    await expect(fitted({ categoricalFeatures: ['colour'] })).rejects.toThrow(
      /categoricalFeatures names colour/,
    );
    await expect(fitted({ interactionConstraints: [['x0', 'size']] })).rejects.toThrow(/names size/);
  });

  it('hold codes where they are categories', async () => {
    await expect(fitted({ categoricalFeatures: ['x2'] })).rejects.toThrow(DataError);
    await expect(fitted({ categoricalFeatures: ['x2'] })).rejects.toThrow(
      /categoricalFeatures: x2\[0\]=.* must be a whole number from 0/,
    );
  });
});

describe('drawn rows', () => {
  it('are each drawn equally often, with the others beside them', () => {
    const counts = new Uint32Array(20);
    for (let seed = 0; seed < 4000; seed++) {
      const { rows, rest } = drawRows(20, 5, createRng(seed));
      expect(rows.length + rest.length).toBe(20);
      expect([...rows, ...rest].sort((a, b) => a - b)).toEqual([...counts.keys()]);
      expect([...rows]).toEqual([...rows].sort((a, b) => a - b));
      for (const row of rows) counts[row]++;
    }
    // 1000 expected, standard deviation 27.
    counts.forEach((count) => expect(Math.abs(count - 1000)).toBeLessThan(140));
  });

  it('keep the steepest and make up for the others', () => {
    const g = Float32Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? 1 : -1) * (i + 1));
    const h = new Float32Array(100).fill(1);
    const held = g.slice();
    const { rows } = drawSteepest([g], [h], 0.2, 0.1, createRng(4));
    expect(rows.length).toBe(30);
    expect([...rows].filter((row) => row >= 80)).toEqual(Array.from({ length: 20 }, (_, i) => 80 + i));
    for (const row of rows) expect(g[row]).toBeCloseTo(held[row] * (row >= 80 ? 1 : 8), 3);
  });

  it('by their gradients learn as well', async () => {
    const model = await fitted({ sampling: 'goss', nEstimators: 60 });
    const [margins] = boostingMargins(model, X);
    const hits = margins.reduce((count, margin, i) => count + Number(margin > 0 === (y[i] === 1)), 0);
    expect(hits / nRows).toBeGreaterThan(0.95);
  });
});
