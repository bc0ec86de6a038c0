import type { Trees } from '../tree/trees.js';

/** Rows laid out row by row at a time: a block and a tree fit the first-level cache together. */
const rowsPerBlock = 256;
/** Words a packed node takes: feature, threshold bits, left child, 1 where a missing value goes right. */
const words = 4;

/**
 * Adds to `out` the leaf value that every row reaches in every tree, in tree order: the same sums as `sumLeaves`,
 * several times faster on many small trees. Rows are taken in blocks, trees are packed so that the right child
 * follows the left one, and a leaf is its own child, so each tree is walked a fixed number of steps without a
 * branch to mispredict, four rows at a time.
 *
 * @param columns the features the trees were fitted on, `[nFeatures]` arrays of `[nRows]`
 * @param out `[nRows]`
 */
export function sumPathLengths(trees: Trees, columns: readonly Float32Array[], out: Float64Array): void {
  const nFeatures = columns.length;
  const packed = packTrees(trees);
  const block = new Float32Array(rowsPerBlock * nFeatures);
  for (let start = 0; start < out.length; start += rowsPerBlock) {
    const size = Math.min(rowsPerBlock, out.length - start);
    for (let j = 0; j < nFeatures; j++) {
      const column = columns[j];
      for (let i = 0; i < size; i++) block[i * nFeatures + j] = column[start + i];
    }
    walkBlock(packed, block, nFeatures, out.subarray(start, start + size));
  }
}

interface PackedTrees {
  /** `[nTrees]` */
  readonly roots: Int32Array;
  /** `[nTrees]` steps from root to the deepest leaf */
  readonly depths: Int32Array;
  /** `[nNodes * words]` */
  readonly nodes: Int32Array;
  /** `[nNodes]` */
  readonly values: Float64Array;
}

/** Breadth first, so that siblings are neighbours; children are positions in `nodes`. */
function packTrees(trees: Trees): PackedTrees {
  const nNodes = trees.feature.length;
  const nodes = new Int32Array(nNodes * words);
  const thresholds = new Float32Array(nodes.buffer);
  const values = new Float64Array(nNodes);
  const roots = new Int32Array(trees.roots.length);
  const depths = new Int32Array(trees.roots.length);
  let next = 0;
  trees.roots.forEach((root, t) => {
    const queue = [{ node: root, at: next, depth: 0 }];
    roots[t] = next * words;
    next++;
    for (const { node, at, depth } of queue) {
      const feature = trees.feature[node];
      const base = at * words;
      if (feature < 0) {
        // x > Infinity never holds and a missing value does not go right: the walk stays here.
        thresholds[base + 1] = Infinity;
        nodes[base + 2] = base;
        values[at] = trees.value[node];
        depths[t] = depth;
        continue;
      }
      nodes[base] = feature;
      thresholds[base + 1] = trees.threshold[node];
      nodes[base + 2] = next * words;
      nodes[base + 3] = trees.missingLeft[node] === 1 ? 0 : 1;
      queue.push({ node: trees.left[node], at: next, depth: depth + 1 });
      queue.push({ node: trees.right[node], at: next + 1, depth: depth + 1 });
      next += 2;
    }
  });
  return { roots, depths, nodes, values };
}

function walkBlock(packed: PackedTrees, block: Float32Array, nFeatures: number, out: Float64Array): void {
  const { roots, depths, nodes, values } = packed;
  const thresholds = new Float32Array(nodes.buffer);
  const size = out.length;
  for (let t = 0; t < roots.length; t++) {
    const root = roots[t];
    const depth = depths[t];
    let i = 0;
    for (; i + 4 <= size; i += 4) {
      const row0 = i * nFeatures;
      const row1 = row0 + nFeatures;
      const row2 = row1 + nFeatures;
      const row3 = row2 + nFeatures;
      let a = root;
      let b = root;
      let c = root;
      let d = root;
      for (let step = 0; step < depth; step++) {
        const xa = block[row0 + nodes[a]];
        const xb = block[row1 + nodes[b]];
        const xc = block[row2 + nodes[c]];
        const xd = block[row3 + nodes[d]];
        a = nodes[a + 2] + ((Number(xa > thresholds[a + 1]) | (Number(xa !== xa) & nodes[a + 3])) << 2);
        b = nodes[b + 2] + ((Number(xb > thresholds[b + 1]) | (Number(xb !== xb) & nodes[b + 3])) << 2);
        c = nodes[c + 2] + ((Number(xc > thresholds[c + 1]) | (Number(xc !== xc) & nodes[c + 3])) << 2);
        d = nodes[d + 2] + ((Number(xd > thresholds[d + 1]) | (Number(xd !== xd) & nodes[d + 3])) << 2);
      }
      out[i] += values[a >> 2];
      out[i + 1] += values[b >> 2];
      out[i + 2] += values[c >> 2];
      out[i + 3] += values[d >> 2];
    }
    for (; i < size; i++) {
      const row = i * nFeatures;
      let a = root;
      for (let step = 0; step < depth; step++) {
        const x = block[row + nodes[a]];
        a = nodes[a + 2] + ((Number(x > thresholds[a + 1]) | (Number(x !== x) & nodes[a + 3])) << 2);
      }
      out[i] += values[a >> 2];
    }
  }
}
