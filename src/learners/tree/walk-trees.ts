import { isInSet, type Trees } from './trees.js';

/**
 * Adds the leaf values that every row reaches in every `stride`-th tree from `first` on, one row at a time.
 * @param inFloat32 every sum is rounded to float32
 */
export function walkRowByRow(
  trees: Trees,
  columns: readonly Float32Array[],
  out: Float64Array,
  first: number,
  stride: number,
  inFloat32: boolean,
): void {
  const { roots, feature, threshold, left, right, missingLeft, value, categories } = trees;
  for (let t = first; t < roots.length; t += stride) {
    const root = roots[t];
    for (let i = 0; i < out.length; i++) {
      let node = root;
      let j = feature[node];
      while (j >= 0) {
        const x = columns[j][i];
        let goLeft = x <= threshold[node];
        if (x !== x) goLeft = missingLeft[node] === 1;
        else if (categories !== undefined && categories.starts[node + 1] > categories.starts[node])
          goLeft = isInSet(categories, node, x);
        node = goLeft ? left[node] : right[node];
        j = feature[node];
      }
      const sum = out[i] + value[node];
      out[i] = inFloat32 ? Math.fround(sum) : sum;
    }
  }
}

/** Rows of a block: its values stay in the nearest cache while all trees walk over them. */
const blockSize = 256;

/**
 * The same for trees without category sets. Four rows go down a tree side by side and step by step. A step is
 * arithmetic, without a branch on the side taken, which no processor could foretell; a row that has reached its leaf
 * stays there until the others have.
 */
export function walkByBlocks(
  trees: Trees,
  columns: readonly Float32Array[],
  out: Float64Array,
  first: number,
  stride: number,
  inFloat32: boolean,
): void {
  const { roots, threshold, missingLeft, value } = trees;
  const { feature, children } = packNodes(trees);
  const width = columns.length;
  const block = new Float32Array(blockSize * width);
  const sums = inFloat32 ? new Float32Array(blockSize) : new Float64Array(blockSize);
  for (let start = 0; start < out.length; start += blockSize) {
    const nRows = Math.min(blockSize, out.length - start);
    copyRows(columns, start, nRows, block);
    sums.set(out.subarray(start, start + nRows));
    for (let t = first; t < roots.length; t += stride) {
      const root = roots[t];
      // The last step may walk rows left over from the block before; their sums are not read.
      for (let i = 0; i < nRows; i += 4) {
        const rowA = i * width;
        const rowB = rowA + width;
        const rowC = rowB + width;
        const rowD = rowC + width;
        let a = root;
        let b = root;
        let c = root;
        let d = root;
        for (let moved = 1; moved !== 0;) {
          const xA = block[rowA + feature[a]];
          const xB = block[rowB + feature[b]];
          const xC = block[rowC + feature[c]];
          const xD = block[rowD + feature[d]];
          let leftA = Number(xA <= threshold[a]);
          let leftB = Number(xB <= threshold[b]);
          let leftC = Number(xC <= threshold[c]);
          let leftD = Number(xD <= threshold[d]);
          if (xA !== xA) leftA = missingLeft[a];
          if (xB !== xB) leftB = missingLeft[b];
          if (xC !== xC) leftC = missingLeft[c];
          if (xD !== xD) leftD = missingLeft[d];
          const nextA = children[2 * a + leftA];
          const nextB = children[2 * b + leftB];
          const nextC = children[2 * c + leftC];
          const nextD = children[2 * d + leftD];
          moved = (a ^ nextA) | (b ^ nextB) | (c ^ nextC) | (d ^ nextD);
          a = nextA;
          b = nextB;
          c = nextC;
          d = nextD;
        }
        sums[i] += value[a];
        sums[i + 1] += value[b];
        sums[i + 2] += value[c];
        sums[i + 3] += value[d];
      }
    }
    out.set(sums.subarray(0, nRows), start);
  }
}

/** Nodes with [right, left] child side by side; a leaf tests column 0 and is its own child. */
function packNodes({ feature, left, right }: Trees): { feature: Int32Array; children: Int32Array } {
  const children = new Int32Array(2 * feature.length);
  for (let node = 0; node < feature.length; node++) {
    const isLeaf = feature[node] < 0;
    children[2 * node] = isLeaf ? node : right[node];
    children[2 * node + 1] = isLeaf ? node : left[node];
  }
  return { feature: feature.map((j) => Math.max(j, 0)), children };
}

/** Rows `start..start + nRows)` one after the other. */
function copyRows(columns: readonly Float32Array[], start: number, nRows: number, block: Float32Array): void {
  const width = columns.length;
  for (let j = 0; j < width; j++) {
    const column = columns[j];
    for (let i = 0; i < nRows; i++) block[i * width + j] = column[start + i];
  }
}
