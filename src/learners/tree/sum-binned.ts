import { threadKernels } from '../kernels/thread-kernels.js';
import { boundsBytes, type TreeGroup } from './binned-trees.js';

/** Rows of a block: their bins and leaf numbers stay in the nearest caches while all trees pass. */
const blockRows = 2048;
/** Trees whose leaves are added in one pass over the sums. */
const treesAtOnce = 4;
/** Bytes of the deepest stack: a subtree waits for every two leaves at most. */
const stackBytes = 128 * 128;
/** The bin of a missing value and what is added to all others: bytes are compared with their sign. */
const missingBin = 127;
const bias = -128;

/** Where sums go: tree t adds to `out[t mod out.length]`, from tree `first` on; trees without an array are left out. */
export interface Sums {
  readonly out: readonly (Float64Array | undefined)[];
  readonly first: number;
  /** Every sum is rounded to float32. */
  readonly inFloat32: boolean;
}

/**
 * Adds the leaf values that every row reaches, in tree order.
 * @param columns `[nFeatures]` arrays of `[nRows]`
 */
export function sumBinned(
  groups: readonly TreeGroup[],
  columns: readonly Float32Array[],
  nRows: number,
  sums: Sums,
): void {
  const layout = memoryLayout(groups, sums.out.length);
  const { kernels, bytes, uint32, float32, float64 } = threadKernels(layout.size);
  const { stage, bins, codes, pointers, leaves, stack, totals, images } = layout;
  groups.forEach((group, g) => bytes.set(group.image, images[g]));
  const tableBytes = kernels.binTableBytes();

  for (let start = 0; start < nRows; start += blockRows) {
    const n = Math.min(blockRows, nRows - start);
    const padded = Math.ceil(n / 128) * 128;
    sums.out.forEach((out, k) => {
      if (out !== undefined) float64.set(out.subarray(start, start + n), (totals >> 3) + k * blockRows);
    });
    groups.forEach((group, g) => {
      if (group.end <= sums.first) return;
      const image = images[g];
      binColumns(group, image, start, n, padded);
      sums.out.forEach((out, k) => {
        if (out !== undefined) addTrees(group, image, k, n, padded);
      });
    });
    sums.out.forEach((out, k) => {
      const from = (totals >> 3) + k * blockRows;
      out?.set(float64.subarray(from, from + n), start);
    });
  }

  function binColumns(group: TreeGroup, image: number, start: number, n: number, padded: number): void {
    group.features.forEach((j, u) => {
      float32.set(columns[j].subarray(start, start + n), stage >> 2);
      const plain = bins + 2 * u * blockRows;
      const bounds = image + u * boundsBytes;
      const table = image + group.tables + u * tableBytes;
      const isMissing = kernels.mapToBinsByTable(stage, n, bounds, table, missingBin, bias, plain);
      if (isMissing !== 0) kernels.missingToLowest(plain, padded, plain + blockRows);
      uint32[(pointers >> 2) + 2 * u] = plain;
      uint32[(pointers >> 2) + 2 * u + 1] = isMissing === 0 ? plain : plain + blockRows;
    });
    group.categoryFeatures.forEach((j, c) => {
      float32.set(columns[j].subarray(start, start + n), stage >> 2);
      const lookup = image + group.lookups[c];
      kernels.mapToCodes(stage, n, lookup, group.lookupLengths[c], codes + c * blockRows);
    });
  }

  /** The columns of a tree's category sets, behind those of the features. */
  function binSets(group: TreeGroup, image: number, tree: number, padded: number): void {
    let column = 2 * group.features.length;
    for (let set = group.firstSet[tree]; set < group.firstSet[tree + 1]; set++, column++) {
      const out = bins + column * blockRows;
      const from = codes + group.setFeatures[set] * blockRows;
      kernels.setToBins(from, padded, image + group.sets[set], out);
      uint32[(pointers >> 2) + column] = out;
    }
  }

  function addTrees(group: TreeGroup, image: number, k: number, n: number, padded: number): void {
    const stride = sums.out.length;
    const total = totals + 8 * k * blockRows;
    const from = Math.max(group.first, sums.first);
    const waiting: number[] = [];
    for (let t = from + ((k - (from % stride) + stride) % stride); t < group.end; t += stride) {
      const tree = t - group.first;
      binSets(group, image, tree, padded);
      const numbers = leaves + waiting.length * blockRows;
      kernels.leafNumbers(image + group.steps[tree], group.nSteps[tree], pointers, padded, stack, numbers);
      waiting.push(image + group.values[tree]);
      if (waiting.length === treesAtOnce) addWaiting(waiting, n, total);
    }
    addWaiting(waiting, n, total);
  }

  function addWaiting(values: number[], n: number, total: number): void {
    if (values.length === treesAtOnce && !sums.inFloat32) {
      kernels.addLeavesOf4(leaves, blockRows, values[0], values[1], values[2], values[3], n, total);
    } else {
      values.forEach((value, i) => {
        const numbers = leaves + i * blockRows;
        if (sums.inFloat32) kernels.addLeavesInFloat32(numbers, value, n, total);
        else kernels.addLeaves(numbers, value, n, total);
      });
    }
    values.length = 0;
  }
}

function memoryLayout(groups: readonly TreeGroup[], nOut: number) {
  const most = (of: (group: TreeGroup) => number): number =>
    groups.reduce((largest, group) => Math.max(largest, of(group)), 0);
  const mostColumns = most(({ features, firstSet }) => {
    const setsOf = firstSet.subarray(1).map((end, tree) => end - firstSet[tree]);
    return 2 * features.length + setsOf.reduce((largest, count) => Math.max(largest, count), 0);
  });
  let end = threadKernels(0).start;
  const take = (size: number): number => {
    const at = end;
    end += Math.ceil(size / 64) * 64;
    return at;
  };
  const { start } = threadKernels(0);
  const layout = {
    stage: take(4 * blockRows),
    bins: take(mostColumns * blockRows),
    codes: take(most(({ categoryFeatures }) => categoryFeatures.length) * blockRows),
    pointers: take(4 * mostColumns),
    leaves: take(treesAtOnce * blockRows),
    stack: take(stackBytes),
    totals: take(8 * nOut * blockRows),
    images: groups.map(({ image }) => take(image.length)),
  };
  return { ...layout, size: end - start };
}
