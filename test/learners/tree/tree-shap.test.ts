import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng } from '../../../src/core/rng.js';
import { sumLeaves } from '../../../src/learners/tree/sum-leaves.js';
import { treeShap } from '../../../src/learners/tree/tree-shap.js';
import { treeBuilder, type Trees } from '../../../src/learners/tree/trees.js';
import { cells, goesLeft, randomTrees } from './random-trees.js';

/** Mean of the leaf values a row may reach when only the features of `known` (a bit each) are known. */
function conditionalMean(trees: Trees, node: number, row: readonly number[], known: number): number {
  const feature = trees.feature[node];
  if (feature < 0) return trees.value[node];
  const [left, right] = [trees.left[node], trees.right[node]];
  if ((known >> feature) & 1) {
    return conditionalMean(trees, goesLeft(trees, node, row[feature]) ? left : right, row, known);
  }
  const share = trees.cover![left] / (trees.cover![left] + trees.cover![right]);
  return (
    share * conditionalMean(trees, left, row, known) + (1 - share) * conditionalMean(trees, right, row, known)
  );
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
const bitCount = (bits: number): number => (bits === 0 ? 0 : (bits & 1) + bitCount(bits >> 1));

/** The Shapley value by its definition: over all sets of the other features. */
function shapley(trees: Trees, row: readonly number[], nFeatures: number, feature: number): number {
  let value = 0;
  for (let set = 0; set < 2 ** nFeatures; set++) {
    if ((set >> feature) & 1) continue;
    const size = bitCount(set);
    const weight = (factorial(size) * factorial(nFeatures - size - 1)) / factorial(nFeatures);
    for (const root of trees.roots) {
      const gain =
        conditionalMean(trees, root, row, set | (1 << feature)) - conditionalMean(trees, root, row, set);
      value += weight * gain;
    }
  }
  return value;
}

function randomColumns(nFeatures: number, nRows: number, seed: number): Float32Array[] {
  const rng = createRng(seed).split('columns');
  return Array.from({ length: nFeatures }, () =>
    Float32Array.from({ length: nRows }, () => cells[rng.integer(cells.length)]),
  );
}

describe('treeShap', () => {
  it('is the Shapley value of the conditional means, by all subsets', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 5 }), (seed, nFeatures) => {
        // Depth above the number of features: features repeat on a path.
        const shape = { nTrees: 2, nFeatures, maxDepth: 7, categories: true };
        const trees = randomTrees(shape, createRng(seed));
        const columns = randomColumns(nFeatures, 5, seed);
        const { expected, values } = treeShap(trees, columns, 5);
        const mean = trees.roots.reduce((sum, root) => sum + conditionalMean(trees, root, [], 0), 0);
        expect(expected).toBeCloseTo(mean, 12);
        for (let i = 0; i < 5; i++) {
          const row = columns.map((column) => column[i]);
          for (let j = 0; j < nFeatures; j++) {
            expect(values[j][i]).toBeCloseTo(shapley(trees, row, nFeatures, j), 12);
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it('adds up to the leaf sums, for any number of rows and every margin', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(1, 15, 16, 17, 300),
        fc.integer({ min: 1, max: 3 }),
        // Paths of more than ten features are worked out row by row.
        fc.constantFrom(3, 40),
        (seed, nRows, stride, nFeatures) => {
          const shape = { nTrees: 4, nFeatures, maxDepth: 14, splits: 0.72, categories: seed % 2 === 0 };
          const rng = createRng(seed);
          const trees = randomTrees(shape, rng);
          const first = rng.integer(stride);
          const columns = randomColumns(nFeatures, nRows, seed);
          const { expected, values } = treeShap(trees, columns, nRows, first, stride);
          const sums = new Float64Array(nRows);
          sumLeaves(trees, columns, sums, first, stride);
          for (let i = 0; i < nRows; i++) {
            const total = values.reduce((sum, column) => sum + column[i], expected);
            expect(Math.abs(total - sums[i])).toBeLessThan(1e-12);
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('does not depend on the rows beside', () => {
    const trees = randomTrees({ nTrees: 3, nFeatures: 4, maxDepth: 6, splits: 0.9 }, createRng(2));
    const columns = randomColumns(4, 9000, 2);
    const together = treeShap(trees, columns, 9000);
    for (const i of [0, 8191, 8192, 8999]) {
      const alone = treeShap(
        trees,
        columns.map((column) => column.subarray(i, i + 1)),
        1,
      );
      expect(alone.values.map(([value]) => value)).toEqual(together.values.map((column) => column[i]));
    }
  });

  it('shares the value behind a chain of a hundred features equally', () => {
    // Only the last of the chain's leaves has a value.
    const n = 100;
    const builder = treeBuilder();
    builder.beginTree();
    let node = builder.addLeaf(0, 2 ** n);
    for (let j = 0; j < n; j++) {
      const cover = 2 ** (n - j - 1);
      const left = builder.addLeaf(0, cover);
      const right = builder.addLeaf(j === n - 1 ? 1 : 0, cover);
      builder.setSplit(node, { feature: j, threshold: 0, missingLeft: false, left, right });
      node = right;
    }
    const columns = Array.from({ length: n }, () => Float32Array.of(1));
    const { expected, values } = treeShap(builder.finish(), columns, 1);
    expect(expected).toBe(2 ** -n);
    // All features do the same for the last leaf, so they share what it is above the mean.
    for (const [value] of values) expect(value).toBeCloseTo((1 - 2 ** -n) / n, 14);
  });

  it('leaves features that no tree reads at 0, and knows trees without a split', () => {
    const builder = treeBuilder();
    builder.beginTree();
    builder.addLeaf(2.5, 7);
    const { expected, values } = treeShap(builder.finish(), [Float32Array.of(1, 2)], 2);
    expect(expected).toBe(2.5);
    expect(values).toEqual([new Float64Array(2)]);
  });

  it('splits by halves where no training row came', () => {
    const builder = treeBuilder();
    builder.beginTree();
    const root = builder.addLeaf(0, 0);
    const [left, right] = [builder.addLeaf(1, 0), builder.addLeaf(3, 0)];
    builder.setSplit(root, { feature: 0, threshold: 0, missingLeft: false, left, right });
    const { expected, values } = treeShap(builder.finish(), [Float32Array.of(-1, 1)], 2);
    expect(expected).toBe(2);
    expect([...values[0]]).toEqual([-1, 1]);
  });

  it('refuses trees without cover', () => {
    const builder = treeBuilder();
    builder.beginTree();
    builder.addLeaf(1);
    expect(() => treeShap(builder.finish(), [], 0)).toThrow('tree SHAP: the trees lack cover');
  });
});
