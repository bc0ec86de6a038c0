import { threadKernels } from '../kernels/thread-kernels.js';
import type { Trees } from './trees.js';

/**
 * Consecutive trees whose thresholds, feature by feature, make at most 254 bins bounds, laid out for the kernels:
 * `image` is copied into their memory, and all offsets are bytes in it.
 */
export interface TreeGroup {
  /** First tree, and the one behind the last. */
  readonly first: number;
  readonly end: number;
  /** Columns that the trees read; column u is known to the steps as 2 u, with missing values on the left as 2 u + 1. */
  readonly features: Int32Array;
  /** 260 float32 bounds a feature lie at the start of the image, the bin tables behind them. */
  readonly tables: number;
  /** `[trees]` first step, its number of steps, and leaf values. */
  readonly steps: Int32Array;
  readonly nSteps: Int32Array;
  readonly values: Int32Array;
  readonly image: Uint8Array<ArrayBuffer>;
}

/** Bounds of a feature, padded so that four may be read behind the last. */
export const boundsBytes = 4 * 260;
const mostBounds = 254;
const mostLeaves = 256;
const stepBytes = 8;

const cache = new WeakMap<Trees, readonly TreeGroup[] | null>();

/** The trees as the kernels read them, laid out once; null where they do not fit bytes or split by categories. */
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
  if (trees.categories !== undefined) return null;
  const groups: TreeGroup[] = [];
  let thresholds = new Map<number, Set<number>>();
  let first = 0;
  for (let t = 0; t < trees.roots.length; t++) {
    const splits = splitsOf(trees, trees.roots[t]);
    if (splits === null) return null;
    if (!fits(trees, splits, thresholds)) {
      groups.push(layOutGroup(trees, first, t, thresholds));
      first = t;
      thresholds = new Map();
      if (!fits(trees, splits, thresholds)) return null;
    }
    addThresholds(trees, splits, thresholds);
  }
  if (first < trees.roots.length) groups.push(layOutGroup(trees, first, trees.roots.length, thresholds));
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

function fits(trees: Trees, splits: readonly number[], taken: ReadonlyMap<number, Set<number>>): boolean {
  const added = new Map<number, Set<number>>();
  for (const node of splits) {
    const feature = trees.feature[node];
    const before = taken.get(feature);
    const threshold = trees.threshold[node];
    if (before?.has(threshold)) continue;
    let own = added.get(feature);
    if (own === undefined) added.set(feature, (own = new Set()));
    own.add(threshold);
    if ((before?.size ?? 0) + own.size > mostBounds) return false;
  }
  return true;
}

function addThresholds(trees: Trees, splits: readonly number[], taken: Map<number, Set<number>>): void {
  for (const node of splits) {
    const feature = trees.feature[node];
    const own = taken.get(feature);
    // A Set holds 0 and -0 as one, as a comparison does.
    if (own === undefined) taken.set(feature, new Set([trees.threshold[node]]));
    else own.add(trees.threshold[node]);
  }
}

function layOutGroup(
  trees: Trees,
  first: number,
  end: number,
  thresholds: ReadonlyMap<number, Set<number>>,
): TreeGroup {
  const features = Int32Array.from(thresholds.keys()).sort();
  const bounds = Array.from(features, (j) => Float32Array.from(thresholds.get(j)!).sort());
  const columnOf = new Map(Array.from(features, (j, u) => [j, u]));
  const binOf = bounds.map((own) => new Map(Array.from(own, (bound, b) => [bound, b])));

  const { kernels, start } = threadKernels(boundsBytes);
  const tableBytes = kernels.binTableBytes();
  const tables = features.length * boundsBytes;
  const valuesAt = Math.ceil((tables + features.length * tableBytes) / 8) * 8;
  const steps = new Int32Array(end - first);
  const nSteps = new Int32Array(end - first);
  const values = new Int32Array(end - first);
  const leafValues: number[] = [];
  const packed: number[] = [];
  for (let t = first; t < end; t++) {
    steps[t - first] = packed.length * 4;
    values[t - first] = valuesAt + leafValues.length * 8;
    const firstLeaf = leafValues.length;
    const visit = (node: number): number => {
      const feature = trees.feature[node];
      if (feature < 0) return leafValues.push(trees.value[node]) - 1 - firstLeaf;
      const left = trees.left[node];
      const right = trees.right[node];
      const leftLeaf = visit(left);
      const rightLeaf = visit(right);
      const column = columnOf.get(feature)!;
      const kind = stepKind(trees.feature[left] < 0, trees.feature[right] < 0);
      const bin = (binOf[column].get(trees.threshold[node])! - 128) & 0xff;
      const leaf = trees.feature[left] < 0 ? leftLeaf : rightLeaf;
      packed.push(kind | (bin << 8) | (leaf << 16), 4 * (2 * column + trees.missingLeft[node]));
      return -1;
    };
    visit(trees.roots[t]);
    nSteps[t - first] = packed.length / 2 - steps[t - first] / stepBytes;
  }
  const stepsAt = valuesAt + leafValues.length * 8;
  const image = new Uint8Array(stepsAt + packed.length * 4);
  const boundWords = new Float32Array(image.buffer, 0, tables / 4).fill(Infinity);
  const memory = threadKernels(boundsBytes + tableBytes);
  bounds.forEach((own, u) => {
    boundWords.set(own, (u * boundsBytes) / 4);
    memory.bytes.set(image.subarray(u * boundsBytes, (u + 1) * boundsBytes), start);
    const table = start + boundsBytes;
    kernels.buildBinTable(start, own.length, table);
    image.set(memory.bytes.subarray(table, table + tableBytes), tables + u * tableBytes);
  });
  new Float64Array(image.buffer, valuesAt, leafValues.length).set(leafValues);
  new Int32Array(image.buffer, stepsAt, packed.length).set(packed);
  return { first, end, features, tables, steps: steps.map((at) => at + stepsAt), nSteps, values, image };
}

/** As the kernel names them: two leaves, leaf and node, node and leaf, two nodes. */
function stepKind(leftIsLeaf: boolean, rightIsLeaf: boolean): number {
  if (leftIsLeaf) return rightIsLeaf ? 0 : 1;
  return rightIsLeaf ? 2 : 3;
}
