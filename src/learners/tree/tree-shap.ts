import { DataError } from '../../core/errors.js';
import { threadKernels } from '../kernels/thread-kernels.js';
import { gaussLegendre } from './gauss-legendre.js';
import { leafPaths, type LeafPaths } from './leaf-paths.js';
import type { Trees } from './trees.js';

/** What every feature adds to the sum of leaf values of a row, beyond the expected sum. */
export interface TreeShapValues {
  /** Mean of the leaf sums over the training rows, by the covers of the nodes. */
  readonly expected: number;
  /** `[nFeatures]` arrays of `[nRows]`; a row's values and `expected` add up to its leaf sum. */
  readonly values: readonly Float64Array[];
}

/** Memory for the rows of a block: their values, and what they do at the splits of the largest tree. */
const blockBytes = 2 ** 25;
const mostBlockRows = 8192;

/**
 * Exact path-dependent SHAP values (Lundberg et al. 2020, "From local explanations to global understanding with
 * explainable AI for trees", algorithm 2) of every `stride`-th tree from `first` on: where a feature is unknown, a
 * row goes both ways, in the shares of the covers.
 *
 * @param trees with `cover`
 * @param columns the features the trees were fitted on, `[nFeatures]` arrays of `[nRows]`
 * @throws {DataError} for trees without `cover`
 */
export function treeShap(
  trees: Trees,
  columns: readonly Float32Array[],
  nRows: number,
  first = 0,
  stride = 1,
): TreeShapValues {
  if (trees.cover === undefined) {
    throw new DataError('tree SHAP: the trees lack cover (an old model), expected a model fitted anew');
  }
  const paths = leafPaths(trees).filter((_, t) => t >= first && (t - first) % stride === 0);
  const values = columns.map(() => new Float64Array(nRows));
  const expected = paths.reduce((sum, path) => sum + path.expected, 0);
  const largest = paths.reduce((most, { splits }) => Math.max(most, splits.length), 1);
  const room = Math.floor(blockBytes / (largest + 12 * columns.length) / 16) * 16;
  const blockRows = Math.min(Math.max(16, room), mostBlockRows, Math.ceil(nRows / 16) * 16);
  const used = usedFeatures(trees, paths);
  for (let start = 0; start < nRows; start += blockRows) {
    addBlock(trees, paths, used, columns, start, Math.min(blockRows, nRows - start), blockRows, values);
  }
  return { expected, values };
}

function usedFeatures({ feature }: Trees, paths: readonly LeafPaths[]): Int32Array {
  const used = new Set<number>();
  for (const { splits } of paths) for (const node of splits) used.add(feature[node]);
  return Int32Array.from(used).sort();
}

function addBlock(
  trees: Trees,
  paths: readonly LeafPaths[],
  used: Int32Array,
  columns: readonly Float32Array[],
  start: number,
  n: number,
  stride: number,
  values: readonly Float64Array[],
): void {
  const padded = Math.ceil(n / 16) * 16;
  const plan = memoryPlan(trees, paths, columns.length, used.length, stride);
  const { kernels, uint32, float32, float64 } = threadKernels(plan.size);
  used.forEach((j, u) => {
    float32.set(columns[j].subarray(start, start + n), (plan.columns >> 2) + u * stride);
  });
  const column = new Map(Array.from(used, (j, u) => [j, plan.columns + 4 * u * stride]));
  float64.fill(0, plan.phi >> 3, (plan.phi >> 3) + columns.length * stride);
  for (let q = 1; q < plan.quadratures.length; q++) {
    const { nodes, weights } = gaussLegendre(q);
    float64.set(nodes, plan.quadratures[q] >> 3);
    float64.set(weights, (plan.quadratures[q] >> 3) + q);
  }
  if (trees.categories !== undefined) uint32.set(trees.categories.words, plan.sets >> 2);

  for (const path of paths) {
    path.splits.forEach((node, s) => {
      const from = column.get(trees.feature[node])!;
      const out = plan.goingLeft + s * stride;
      const missingLeft = trees.missingLeft[node];
      const setStart = trees.categories?.starts[node] ?? 0;
      const nWords = (trees.categories?.starts[node + 1] ?? 0) - setStart;
      if (nWords > 0) {
        kernels.goesLeftBySet(from, padded, plan.sets + 4 * setStart, nWords, missingLeft, out);
      } else kernels.goesLeft(from, padded, trees.threshold[node], missingLeft, out);
    });
    uint32.set(path.words, plan.words >> 2);
    float64.set(path.numbers, plan.numbers >> 3);
    path.nFeatures.forEach((d, leaf) => {
      if (d === 0) return;
      kernels.addLeafShap(
        plan.words + 4 * path.wordStarts[leaf],
        plan.numbers + 8 * path.numberStarts[leaf],
        plan.goingLeft,
        stride,
        padded,
        plan.quadratures[Math.ceil(d / 2)],
        plan.scratch,
        plan.phi,
      );
    });
  }
  for (const j of used) {
    const from = (plan.phi >> 3) + j * stride;
    values[j].set(float64.subarray(from, from + n), start);
  }
}

function memoryPlan(
  trees: Trees,
  paths: readonly LeafPaths[],
  nFeatures: number,
  nUsed: number,
  stride: number,
) {
  const { kernels, start } = threadKernels(0);
  let end = start;
  const take = (size: number): number => {
    const at = end;
    end += Math.ceil(size / 64) * 64;
    return at;
  };
  const most = (of: (path: LeafPaths) => number): number =>
    paths.reduce((largest, path) => Math.max(largest, of(path)), 0);
  const mostFeatures = most((path) => path.mostFeatures);
  const plan = {
    columns: take(4 * nUsed * stride),
    phi: take(8 * nFeatures * stride),
    quadratures: Array.from({ length: Math.ceil(mostFeatures / 2) + 1 }, (_, q) => take(16 * q)),
    sets: take(4 * (trees.categories?.words.length ?? 0)),
    goingLeft: take(stride * most((path) => path.splits.length)),
    words: take(4 * most((path) => path.words.length)),
    numbers: take(8 * most((path) => path.numbers.length)),
    // Deeper leaves need less where they are not remembered, so the largest need is not that of the deepest.
    scratch: take(
      Array.from({ length: mostFeatures }, (_, d) => kernels.leafShapBytes(d + 1, stride)).reduce(
        (largest, size) => Math.max(largest, size),
        0,
      ),
    ),
  };
  return { ...plan, size: end - start };
}
