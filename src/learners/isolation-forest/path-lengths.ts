import { sumLeaves } from '../tree/sum-leaves.js';
import type { Trees } from '../tree/trees.js';

/** Rows laid out row by row at a time: a block and a tree fit the first-level cache together. */
const rowsPerBlock = 256;
/** A packed node: column in the low bits, 1 bit where a missing value goes right, left child above. */
const featureBits = 12;
const featureMask = (1 << featureBits) - 1;
const childShift = featureBits + 1;
const mostNodes = 2 ** (32 - childShift);

/**
 * Adds to `out` the leaf value that every row reaches in every tree, in tree order: the same sums as `sumLeaves`,
 * several times faster on many small trees. Rows are taken in blocks, trees are packed so that the right child
 * follows the left one, and a leaf is its own child, so each tree is walked a fixed number of steps without a
 * branch to mispredict, four rows at a time. Trees too large to be packed are summed by `sumLeaves`.
 *
 * @param columns the features the trees were fitted on, `[nFeatures]` arrays of `[nRows]`
 * @param out `[nRows]`
 */
export function sumPathLengths(trees: Trees, columns: readonly Float32Array[], out: Float64Array): void {
  const packed = columns.length <= featureMask + 1 ? packTrees(trees) : undefined;
  if (packed === undefined) {
    sumLeaves(trees, columns, out);
    return;
  }
  const nFeatures = columns.length;
  const block = new Float32Array(rowsPerBlock * nFeatures);
  for (let start = 0; start < out.length; start += rowsPerBlock) {
    const size = Math.min(rowsPerBlock, out.length - start);
    const sums = out.subarray(start, start + size);
    let hasMissing = false;
    for (let j = 0; j < nFeatures; j++) {
      const column = columns[j];
      for (let i = 0; i < size; i++) {
        const x = column[start + i];
        hasMissing ||= x !== x;
        block[i * nFeatures + j] = x;
      }
    }
    // Whole groups of four rows go together; a block with missing values and the last rows go one by one.
    const nGrouped = hasMissing ? 0 : size & ~3;
    for (const tree of packed) {
      walkGroups(tree, block, nFeatures, nGrouped, sums);
      walkRows(tree, block, nFeatures, nGrouped, size, sums);
    }
  }
}

interface PackedTree {
  /** Steps from the root to the deepest leaf. */
  readonly depth: number;
  /** `[nNodes]` */
  readonly nodes: Int32Array;
  /** `[nNodes]` Infinity at a leaf, which no value exceeds. */
  readonly thresholds: Float32Array;
  /** `[nNodes]` */
  readonly values: Float64Array;
}

/** Every tree breadth first, so that siblings are neighbours; undefined when one has too many nodes. */
function packTrees(trees: Trees): PackedTree[] | undefined {
  const packed: PackedTree[] = [];
  for (const root of trees.roots) {
    const order = [root];
    const nodes: number[] = [];
    const depths = [0];
    let depth = 0;
    for (let at = 0; at < order.length; at++) {
      const node = order[at];
      depth = depths[at];
      if (trees.feature[node] < 0) {
        nodes.push(at << childShift);
        continue;
      }
      const missingRight = trees.missingLeft[node] === 1 ? 0 : 1 << featureBits;
      nodes.push((order.length << childShift) | missingRight | trees.feature[node]);
      order.push(trees.left[node], trees.right[node]);
      depths.push(depth + 1, depth + 1);
    }
    if (order.length > mostNodes) return undefined;
    packed.push({
      depth,
      nodes: Int32Array.from(nodes),
      thresholds: Float32Array.from(order, (node) =>
        trees.feature[node] < 0 ? Infinity : trees.threshold[node],
      ),
      values: Float64Array.from(order, (node) => trees.value[node]),
    });
  }
  return packed;
}

/** Rows `[0, end)`, `end` a multiple of 4, without missing values. */
function walkGroups(
  { depth, nodes, thresholds, values }: PackedTree,
  block: Float32Array,
  nFeatures: number,
  end: number,
  sums: Float64Array,
): void {
  for (let i = 0; i < end; i += 4) {
    const row0 = i * nFeatures;
    const row1 = row0 + nFeatures;
    const row2 = row1 + nFeatures;
    const row3 = row2 + nFeatures;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let step = 0; step < depth; step++) {
      const na = nodes[a];
      const nb = nodes[b];
      const nc = nodes[c];
      const nd = nodes[d];
      a = (na >>> childShift) + Number(block[row0 + (na & featureMask)] > thresholds[a]);
      b = (nb >>> childShift) + Number(block[row1 + (nb & featureMask)] > thresholds[b]);
      c = (nc >>> childShift) + Number(block[row2 + (nc & featureMask)] > thresholds[c]);
      d = (nd >>> childShift) + Number(block[row3 + (nd & featureMask)] > thresholds[d]);
    }
    sums[i] += values[a];
    sums[i + 1] += values[b];
    sums[i + 2] += values[c];
    sums[i + 3] += values[d];
  }
}

/** Rows `[start, end)` with or without missing values. */
function walkRows(
  { depth, nodes, thresholds, values }: PackedTree,
  block: Float32Array,
  nFeatures: number,
  start: number,
  end: number,
  sums: Float64Array,
): void {
  for (let i = start; i < end; i++) {
    const row = i * nFeatures;
    let at = 0;
    for (let step = 0; step < depth; step++) {
      const node = nodes[at];
      const x = block[row + (node & featureMask)];
      const missingRight = Number(x !== x) & (node >>> featureBits);
      at = (node >>> childShift) + (Number(x > thresholds[at]) | missingRight);
    }
    sums[i] += values[at];
  }
}
