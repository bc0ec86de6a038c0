import { threadKernels } from '../kernels/thread-kernels.js';
import {
  codesOf,
  mergeSplitValues,
  noSplitValues,
  splitsByCategory,
  splitValues,
  type SplitValues,
} from './split-values.js';
import type { Trees } from './trees.js';

/**
 * Consecutive trees that compare each feature with at most 254 values, laid out for the kernels: `image` is copied
 * into their memory, and all offsets are bytes in it. A tree reads one-byte columns: 2 u and 2 u + 1 are the bins of
 * `features[u]`, with missing values on the right and on the left; behind them, one for each of its category sets.
 */
export interface TreeGroup {
  /** First tree, and the one behind the last. */
  readonly first: number;
  readonly end: number;
  /** Features compared with thresholds; their bounds lie at the start of the image, the bin tables behind them. */
  readonly features: Int32Array;
  readonly tables: number;
  /** Features compared with category sets, and the lookups of their codes. */
  readonly categoryFeatures: Int32Array;
  readonly lookups: Int32Array;
  readonly lookupLengths: Int32Array;
  /** `[trees + 1]` first of each tree's category sets; of each set its category feature's number and its 256 bits. */
  readonly firstSet: Int32Array;
  readonly setFeatures: Int32Array;
  readonly sets: Int32Array;
  /** `[trees]` first step, number of steps, and leaf values. */
  readonly steps: Int32Array;
  readonly nSteps: Int32Array;
  readonly values: Int32Array;
  readonly image: Uint8Array;
}

/** Bytes of a feature's bounds, padded. */
export const boundsBytes = 4 * 256;
const mostLeaves = 256;
const setBytes = 32;
const missingCode = 255;

const cache = new WeakMap<Trees, readonly TreeGroup[] | null>();

/** The trees as the kernels read them, laid out once; null where a tree does not fit bytes. */
export function binnedTrees(trees: Trees): readonly TreeGroup[] | null {
  let groups = cache.get(trees);
  if (groups === undefined) {
    groups = layOut(trees);
    cache.set(trees, groups);
  }
  return groups;
}

/** Whether `binnedTrees` need not do any work. */
export function areBinned(trees: Trees): boolean {
  return cache.has(trees);
}

function layOut(trees: Trees): TreeGroup[] | null {
  const groups: TreeGroup[] = [];
  let taken = noSplitValues();
  let first = 0;
  for (let t = 0; t < trees.roots.length; t++) {
    const splits = splitsOf(trees, trees.roots[t]);
    const added = splits && splitValues(trees, splits);
    if (added === null) return null;
    if (mergeSplitValues(taken, added)) continue;
    if (t > first) groups.push(layOutGroup(trees, first, t, taken));
    first = t;
    taken = noSplitValues();
    if (!mergeSplitValues(taken, added)) return null;
  }
  if (first < trees.roots.length) groups.push(layOutGroup(trees, first, trees.roots.length, taken));
  return groups;
}

/** The splits of a tree, null where it has too many leaves. */
function splitsOf({ feature, left, right }: Trees, root: number): number[] | null {
  const splits: number[] = [];
  const open = [root];
  while (open.length > 0) {
    const node = open.pop()!;
    if (feature[node] < 0) continue;
    splits.push(node);
    if (splits.length >= mostLeaves) return null;
    open.push(right[node], left[node]);
  }
  return splits;
}

function layOutGroup(trees: Trees, first: number, end: number, taken: SplitValues): TreeGroup {
  const features = Int32Array.from(taken.thresholds.keys()).sort();
  const bounds = Array.from(features, (j) => Float32Array.from(taken.thresholds.get(j)!).sort());
  const columnOf = new Map(Array.from(features, (j, u) => [j, u]));
  const binOf = bounds.map((own) => new Map(Array.from(own, (bound, b) => [bound, b])));
  const categoryFeatures = Int32Array.from(taken.codes.keys()).sort();
  const codes = Array.from(categoryFeatures, (j) => Int32Array.from(taken.codes.get(j)!).sort());
  const byteOf = codes.map((own) => new Map(Array.from(own, (code, byte) => [code, byte])));

  const nTrees = end - first;
  const firstStep = new Int32Array(nTrees + 1);
  const firstLeaf = new Int32Array(nTrees);
  const firstSet = new Int32Array(nTrees + 1);
  const words: number[] = [];
  const leafValues: number[] = [];
  const setFeatures: number[] = [];
  const setBits: Uint8Array[] = [];
  for (let t = 0; t < nTrees; t++) {
    firstLeaf[t] = leafValues.length;
    visit(trees.roots[first + t], t);
    firstStep[t + 1] = words.length / 2;
    firstSet[t + 1] = setFeatures.length;
  }

  /** Leaves are numbered from left to right; a step follows those of both its subtrees. */
  function visit(node: number, t: number): number {
    if (trees.feature[node] < 0) return leafValues.push(trees.value[node]) - 1 - firstLeaf[t];
    const leftIsLeaf = trees.feature[trees.left[node]] < 0;
    const rightIsLeaf = trees.feature[trees.right[node]] < 0;
    const leftNumber = visit(trees.left[node], t);
    const rightNumber = visit(trees.right[node], t);
    const [column, bin] = splitsByCategory(trees, node) ? addSet(node, t) : compare(node);
    const leaf = leftIsLeaf ? leftNumber : rightNumber;
    words.push(stepKind(leftIsLeaf, rightIsLeaf) | ((bin & 0xff) << 8) | (leaf << 16), 4 * column);
    return 0;
  }

  function compare(node: number): [column: number, bin: number] {
    const u = columnOf.get(trees.feature[node])!;
    return [2 * u + trees.missingLeft[node], binOf[u].get(trees.threshold[node])! - 128];
  }

  function addSet(node: number, t: number): [column: number, bin: number] {
    const c = categoryFeatures.indexOf(trees.feature[node]);
    const bits = new Uint8Array(setBytes);
    const bytes = codesOf(trees, node).map((code) => byteOf[c].get(code)!);
    if (trees.missingLeft[node] === 1) bytes.push(missingCode);
    for (const byte of bytes) bits[byte >> 3] |= 1 << (byte & 7);
    setFeatures.push(c);
    setBits.push(bits);
    return [2 * features.length + setFeatures.length - 1 - firstSet[t], 0];
  }

  let size = 0;
  const take = (bytes: number): number => {
    const at = size;
    size += Math.ceil(bytes / 8) * 8;
    return at;
  };
  const boundsAt = take(features.length * boundsBytes);
  const tables = take(features.length * threadKernels(0).kernels.binTableBytes());
  const valuesAt = take(8 * leafValues.length);
  const stepsAt = take(4 * words.length);
  const setsAt = take(setBytes * setBits.length);
  const lookupLengths = Int32Array.from(codes, (own) => (own.length === 0 ? 0 : own[own.length - 1] + 1));
  const lookups = lookupLengths.map((length) => take(length));
  const image = new Uint8Array(size);
  writeBounds(bounds, new Float32Array(image.buffer, boundsAt, (features.length * boundsBytes) / 4));
  image.set(binTables(bounds, image), tables);
  new Float64Array(image.buffer, valuesAt, leafValues.length).set(leafValues);
  new Int32Array(image.buffer, stepsAt, words.length).set(words);
  setBits.forEach((bits, k) => image.set(bits, setsAt + k * setBytes));
  codes.forEach((own, c) => {
    image.fill(missingCode - 1, lookups[c], lookups[c] + lookupLengths[c]);
    own.forEach((code, byte) => (image[lookups[c] + code] = byte));
  });
  return {
    first,
    end,
    features,
    tables,
    categoryFeatures,
    lookups,
    lookupLengths,
    firstSet,
    setFeatures: Int32Array.from(setFeatures),
    sets: Int32Array.from(setBits, (_, k) => setsAt + k * setBytes),
    steps: firstStep.slice(0, nTrees).map((step) => stepsAt + 8 * step),
    nSteps: firstStep.slice(1).map((step, t) => step - firstStep[t]),
    values: firstLeaf.map((leaf) => valuesAt + 8 * leaf),
    image,
  };
}

function writeBounds(bounds: readonly Float32Array[], out: Float32Array): void {
  out.fill(Infinity);
  bounds.forEach((own, u) => out.set(own, (u * boundsBytes) / 4));
}

/** The tables of the bounds that `image` begins with. */
function binTables(bounds: readonly Float32Array[], image: Uint8Array): Uint8Array {
  const tableBytes = threadKernels(0).kernels.binTableBytes();
  const boundsEnd = bounds.length * boundsBytes;
  const { kernels, start, bytes } = threadKernels(boundsEnd + bounds.length * tableBytes);
  bytes.set(image.subarray(0, boundsEnd), start);
  const tables = start + boundsEnd;
  bounds.forEach((own, u) => {
    kernels.buildBinTable(start + u * boundsBytes, own.length, tables + u * tableBytes);
  });
  return bytes.slice(tables, tables + bounds.length * tableBytes);
}

/** As the kernel names them: two leaves, leaf and node, node and leaf, two nodes. */
function stepKind(leftIsLeaf: boolean, rightIsLeaf: boolean): number {
  if (leftIsLeaf) return rightIsLeaf ? 0 : 1;
  return rightIsLeaf ? 2 : 3;
}
