import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DataError } from '../../../src/core/errors.js';
import { Matrix } from '../../../src/core/matrix.js';
import { encodeRecord } from '../../../src/core/record.js';
import { createRng } from '../../../src/core/rng.js';
import { gradientBoosting } from '../../../src/learners/gbm/gradient-boosting.js';
import { boostingMargins } from '../../../src/learners/gbm/predict.js';
import { golden, goldenMatrix } from '../forest-encoding-golden.js';

const growths = ['leaf-wise', 'depth-wise', 'symmetric'] as const;

describe('grower', () => {
  it.each(['leaf-wise', 'depth-wise'] as const)(
    'recovers a planted function of three leaves, %s',
    async (growth) => {
      const rng = createRng(1);
      const columns = [0, 1, 2].map(() => Float32Array.from({ length: 500 }, () => rng.uniform()));
      const X = Matrix.fromColumns(columns);
      const truth = (i: number): number => (columns[0][i] <= 0.5 ? -20 : columns[1][i] <= 0.3 ? 10 : 30);
      const y = Float64Array.from({ length: 500 }, (_, i) => truth(i));
      const model = await gradientBoosting({
        objective: 'squared-error',
        nEstimators: 1,
        learningRate: 1,
        growth,
        maxLeafNodes: 8,
        minSamplesLeaf: 1,
      }).fit(X, y, { rng });
      const { trees } = model;
      // Bins of two rows blur a cut; where both planted cuts fall between bins there are three leaves exactly.
      const splits = [...trees.feature.keys()].filter((node) => trees.feature[node] >= 0);
      expect(trees.feature[0]).toBe(0);
      expect(trees.threshold[0]).toBeCloseTo(0.5, 1);
      const second = splits.filter((node) => trees.feature[node] === 1);
      expect(second.length).toBeGreaterThanOrEqual(1);
      expect(trees.threshold[second[0]]).toBeCloseTo(0.3, 1);
      expect(splits.every((node) => trees.feature[node] < 2)).toBe(true);
      expect(model.gains[2]).toBe(0);

      // With a bin for every value, nothing blurs: three leaves, every prediction exact.
      const exactX = Matrix.fromColumns(
        columns.map((column) => column.map((x) => Math.round(x * 100) / 100)),
      );
      const exactY = Float64Array.from({ length: 500 }, (_, i) =>
        exactX.columns[0][i] <= 0.5 ? -20 : exactX.columns[1][i] <= 0.3 ? 10 : 30,
      );
      const exact = await gradientBoosting({ ...modelParams, growth }).fit(exactX, exactY, { rng });
      expect([...exact.trees.feature].filter((feature) => feature < 0).length).toBe(3);
      boostingMargins(exact, exactX)[0].forEach((value, i) => expect(value).toBeCloseTo(exactY[i], 5));
    },
  );

  it.each(growths)('holds monotone constraints on predictions, %s', async (growth) => {
    const cell = fc.integer({ min: -4, max: 4 });
    const row = fc.record({
      a: fc.oneof(cell, cell, fc.constant(NaN)),
      b: cell,
      y: fc.integer({ min: -9, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { minLength: 5, maxLength: 40 }),
        fc.constantFrom(1, -1),
        async (rows, sign) => {
          const X = Matrix.fromColumns([rows.map((r) => r.a), rows.map((r) => r.b)], ['a', 'b']);
          const model = await gradientBoosting({
            objective: 'squared-error',
            nEstimators: 8,
            learningRate: 0.5,
            growth,
            maxDepth: 3,
            minSamplesLeaf: 1,
            monotoneConstraints: { a: sign },
          }).fit(
            X,
            rows.map((r) => r.y),
            { rng: createRng(1) },
          );
          const line = [-Infinity, -4, -3, -2, -1, 0, 1, 2, 3, 4, Infinity];
          for (let b = -4; b <= 4; b++) {
            const [values] = boostingMargins(
              model,
              Matrix.fromColumns([line, line.map(() => b)], ['a', 'b']),
            );
            for (let i = 1; i < line.length; i++)
              expect(sign * (values[i] - values[i - 1])).toBeGreaterThanOrEqual(-1e-12);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives an empty leaf of a symmetric tree no value of its own', async () => {
    // The second cut is on b, but only rows with a = 1 vary there.
    const a = Array.from({ length: 30 }, (_, i) => Number(i >= 10));
    const b = Array.from({ length: 30 }, (_, i) => Number(i >= 20));
    const y = a.map((_, i) => (i < 10 ? 0.1 : i < 20 ? 5.7 : 9.3));
    const model = await gradientBoosting({
      objective: 'squared-error',
      nEstimators: 1,
      learningRate: 1,
      growth: 'symmetric',
      maxDepth: 2,
      minSamplesLeaf: 1,
      minChildWeight: 0,
    }).fit(Matrix.fromColumns([a, b]), y, { rng: createRng(1) });
    const [seen] = boostingMargins(model, Matrix.fromColumns([a, b]));
    seen.forEach((value, i) => expect(value / y[i]).toBeCloseTo(1, 5));
    const [unseen] = boostingMargins(model, Matrix.fromColumns([[0], [1]]));
    expect(unseen[0]).toBe(model.baseScore[0]);
    // Each split's gain is the fall of the sum of squares, and the tree leaves none of it.
    const mean = y.reduce((sum, value) => sum + value, 0) / 30;
    const squares = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    expect((model.gains[0] + model.gains[1]) / squares).toBeCloseTo(1, 6);
  });
});

const modelParams = {
  objective: 'squared-error',
  nEstimators: 1,
  learningRate: 1,
  maxLeafNodes: 8,
  minSamplesLeaf: 1,
  minGainToSplit: 1e-6,
} as const;

describe('early stopping', () => {
  const rng = createRng(3);
  const columns = [0, 1, 2].map(() => Float32Array.from({ length: 400 }, () => rng.normal()));
  const y = Float64Array.from({ length: 400 }, (_, i) => Number(columns[0][i] + 1.5 * rng.normal() > 0));
  const X = Matrix.fromColumns(columns, ['a', 'b', 'c']);
  const index = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  const train = Matrix.rows(X, index(0, 250));
  const validation = { X: Matrix.rows(X, index(250, 400)), y: y.subarray(250) };
  const params = { nEstimators: 60, learningRate: 0.3 };

  it('keeps the trees up to the best validation loss', async () => {
    const all = await gradientBoosting(params).fit(train, y.subarray(0, 250), { rng: createRng(1) });
    // The loss after every iteration, from first principles.
    const losses = index(0, 60).map((t) => {
      const upTo = { ...all, trees: { ...all.trees, roots: all.trees.roots.subarray(0, t + 1) } };
      const [z] = boostingMargins(upTo, validation.X);
      return z.reduce(
        (sum, value, i) => sum + Math.log(1 + Math.exp(validation.y[i] === 1 ? -value : value)),
        0,
      );
    });
    const best = losses.indexOf(Math.min(...losses)) + 1;
    const stopped = await gradientBoosting({ ...params, earlyStoppingRounds: 60 }).fit(
      train,
      y.subarray(0, 250),
      {
        validation,
        rng: createRng(1),
      },
    );
    expect(best).toBeLessThan(60);
    expect(stopped.trees.roots.length).toBe(best);
    const kept = all.trees.roots.subarray(0, best);
    expect(stopped.trees.roots).toEqual(kept);
    expect(stopped.trees.value).toEqual(all.trees.value.subarray(0, all.trees.roots[best]));

    let iterations = 0;
    await gradientBoosting({ ...params, earlyStoppingRounds: 5 }).fit(train, y.subarray(0, 250), {
      validation,
      rng: createRng(1),
      onProgress: (done) => (iterations = done),
    });
    // Five iterations without a better one end it.
    let bestSoFar = 0;
    const expected = losses.findIndex((loss, t) => {
      if (loss < losses[bestSoFar]) bestSoFar = t;
      return t - bestSoFar >= 5;
    });
    expect(iterations).toBe(expected + 1);
  });

  it('finds the watched columns by name and checks the watched rows', async () => {
    const estimator = gradientBoosting({ ...params, earlyStoppingRounds: 5 });
    const fit = (watched: object): ReturnType<typeof estimator.fit> =>
      estimator.fit(train, y.subarray(0, 250), {
        validation: { ...validation, ...watched },
        rng: createRng(1),
      });
    const expected = encodeRecord(await fit({}));
    expect(encodeRecord(await fit({ X: Matrix.select(validation.X, ['c', 'a', 'b']) }))).toEqual(expected);
    await expect(fit({ X: Matrix.select(validation.X, ['c', 'a']) })).rejects.toThrow(/no column b/);
    await expect(fit({ y: validation.y.map((label, i) => (i === 4 ? NaN : label)) })).rejects.toThrow(
      'y[4]=NaN',
    );
    await expect(fit({ sampleWeight: new Float64Array(150).fill(-1) })).rejects.toThrow(DataError);
    const without = estimator.fit(train, y.subarray(0, 250), { rng: createRng(1) });
    await expect(without).rejects.toThrow('earlyStoppingRounds=5 needs validation rows');
  });
});

describe('boosting beside scikit-learn', () => {
  const { boosting } = golden;
  const X = goldenMatrix(boosting.columns);
  const trainRows = Array.from({ length: boosting.nTrain }, (_, i) => i);
  const testRows = Array.from({ length: X.nRows - boosting.nTrain }, (_, i) => boosting.nTrain + i);
  const test = Matrix.rows(X, testRows);
  // As HistGradientBoosting was set; it bounds leaves by rows and hessians alike.
  const shared = { nEstimators: 60, maxLeafNodes: 15, minSamplesLeaf: 20 };

  async function margins(
    objective: 'binary' | 'multiclass' | 'squared-error',
    y: readonly number[],
  ): Promise<Float64Array[]> {
    const estimator = gradientBoosting({ ...shared, objective, nClasses: 3 });
    const model = await estimator.fit(Matrix.rows(X, trainRows), y.slice(0, boosting.nTrain), {
      rng: createRng(1),
    });
    return boostingMargins(model, test);
  }

  // The two bin by different quantiles (1000 rows, 255 bins), so trees part ways at near ties. Measured on eight data
  // sets of this kind, ours against theirs: squared error -6.1 % to +3.4 %, log loss -2.6 % to +0.4 %, AUC -0.002 to
  // +0.010, log loss of three classes -5.8 % to -2.0 %. The bounds stand just outside these ranges.
  it('has its squared error', async () => {
    const [prediction] = await margins('squared-error', boosting.regression);
    const error =
      prediction.reduce((sum, p, i) => sum + (p - boosting.regression[testRows[i]]) ** 2, 0) /
      testRows.length;
    expect(Math.abs(error / boosting.meanSquaredError - 1)).toBeLessThan(0.07);
  });

  it('has its AUC and log loss on two classes', async () => {
    const [z] = await margins('binary', boosting.binary);
    const label = (i: number): number => boosting.binary[testRows[i]];
    const loss = z.reduce((sum, m, i) => sum + Math.log1p(Math.exp(label(i) === 1 ? -m : m)), 0) / z.length;
    let pairs = 0;
    let won = 0;
    z.forEach((high, i) =>
      z.forEach((low, j) => {
        if (label(i) !== 1 || label(j) !== 0) return;
        pairs++;
        won += high > low ? 1 : high === low ? 0.5 : 0;
      }),
    );
    expect(Math.abs(won / pairs - boosting.rocAuc)).toBeLessThan(0.015);
    expect(Math.abs(loss / boosting.binaryLogLoss - 1)).toBeLessThan(0.03);
  });

  it('has its log loss on three classes', async () => {
    const z = await margins('multiclass', boosting.multiclass);
    let loss = 0;
    testRows.forEach((row, i) => {
      const total = z.reduce((sum, margin) => sum + Math.exp(margin[i]), 0);
      loss -= Math.log(Math.exp(z[boosting.multiclass[row]][i]) / total) / testRows.length;
    });
    // Hessians carry the factor K / (K - 1) here and not there: steps are two thirds as long, and overfit less.
    expect(loss).toBeLessThan(boosting.multiclassLogLoss);
    expect(loss).toBeGreaterThan(boosting.multiclassLogLoss * 0.9);
  });
});

describe('sampling', () => {
  it('draws by the seed alone', async () => {
    const rng = createRng(5);
    const columns = [0, 1, 2, 3].map(() => Float32Array.from({ length: 300 }, () => rng.normal()));
    const X = Matrix.fromColumns(columns);
    const y = columns[0].map((x, i) => Number(x + columns[1][i] > 0));
    const estimator = gradientBoosting({ nEstimators: 15, subsample: 0.6, colsampleByTree: 0.5 });
    const bytes = async (seed: number): Promise<Uint8Array> =>
      encodeRecord(await estimator.fit(X, y, { rng: createRng(seed) }));
    expect(await bytes(1)).toEqual(await bytes(1));
    expect(await bytes(1)).not.toEqual(await bytes(2));
    // A generator that was drawn from or split before gives the same streams by name.
    const used = createRng(1);
    used.uniform();
    expect(encodeRecord(await estimator.fit(X, y, { rng: used }))).toEqual(await bytes(1));
  });
});
