import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/core/matrix.js';
import { createRng } from '../../src/core/rng.js';
import { stackMargins, type StackModel } from '../../src/ensemble/stack.js';
import { anomalyScores } from '../../src/learners/isolation-forest/isolation-forest.js';
import { linearMargins } from '../../src/learners/linear/margins.js';
import type { LinearModel } from '../../src/learners/linear/model.js';
import { treeBuilder } from '../../src/learners/tree/trees.js';
import { isolationForest } from '../../src/onnx/isolation-forest.js';
import { stackRows, toDouble, transpose } from '../../src/onnx/layout.js';
import { linear } from '../../src/onnx/linear.js';
import { stack } from '../../src/onnx/stack.js';
import { categoryEncoder } from '../../src/onnx/category-encoder.js';
import { evaluate } from './evaluate.js';
import { randomLinear } from './random-champion.js';
import { randomIsolationForest } from './random-models.js';
import type { GraphBuilder, ValueName } from '../../src/onnx/graph.js';

const names = ['a', 'b', 'c', 'd'];

function randomMatrix(nRows: number, seed: number, spread = 1, centre = 0): Matrix {
  const rng = createRng(seed);
  const column = (): Float32Array =>
    Float32Array.from({ length: nRows }, () => (rng.integer(9) === 0 ? NaN : centre + spread * rng.normal()));
  return Matrix.fromColumns(names.map(column), names);
}

/** Runs an exporter that reads the design matrix `[N, nFeatures]`, double. */
async function onMatrix(
  X: Matrix,
  nOutputs: number,
  build: (graph: GraphBuilder, X: ValueName) => ValueName,
): Promise<Float32Array[]> {
  const columns = Object.fromEntries(X.names.map((name, j) => [name, X.columns[j]]));
  return evaluate(columns, nOutputs, (graph, inputs) => {
    const rows = stackRows(graph, X.names.map((name) => inputs[name])); // prettier-ignore
    return transpose(graph, build(graph, toDouble(graph, transpose(graph, rows))));
  });
}

function expectClose(actual: readonly Float32Array[], expected: readonly ArrayLike<number>[]): void {
  expected.forEach((column, k) => {
    for (let i = 0; i < column.length; i++) {
      const difference = Math.abs(actual[k][i] - column[i]);
      expect(difference, `row ${i} of ${k}`).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(column[i])));
    }
  });
}

describe('linear', () => {
  it('agrees with linearMargins on any columns, in any order', async () => {
    const X = randomMatrix(60, 1);
    for (const chosen of [names, ['c'], ['d', 'a', 'b']]) {
      const model = randomLinear(chosen, 3, createRng(2));
      const columns = chosen.map((name) => names.indexOf(name));
      expectClose(
        await onMatrix(X, 3, (graph, value) => linear(graph, model, value, columns, names.length)),
        linearMargins(model, X),
      );
    }
  });

  it('keeps small spreads around large means', async () => {
    // Folded into the intercept, 1e5 / 1e-3 in each term would leave nothing of the sum.
    const X = randomMatrix(60, 3, 0.02, 1e5);
    const drawn = randomLinear(names, 1, createRng(4));
    const model: LinearModel = {
      ...drawn,
      mean: drawn.mean.map(() => 1e5),
      scale: drawn.scale.map(() => 1e-3),
    };
    expectClose(
      await onMatrix(X, 1, (graph, value) => linear(graph, model, value, [0, 1, 2, 3], 4)),
      linearMargins(model, X),
    );
  });
});

describe('isolationForest', () => {
  it('agrees with anomalyScores, whatever the sample size', async () => {
    const X = randomMatrix(100, 5);
    const drawn = randomIsolationForest(names, createRng(6), { nTrees: 30 });
    for (const sampleSize of [2, 3, 256, 10_000]) {
      const model = { ...drawn, sampleSize };
      const [scores] = await onMatrix(X, 1, (graph, value) =>
        isolationForest(graph, model, value, [0, 1, 2, 3]),
      );
      expectClose([scores], [anomalyScores(model, X)]);
      expect(Math.max(...scores)).toBeGreaterThan(Math.min(...scores));
    }
  });

  it('says 0.5 of every row where the forest saw only one', async () => {
    const builder = treeBuilder();
    builder.beginTree();
    builder.addLeaf(0);
    const model = { ...randomIsolationForest(names, createRng(6)), sampleSize: 1, trees: builder.finish() };
    const X = randomMatrix(3, 7);
    const scores = await onMatrix(X, 1, (graph, value) => isolationForest(graph, model, value, [0, 1, 2, 3]));
    expect(scores[0]).toEqual(Float32Array.of(0.5, 0.5, 0.5));
    expectClose(scores, [anomalyScores(model, X)]);
  });
});

describe('stack', () => {
  it('adds a single score to every margin', async () => {
    const model: StackModel = {
      kind: 'linear-stack',
      format: 1,
      weights: Float64Array.of(0.5, -2, 3),
      intercept: Float64Array.of(0.1, 0.2),
    };
    // Columns in another order than the bases: the single score of base 1 stands first.
    const columns = [
      { first: 1, count: 2 },
      { first: 0, count: 1 },
      { first: 3, count: 1 },
    ];
    const X = Matrix.fromColumns([[1, 2], [3, 4], [5, 6], [7, 8]], names); // prettier-ignore
    const actual = await onMatrix(X, 2, (graph, value) => stack(graph, model, value, columns));
    const [one, first, second, other] = X.columns.map((column) => Float64Array.from(column));
    expectClose(actual, stackMargins(model, [[first, second], [one], [other]]));
  });
});

describe('categoryEncoder', () => {
  it('tells known, unknown and missing categories apart', async () => {
    const model = {
      kind: 'target-encoder',
      format: 1,
      column: 'language',
      outputs: ['p', 'q'],
      categories: ['en', 'tiếng việt'],
      values: Float64Array.of(0.25, 0.5, 10, 20),
      unknown: Float64Array.of(-1, -2),
      missing: Float64Array.of(7, 8),
    } as const;
    const texts = ['tiếng việt', 'en', '', 'fr', 'tiếng việt'.normalize('NFD'), 'en '];
    const encode = (categories: readonly string[]): Promise<Float32Array[]> =>
      evaluate({ text: texts }, 2, (graph, { text }) =>
        categoryEncoder(graph, { ...model, categories }, text),
      );
    expect((await encode(model.categories)).map((column) => [...column])).toEqual([
      [0.5, 0.25, 7, -1, -1, -1],
      [20, 10, 8, -2, -2, -2],
    ]);
    expect([...(await encode([]))[0]]).toEqual([-1, -1, 7, -1, -1, -1]);
  });
});
