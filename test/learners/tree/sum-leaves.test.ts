import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRng, type Rng } from '../../../src/core/rng.js';
import { sumLeaves } from '../../../src/learners/tree/sum-leaves.js';
import { treeBuilder, type Trees } from '../../../src/learners/tree/trees.js';

const nFeatures = 3;

/** Trees of any shape, single leaves and long chains among them. */
function randomTrees(nTrees: number, rng: Rng): Trees {
  const builder = treeBuilder();
  const grow = (depth: number): number => {
    const node = builder.addLeaf(rng.normal());
    if (depth < 9 && rng.uniform() < 0.7) {
      const feature = rng.integer(nFeatures);
      const threshold = rng.uniform() < 0.1 ? Infinity : rng.integer(5) - 2;
      const missingLeft = rng.uniform() < 0.5;
      builder.setSplit(node, {
        feature,
        threshold,
        missingLeft,
        left: grow(depth + 1),
        right: grow(depth + 1),
      });
    }
    return node;
  };
  for (let t = 0; t < nTrees; t++) {
    builder.beginTree();
    grow(0);
  }
  return builder.finish();
}

function leafOf(trees: Trees, root: number, row: readonly number[]): number {
  if (trees.feature[root] < 0) return trees.value[root];
  const x = row[trees.feature[root]];
  const goesLeft = Number.isNaN(x) ? trees.missingLeft[root] === 1 : x <= trees.threshold[root];
  return leafOf(trees, goesLeft ? trees.left[root] : trees.right[root], row);
}

describe('sumLeaves', () => {
  it('adds, in tree order, the leaf that each row reaches by itself', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        // Few rows or trees are walked one by one, many in blocks; 256 rows make one.
        fc.constantFrom(1, 2, 31, 32, 33, 255, 257, 514),
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 3 }),
        (seed, nRows, nTrees, stride) => {
          const rng = createRng(seed);
          const trees = randomTrees(nTrees, rng);
          const first = rng.integer(stride);
          const cells = [NaN, -Infinity, Infinity, -3, -2, -1, -0, 0, 1, 2, 3];
          const columns = Array.from({ length: nFeatures }, () =>
            Float32Array.from({ length: nRows }, () => cells[rng.integer(cells.length)]),
          );
          const out = Float64Array.from({ length: nRows }, () => rng.normal());
          const expected = out.map((start, i) => {
            const row = columns.map((column) => column[i]);
            let sum = start;
            for (let t = first; t < nTrees; t += stride) sum += leafOf(trees, trees.roots[t], row);
            return sum;
          });
          sumLeaves(trees, columns, out, first, stride);
          expect(out).toEqual(expected);
        },
      ),
      { numRuns: 150 },
    );
  });
});
