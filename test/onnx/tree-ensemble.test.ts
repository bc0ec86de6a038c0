import { describe, expect, it } from 'vitest';
import { Matrix } from '../../src/core/matrix.js';
import { createRng } from '../../src/core/rng.js';
import { boostingMargins } from '../../src/learners/gbm/predict.js';
import { treeBuilder, type Trees } from '../../src/learners/tree/trees.js';
import { adversarialMatrix } from '../../src/onnx/parity.js';
import { openSession } from '../../src/onnx/session.js';
import { exportTrees } from '../../src/onnx/tree-ensemble.js';
import { randomBoosting } from './random-models.js';
import type { GradientBoostingModel } from '../../src/learners/gbm/model.js';

/** The definition, row by row. */
function leafSum(trees: Trees, row: readonly number[], first: number, stride: number): number {
  let sum = 0;
  for (let t = first; t < trees.roots.length; t += stride) {
    let node = trees.roots[t];
    while (trees.feature[node] >= 0) {
      const x = row[trees.feature[node]];
      const left = Number.isNaN(x) ? trees.missingLeft[node] === 1 : goesLeft(trees, node, x);
      node = left ? trees.left[node] : trees.right[node];
    }
    sum += trees.value[node];
  }
  return sum;
}

function goesLeft({ threshold, categories }: Trees, node: number, x: number): boolean {
  const words = categories?.words.subarray(categories.starts[node], categories.starts[node + 1]) ?? [];
  if (words.length === 0) return x <= threshold[node];
  const code = Math.trunc(x);
  return code >= 0 && code < 32 * words.length && ((words[Math.floor(code / 32)] >>> (code % 32)) & 1) === 1;
}

async function compare(model: GradientBoostingModel, X: Matrix): Promise<void> {
  const session = await openSession(exportTrees(model));
  const columns = Object.fromEntries(model.featureNames.map((name, j) => [name, X.columns[j]]));
  const results = await session.run(columns);
  for (let k = 0; k < model.nMargins; k++) {
    for (let i = 0; i < X.nRows; i++) {
      const row = X.columns.map((column) => column[i]);
      const margin = model.baseScore[k] + leafSum(model.trees, row, k, model.nMargins);
      const actual = results[`margin_${k}`][i];
      // One float32 rounding; a wrong turn at any node would be off by a leaf.
      expect(Math.abs(actual - margin), `row ${i} margin ${k}`).toBeLessThanOrEqual(
        6e-8 * Math.max(1, Math.abs(margin)),
      );
    }
  }
  await session.close();
}

function withTrees(trees: Trees, nFeatures: number): GradientBoostingModel {
  return {
    ...randomBoosting(
      Array.from({ length: nFeatures }, (_, j) => `f${j}`),
      createRng(1),
      { nTrees: 1 },
    ),
    baseScore: Float64Array.of(0.25),
    trees,
  };
}

describe('exportTrees', () => {
  it('takes the same turns at every threshold and its neighbours', async () => {
    const rng = createRng(11);
    for (const nFeatures of [1, 3, 17]) {
      const names = Array.from({ length: nFeatures }, (_, j) => `f${j}`);
      const model = randomBoosting(names, rng, { nTrees: 60, nLeaves: 12 });
      await compare(model, adversarialMatrix(model));
    }
  });

  it('sends codes, and what is no code, by the sets', async () => {
    const rng = createRng(8);
    for (const nFeatures of [1, 3, 8]) {
      const names = Array.from({ length: nFeatures }, (_, j) => `f${j}`);
      const shape = { nTrees: 40, nLeaves: 12, nMargins: nFeatures === 3 ? 2 : 1 };
      const model = randomBoosting(names, rng, { ...shape, nCategorical: Math.ceil(nFeatures / 2) });
      const codes = Float32Array.from({ length: 160 }, (_, i) => (i < 140 ? i - 5 : NaN));
      await compare(model, adversarialMatrix(model));
      await compare(
        model,
        Matrix.fromColumns(
          names.map(() => codes.map(() => codes[rng.integer(codes.length)])),
          names,
        ),
      );
    }
  });

  it('reads sets of many thousand codes', async () => {
    const builder = treeBuilder();
    builder.beginTree();
    const root = builder.addLeaf(0);
    const [left, right] = [builder.addLeaf(1), builder.addLeaf(2)];
    const words = new Uint32Array(1250).fill(0x66666666);
    builder.setSplit(root, { feature: 0, threshold: 0, missingLeft: true, left, right, words });
    const model = withTrees(builder.finish(), 1);
    await compare(model, adversarialMatrix(model));
  });

  it('meets models that sum in float32', async () => {
    const model = randomBoosting(['a', 'b'], createRng(6), { nTrees: 30 });
    const session = await openSession(exportTrees(model));
    const X = adversarialMatrix(model);
    const { margin_0: actual } = await session.run({ a: X.columns[0], b: X.columns[1] });
    const [expected] = boostingMargins({ ...model, sums: 'float32' }, X);
    // One float32 rounding a tree.
    actual.forEach((margin, i) => expect(Math.abs(margin - expected[i])).toBeLessThan(31 * 6e-8 * 8));
    await session.close();
  });

  it('deals the trees of several classes to their margins', async () => {
    const model = randomBoosting(['a', 'b', 'c'], createRng(5), { nTrees: 21, nMargins: 3 });
    await compare(model, adversarialMatrix(model));
  });

  it('sends a missing value where its node says', async () => {
    const builder = treeBuilder();
    for (const missingLeft of [true, false]) {
      builder.beginTree();
      const root = builder.addLeaf(0);
      const left = builder.addLeaf(missingLeft ? 1 : 10);
      const right = builder.addLeaf(missingLeft ? 2 : 20);
      builder.setSplit(root, { feature: 0, threshold: 0.5, missingLeft, left, right });
    }
    const session = await openSession(exportTrees(withTrees(builder.finish(), 1)));
    const { margin_0: margin } = await session.run({
      f0: Float32Array.of(NaN, 0.5, 0.50000006, Infinity, -Infinity),
    });
    expect([...margin]).toEqual([21.25, 11.25, 22.25, 22.25, 11.25]);
    await session.close();
  });

  it('reads trees that are a single leaf, and no trees at all', async () => {
    const builder = treeBuilder();
    builder.beginTree();
    builder.addLeaf(0.5);
    const X = Matrix.fromColumns([[1, NaN]], ['f0']);
    await compare(withTrees(builder.finish(), 1), X);
    await compare(withTrees(treeBuilder().finish(), 1), X);
  });

  it('writes the same bytes again', () => {
    const model = randomBoosting(['a', 'b'], createRng(3));
    expect(exportTrees(model)).toEqual(exportTrees(structuredClone(model)));
  });
});
