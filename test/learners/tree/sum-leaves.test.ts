import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nextFloat32, previousFloat32 } from '../../../src/core/float32.js';
import { createRng, type Rng } from '../../../src/core/rng.js';
import { areBinned, binnedTrees } from '../../../src/learners/tree/binned-trees.js';
import { sumLeaves, sumMargins } from '../../../src/learners/tree/sum-leaves.js';
import { joinTrees, treeBuilder, type Trees } from '../../../src/learners/tree/trees.js';
import { cells, leafOf, randomTrees } from './random-trees.js';

function randomColumns(nFeatures: number, nRows: number, rng: Rng): Float32Array[] {
  return Array.from({ length: nFeatures }, () => {
    // Columns without a missing value are binned once, not twice.
    const kinds = rng.uniform() < 0.5 ? cells : cells.slice(1);
    return Float32Array.from({ length: nRows }, () => kinds[rng.integer(kinds.length)]);
  });
}

/** Row by row and tree by tree, from the definition. */
function expectedSums(
  trees: Trees,
  columns: readonly Float32Array[],
  out: Float64Array,
  first: number,
  stride: number,
  round: (sum: number) => number = (sum) => sum,
): Float64Array {
  return out.map((start, i) => {
    const row = columns.map((column) => column[i]);
    let sum = start;
    for (let t = first; t < trees.roots.length; t += stride) {
      sum = round(sum + leafOf(trees, trees.roots[t], row));
    }
    return sum;
  });
}

function checkSums(trees: Trees, columns: readonly Float32Array[], rng: Rng, first = 0, stride = 1): void {
  const out = Float64Array.from({ length: columns[0].length }, () => rng.normal());
  const expected = expectedSums(trees, columns, out, first, stride);
  sumLeaves(trees, columns, out, first, stride);
  expect(out).toEqual(expected);
}

const nFeatures = 3;

/** A chain or a bush of `nLeaves` leaves with thresholds of its own. */
function bigTree(nLeaves: number, chain: boolean, rng: Rng): Trees {
  const builder = treeBuilder();
  builder.beginTree();
  const leaves = [builder.addLeaf(rng.normal(), 1)];
  while (leaves.length < nLeaves) {
    const [node] = leaves.splice(chain ? leaves.length - 1 : rng.integer(leaves.length), 1);
    const [left, right] = [builder.addLeaf(rng.normal(), 1), builder.addLeaf(rng.normal(), 1)];
    const threshold = Math.fround(rng.normal());
    builder.setSplit(node, { feature: rng.integer(nFeatures), threshold, missingLeft: true, left, right });
    leaves.push(left, right);
  }
  return builder.finish();
}

describe('sumLeaves', () => {
  it('adds, in tree order, the leaf that each row reaches by itself', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        // Few rows or trees are walked, many are binned; 2048 rows make a block.
        fc.constantFrom(1, 2, 31, 33, 257, 1024, 1029, 2049),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 3 }),
        fc.boolean(),
        (seed, nRows, nTrees, stride, categories) => {
          const rng = createRng(seed);
          const trees = randomTrees({ nTrees, nFeatures, maxDepth: 7, categories }, rng);
          const columns = randomColumns(nFeatures, nRows, rng);
          checkSums(trees, columns, rng, rng.integer(stride + 2), stride);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('reads trees again once they are laid out, for few rows too', () => {
    const rng = createRng(3);
    const trees = randomTrees({ nTrees: 20, nFeatures, maxDepth: 5, categories: true }, rng);
    expect(areBinned(trees)).toBe(false);
    for (const nRows of [2000, 64, 127, 1]) {
      checkSums(trees, randomColumns(nFeatures, nRows, rng), rng);
      expect(areBinned(trees)).toBe(true);
    }
  });

  it('holds thresholds and their float32 neighbours apart, more of them than a byte counts', () => {
    const rng = createRng(4);
    const draw = (): number => Math.fround(rng.normal() * [1e-30, 1, 1, 1e30][rng.integer(4)]);
    const thresholds = Array.from({ length: 700 }, draw);
    const trees = randomTrees(
      { nTrees: 40, nFeatures: 2, maxDepth: 7, splits: 0.9, threshold: (r) => thresholds[r.integer(700)] },
      rng,
    );
    // Several groups of trees, each with bins of its own.
    expect(binnedTrees(trees)!.length).toBeGreaterThan(1);
    const edges = thresholds.flatMap((x) => [x, previousFloat32(x), nextFloat32(x), NaN]);
    const columns = [Float32Array.from(edges), Float32Array.from(edges.toReversed())];
    checkSums(trees, columns, rng);
  });

  it('takes trees of 256 leaves by bytes, larger ones by walking', () => {
    const rng = createRng(5);
    const columns = randomColumns(nFeatures, 1500, rng).map((column) => column.map((x) => x + rng.normal()));
    for (const chain of [false, true]) {
      for (const nLeaves of [255, 256, 257, 1000]) {
        const trees = joinTrees(Array.from({ length: 9 }, () => bigTree(nLeaves, chain, rng)));
        expect(binnedTrees(trees) === null).toBe(nLeaves > 256);
        checkSums(trees, columns, rng);
      }
    }
  });

  it('sends every value but a missing one right at a threshold of NaN', () => {
    const rng = createRng(7);
    const shape = { nTrees: 9, nFeatures: 1, maxDepth: 2, threshold: () => NaN };
    checkSums(randomTrees(shape, rng), randomColumns(1, 1100, rng), rng);
  });

  it('walks where sets hold more categories than bytes, or categories too large to look up', () => {
    const rng = createRng(6);
    const withSet = (words: Uint32Array): Trees => {
      const builder = treeBuilder();
      for (let t = 0; t < 8; t++) {
        builder.beginTree();
        const root = builder.addLeaf(0);
        const [left, right] = [builder.addLeaf(rng.normal()), builder.addLeaf(rng.normal())];
        builder.setSplit(root, { feature: 0, threshold: 0, missingLeft: t % 2 === 0, left, right, words });
      }
      return builder.finish();
    };
    const codes = Float32Array.from({ length: 1200 }, (_, i) => (i % 9 === 0 ? NaN : i - 20));
    const sets: [Uint32Array, boolean][] = [
      [new Uint32Array(9).fill(2 ** 32 - 1), true],
      [Uint32Array.from({ length: 9 }, (_, w) => (w === 8 ? 5 : 0xaaaaaaaa)), false],
      [new Uint32Array(2 ** 15 + 1).fill(1, 2 ** 15), true],
      [new Uint32Array(1), false],
    ];
    for (const [words, isWalked] of sets) {
      const trees = withSet(words);
      expect(binnedTrees(trees) === null).toBe(isWalked);
      checkSums(trees, [codes], rng);
    }
  });
});

describe('sumMargins', () => {
  it('adds every tree to its margin, rounding each sum to float32 where asked', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.constantFrom(1, 40, 1030, 2500),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        (seed, nRows, nMargins, nTrees, inFloat32) => {
          const rng = createRng(seed);
          const trees = randomTrees({ nTrees, nFeatures, maxDepth: 5, categories: seed % 3 === 0 }, rng);
          const columns = randomColumns(nFeatures, nRows, rng);
          const out = Array.from({ length: nMargins }, () => new Float64Array(nRows).fill(0.5));
          const round = inFloat32 ? Math.fround : (sum: number) => sum;
          const expected = out.map((own, k) => expectedSums(trees, columns, own, k, nMargins, round));
          sumMargins(trees, columns, out, inFloat32);
          expect(out).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
