import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Matrix } from '../../../src/core/matrix.js';
import { createRng } from '../../../src/core/rng.js';
import { averagePathLength } from '../../../src/learners/tree/average-path-length.js';
import {
  anomalyScores,
  isAnomalous,
  isolationForest,
} from '../../../src/learners/isolation-forest/isolation-forest.js';
import { rowSampler } from '../../../src/learners/isolation-forest/row-sampler.js';
import type { Trees } from '../../../src/learners/tree/trees.js';
import { golden, goldenMatrix } from '../forest-encoding-golden.js';

function ranks(values: ArrayLike<number>): number[] {
  const order = Array.from(values, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const rank = new Array<number>(values.length);
  order.forEach((i, position) => (rank[i] = position));
  return rank;
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((s, x) => s + x, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (of: (i: number) => number): number => a.reduce((s, _, i) => s + of(i), 0);
  return (
    sum((i) => (a[i] - ma) * (b[i] - mb)) /
    Math.sqrt(sum((i) => (a[i] - ma) ** 2) * sum((i) => (b[i] - mb) ** 2))
  );
}

/** Rows of X that reach every node of tree `t`, and each node's depth. */
function visits(trees: Trees, t: number, X: Matrix): Map<number, { depth: number; rows: number[] }> {
  const seen = new Map<number, { depth: number; rows: number[] }>();
  for (let i = 0; i < X.nRows; i++) {
    let node = trees.roots[t];
    for (let depth = 0; node >= 0; depth++) {
      const entry = seen.get(node) ?? { depth, rows: [] };
      entry.rows.push(i);
      seen.set(node, entry);
      const x = trees.feature[node] < 0 ? 0 : X.columns[trees.feature[node]][i];
      const goLeft = Number.isNaN(x) ? trees.missingLeft[node] === 1 : x <= trees.threshold[node];
      node = goLeft ? trees.left[node] : trees.right[node];
    }
  }
  return seen;
}

describe('average path length', () => {
  it('is that of scikit-learn', () => {
    golden.forest.n.forEach((n, i) =>
      // Two logarithms may differ in the last bit.
      expect(Math.abs(averagePathLength(n) - golden.forest.averagePathLength[i])).toBeLessThan(1e-12),
    );
    expect([0, 1, 2].map(averagePathLength)).toEqual([0, 0, 1]);
  });
});

describe('isolation forest', () => {
  it('scores as scikit-learn does', async () => {
    const X = goldenMatrix(golden.forest.columns);
    const model = await isolationForest({ nEstimators: 1000 }).fit(X, [], { rng: createRng(1) });
    const scores = anomalyScores(model, X);
    expect(correlation(ranks(scores), ranks(golden.forest.scores))).toBeGreaterThan(0.99);
    // Two forests of 1000 trees: the standard error of a score is below 0.004 in each.
    scores.forEach((score, i) => expect(Math.abs(score - golden.forest.scores[i])).toBeLessThan(0.02));
  });

  it('leaves hold depth + c(rows), below the height limit, and nothing can be split further', async () => {
    const value = fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: -3, max: 3 }) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity, -Infinity, -0, 3.4028234663852886e38, 1e-45) },
    );
    const table = fc
      .integer({ min: 2, max: 40 })
      .chain((nRows) =>
        fc.array(fc.array(value, { minLength: nRows, maxLength: nRows }), { minLength: 1, maxLength: 3 }),
      );
    await fc.assert(
      fc.asyncProperty(table, fc.integer(), async (columns, seed) => {
        const X = Matrix.fromColumns(columns);
        const model = await isolationForest({ nEstimators: 2 }).fit(X, [], { rng: createRng(seed) });
        const { trees, sampleSize } = model;
        // Every tree saw every row, so that its leaves can be recounted from X.
        expect(sampleSize).toBe(X.nRows);
        const limit = Math.ceil(Math.log2(sampleSize));
        for (let t = 0; t < 2; t++) {
          const seen = visits(trees, t, X);
          const end = t === 0 ? trees.roots[1] : trees.feature.length;
          expect(seen.size).toBe(end - trees.roots[t]);
          for (const [node, { depth, rows }] of seen) {
            expect(depth).toBeLessThanOrEqual(limit);
            expect(trees.cover![node]).toBe(rows.length);
            if (trees.feature[node] >= 0) continue;
            expect(trees.value[node]).toBe(depth + averagePathLength(rows.length));
            const varies = X.columns.some(
              (column) => new Set(rows.map((i) => column[i] + 0).filter((x) => !Number.isNaN(x))).size > 1,
            );
            expect(depth === limit || rows.length === 1 || !varies).toBe(true);
          }
        }
        expect(anomalyScores(model, X).every((score) => score > 0 && score < 1)).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  it('sends missing values to either side', async () => {
    const rng = createRng(4);
    const X = Matrix.fromColumns([Float32Array.from({ length: 300 }, () => rng.normal())]);
    const { trees } = await isolationForest({ nEstimators: 20 }).fit(X, [], { rng });
    const splits = [...trees.feature.keys()].filter((node) => trees.feature[node] >= 0);
    const share = splits.filter((node) => trees.missingLeft[node] === 1).length / splits.length;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it('ranks an outlier, an infinite one too, above all others', async () => {
    const rng = createRng(5);
    const bulk = Array.from({ length: 500 }, () => rng.normal());
    for (const outlier of [9, Infinity, -Infinity]) {
      const X = Matrix.fromColumns([
        [...bulk, outlier],
        [...bulk.toReversed(), 0],
      ]);
      const scores = anomalyScores(await isolationForest().fit(X, [], { rng: createRng(1) }), X);
      expect(scores.indexOf(Math.max(...scores))).toBe(500);
    }
  });

  it('never draws rows of weight 0', async () => {
    const X = Matrix.fromColumns([Array.from({ length: 60 }, (_, i) => (i < 50 ? i % 7 : 1000))]);
    const sampleWeight = Array.from({ length: 60 }, (_, i) => Number(i < 50));
    const model = await isolationForest().fit(X, [], { sampleWeight, rng: createRng(1) });
    expect(model.sampleSize).toBe(50);
    expect(Math.max(...model.trees.threshold)).toBeLessThan(6);
  });

  it('scores 0.5 everywhere after a single row', async () => {
    const X = Matrix.fromColumns([[1, 2, 3]]);
    const model = await isolationForest().fit(X, [], { sampleWeight: [0, 1, 0], rng: createRng(1) });
    expect([...anomalyScores(model, X)]).toEqual([0.5, 0.5, 0.5]);
  });
});

describe('contamination', () => {
  const rng = createRng(9);
  const X = Matrix.fromColumns(
    Array.from({ length: 3 }, () => Float32Array.from({ length: 603 }, () => rng.normal())),
  );

  it('makes that share of the fitted rows anomalies', async () => {
    for (const contamination of [0.01, 0.1, 0.37, 0.5]) {
      const forest = isolationForest({ nEstimators: 30, contamination });
      const model = await forest.fit(X, [], { rng: createRng(1) });
      const found = isAnomalous(model, X).reduce((count, is) => count + is, 0);
      expect(Math.abs(found - contamination * X.nRows)).toBeLessThanOrEqual(1);
    }
  });

  it('sets the threshold between neighbours as numpy.percentile does', async () => {
    const few = Matrix.rows(X, [0, 1, 2, 3, 4]);
    const model = await isolationForest({ contamination: 0.3 }).fit(few, [], { rng: createRng(1) });
    const scores = anomalyScores(model, few).sort();
    // (5 - 1) * 0.3 = 1.2 from above: a fifth of the way from the second highest to the third.
    expect(model.threshold).toBeCloseTo(scores[3] + 0.2 * (scores[2] - scores[3]), 15);
  });

  it('looks at rows of positive weight only, and changes no tree', async () => {
    const twice = Matrix.fromColumns(X.columns.map((column) => [...column, ...column.map((x) => 50 + x)]));
    const sampleWeight = Array.from({ length: 1206 }, (_, i) => Number(i < 603));
    const fit = (contamination: 'auto' | number) =>
      isolationForest({ nEstimators: 30, contamination }).fit(twice, [], { sampleWeight, rng: createRng(1) });
    const [share, auto] = [await fit(0.1), await fit('auto')];
    expect(share.trees).toEqual(auto.trees);
    expect(isAnomalous(share, X).reduce((count, is) => count + is, 0)).toBe(61);
  });

  it('is a score above 0.5 by default, and in models of format 1', async () => {
    const model = await isolationForest({ nEstimators: 30 }).fit(X, [], { rng: createRng(1) });
    const above = Uint8Array.from(anomalyScores(model, X), (score) => Number(score > 0.5));
    expect(above).toContain(1);
    expect(isAnomalous(model, X)).toEqual(above);
    const { threshold, ...old } = model;
    expect(threshold).toBe(0.5);
    expect(isAnomalous({ ...old, format: 1 }, X)).toEqual(above);
  });

  it('is refused outside (0, 0.5]', () => {
    for (const contamination of [0, -0.1, 0.51, NaN, 'some', null]) {
      expect(() => isolationForest({ contamination: contamination as number })).toThrow(
        `contamination=${String(contamination)} must be auto or a number in (0, 0.5]`,
      );
    }
  });
});

describe('row sampler', () => {
  it('draws distinct rows of positive weight, and the same ones again', () => {
    const weight = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-300, max: 1e300, noNaN: true })));
    fc.assert(
      fc.property(weight, fc.integer(), (weights, seed) => {
        fc.pre(weights.some((w) => w > 0));
        const sampler = rowSampler(Float64Array.from(weights));
        const rows = sampler.draw(sampler.nDrawable, createRng(seed));
        const positive = [...weights.keys()].filter((row) => weights[row] > 0);
        expect([...rows.sort()]).toEqual(positive);
        const few = Math.ceil(sampler.nDrawable / 2);
        const first = sampler.draw(few, createRng(seed));
        expect(new Set(first).size).toBe(few);
        expect(sampler.draw(few, createRng(seed))).toEqual(first);
      }),
    );
  });

  it('draws in proportion to the weights', () => {
    const sampler = rowSampler(Float64Array.of(1, 2, 0, 5));
    const rng = createRng(8);
    const pairs = new Map<string, number>();
    const n = 20_000;
    for (let k = 0; k < n; k++) {
      const pair = sampler.draw(2, rng).sort().join();
      pairs.set(pair, (pairs.get(pair) ?? 0) + 1);
    }
    // P(a then b) = w_a / W * w_b / (W - w_a), in both orders; five standard errors.
    const chance = (a: number, b: number): number => (a / 8) * (b / (8 - a)) + (b / 8) * (a / (8 - b));
    for (const [pair, p] of [
      ['0,1', chance(1, 2)],
      ['0,3', chance(1, 5)],
      ['1,3', chance(2, 5)],
    ] as const) {
      expect(Math.abs((pairs.get(pair) ?? 0) / n - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / n));
    }
  });
});
