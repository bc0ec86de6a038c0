import { afterAll, describe, expect, it } from 'vitest';
import { DataError, InterruptedError } from '../../../src/core/errors.js';
import { inlinePool } from '../../../src/core/inline-pool.js';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng } from '../../../src/core/rng.js';
import { tasks } from '../../../src/champion/tasks.js';
import type { Pool } from '../../../src/core/pool.js';
import { gainImportance } from '../../../src/learners/gbm/importance.js';
import type { GradientBoostingModel } from '../../../src/learners/gbm/model.js';
import { boostingMargins } from '../../../src/learners/gbm/predict.js';
import { boostingMarginsInPool } from '../../../src/learners/gbm/predict-in-pool.js';
import { shapValues } from '../../../src/learners/gbm/shap-values.js';
import { workerPool } from '../../../src/worker-pool.js';
import { cells, leafOf, randomTrees } from '../tree/random-trees.js';

const featureNames = ['a', 'b', 'c'];

function randomModel(nMargins: number, more: Partial<GradientBoostingModel> = {}): GradientBoostingModel {
  const shape = { nTrees: 5 * nMargins, nFeatures: 3, maxDepth: 5, categories: true };
  return {
    kind: 'gradient-boosting',
    format: 2,
    objective: 'raw',
    featureNames,
    nMargins,
    baseScore: Float64Array.from({ length: nMargins }, (_, k) => 0.1 + k),
    trees: randomTrees(shape, createRng(nMargins)),
    gains: Float64Array.of(3, 0, 1),
    ...more,
  };
}

function randomMatrix(nRows: number): Matrix {
  const rng = createRng(nRows);
  const draw = (): Float32Array =>
    Float32Array.from({ length: nRows }, () => cells[rng.integer(cells.length)]);
  return Matrix.fromColumns([draw(), draw(), draw(), draw()], ['c', 'other', 'a', 'b']);
}

describe('boostingMargins', () => {
  it('sums in float32 where the model says so, from the rounded base score', () => {
    const model = randomModel(2, { sums: 'float32' });
    const X = randomMatrix(2100);
    const rows = Matrix.select(X, featureNames);
    const margins = boostingMargins(model, X);
    for (const i of [0, 1, 2047, 2048, 2099]) {
      const row = rows.columns.map((column) => column[i]);
      for (let k = 0; k < 2; k++) {
        let sum = Math.fround(model.baseScore[k]);
        for (let t = k; t < model.trees.roots.length; t += 2) {
          sum = Math.fround(sum + leafOf(model.trees, model.trees.roots[t], row));
        }
        expect(margins[k][i]).toBe(sum);
      }
    }
  });
});

describe('boostingMarginsInPool', () => {
  const pools: Pool[] = [workerPool(2), inlinePool(tasks)];
  afterAll(() => Promise.all(pools.map((pool) => pool.close())));

  it('gives the bits of boostingMargins, with shared columns and without', async () => {
    const model = randomModel(2);
    const X = randomMatrix(40_001);
    const expected = boostingMargins(model, X);
    for (const pool of pools) {
      expect(await boostingMarginsInPool(model, X, pool)).toEqual(expected);
      expect(await boostingMarginsInPool(model, Matrix.share(X), pool)).toEqual(expected);
    }
    const few = randomMatrix(3);
    expect(await boostingMarginsInPool(model, few, pools[0])).toEqual(boostingMargins(model, few));
  });

  it('ends with the signal and names a feature that is missing', async () => {
    const signal = AbortSignal.abort();
    const model = randomModel(1);
    const run = boostingMarginsInPool(model, randomMatrix(40_000), pools[0], { signal });
    await expect(run).rejects.toThrow(InterruptedError);
    const without = Matrix.select(randomMatrix(40_000), ['a', 'b']);
    await expect(boostingMarginsInPool(model, without, pools[0])).rejects.toThrow('no column c');
  });
});

describe('shapValues', () => {
  it('add up to every margin', () => {
    const model = randomModel(3);
    const X = randomMatrix(50);
    const { expected, values } = shapValues(model, X);
    boostingMargins(model, X).forEach((margin, k) => {
      expect(values[k]).toHaveLength(3);
      margin.forEach((sum, i) => {
        expect(values[k].reduce((total, column) => total + column[i], expected[k])).toBeCloseTo(sum, 12);
      });
    });
  });

  it('refuse a model that does not know its covers', () => {
    const { cover, ...trees } = randomModel(1).trees;
    expect(cover).toBeDefined();
    expect(() => shapValues(randomModel(1, { format: 1, trees }), randomMatrix(1))).toThrow(DataError);
  });
});

describe('gainImportance', () => {
  it('is the share of each feature, in the order of the model', () => {
    expect([...gainImportance(randomModel(1))]).toEqual([
      ['a', 0.75],
      ['b', 0],
      ['c', 0.25],
    ]);
    const without = randomModel(1, { gains: new Float64Array(3) });
    expect([...gainImportance(without).values()]).toEqual([0, 0, 0]);
  });
});
