/**
 * Any number of binary trees as one struct of arrays: what boosting and isolation forests emit, and what
 * prediction, importance and ONNX read. A row goes left where `x <= threshold`, or, at a node with a category set,
 * where its category is in the set; a missing value follows `missingLeft`. Children always stand behind their parent.
 */
export interface Trees {
  /** `[nTrees]` index of each root. */
  readonly roots: Int32Array;
  /** `[nNodes]` column of the split, -1 at a leaf. */
  readonly feature: Int32Array;
  /** `[nNodes]` the largest float32 not above the split value; 0 at a leaf and at a node with a category set. */
  readonly threshold: Float32Array;
  /** `[nNodes]` index of the child for `x <= threshold`, -1 at a leaf. */
  readonly left: Int32Array;
  /** `[nNodes]` index of the other child, -1 at a leaf. */
  readonly right: Int32Array;
  /** `[nNodes]` 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** `[nNodes]` what a leaf adds; 0 at a split. */
  readonly value: Float64Array;
  /** `[nNodes]` weight of the training rows that reached the node; models of format 1 lack it. */
  readonly cover?: Float64Array;
  /** Where some nodes split by category. */
  readonly categories?: CategorySets;
}

/** Sets of category codes, a bit each. */
export interface CategorySets {
  /** `[nNodes + 1]` where the words of each node begin; a node without words compares with its threshold. */
  readonly starts: Int32Array;
  /** Bit `c % 32` of word `starts[node] + floor(c / 32)`: rows of category c go left; categories beyond go right. */
  readonly words: Uint32Array;
}

/**
 * Whether category `x` goes left at `node`: what the fraction cuts off does not count, negative codes are in no set.
 * @param x not NaN
 */
export function isInSet({ starts, words }: CategorySets, node: number, x: number): boolean {
  const code = Math.trunc(x);
  if (!(code >= 0 && code < 32 * (starts[node + 1] - starts[node]))) return false;
  return ((words[starts[node] + (code >>> 5)] >>> (code & 31)) & 1) === 1;
}

/** How a node parts its rows. */
export interface NodeSplit {
  readonly feature: number;
  /** Of no meaning beside `words`. */
  readonly threshold: number;
  readonly missingLeft: boolean;
  readonly left: number;
  readonly right: number;
  /** The categories that go left, a bit each; left out where `x` is compared with `threshold`. */
  readonly words?: Uint32Array;
}

/** Trees as they grow: plain arrays, frozen into `Trees` once. */
export interface TreeBuilder {
  /** Begins a tree; the next node is its root. */
  beginTree(): void;
  /**
   * @param cover weight of the training rows that reach it
   * @returns the index of the new leaf
   */
  addLeaf(value: number, cover?: number): number;
  /** Turns leaf `node` into a split whose children were or will be added. */
  setSplit(node: number, split: NodeSplit): void;
  setValue(node: number, value: number): void;
  finish(): Trees;
}

/** An empty builder. */
export function treeBuilder(): TreeBuilder {
  const roots: number[] = [];
  const feature: number[] = [];
  const threshold: number[] = [];
  const left: number[] = [];
  const right: number[] = [];
  const missingLeft: number[] = [];
  const value: number[] = [];
  const covers: (number | undefined)[] = [];
  const sets = new Map<number, Uint32Array>();
  return {
    beginTree() {
      roots.push(feature.length);
    },
    addLeaf(leafValue, cover) {
      feature.push(-1);
      threshold.push(0);
      left.push(-1);
      right.push(-1);
      missingLeft.push(0);
      value.push(leafValue);
      covers.push(cover);
      return feature.length - 1;
    },
    setSplit(node, split) {
      feature[node] = split.feature;
      threshold[node] = split.words === undefined ? split.threshold : 0;
      left[node] = split.left;
      right[node] = split.right;
      missingLeft[node] = split.missingLeft ? 1 : 0;
      value[node] = 0;
      if (split.words !== undefined) sets.set(node, split.words);
    },
    setValue(node, leafValue) {
      value[node] = leafValue;
    },
    finish: () => ({
      roots: Int32Array.from(roots),
      feature: Int32Array.from(feature),
      threshold: Float32Array.from(threshold),
      left: Int32Array.from(left),
      right: Int32Array.from(right),
      missingLeft: Uint8Array.from(missingLeft),
      value: Float64Array.from(value),
      ...(covers.every((cover) => cover !== undefined) && { cover: Float64Array.from(covers) }),
      ...(sets.size > 0 && { categories: packSets(sets, feature.length) }),
    }),
  };
}

function packSets(sets: ReadonlyMap<number, Uint32Array>, nNodes: number): CategorySets {
  const starts = new Int32Array(nNodes + 1);
  for (let node = 0; node < nNodes; node++) starts[node + 1] = starts[node] + (sets.get(node)?.length ?? 0);
  const words = new Uint32Array(starts[nNodes]);
  for (const [node, set] of sets) words.set(set, starts[node]);
  return { starts, words };
}

/** Several ensembles' trees, one after the other. */
export function joinTrees(parts: readonly Trees[]): Trees {
  const starts = new Int32Array(parts.length + 1);
  parts.forEach((part, t) => (starts[t + 1] = starts[t] + part.feature.length));
  const nNodes = starts[parts.length];
  const joined = {
    roots: Int32Array.from(parts.flatMap((part, t) => Array.from(part.roots, (root) => root + starts[t]))),
    feature: new Int32Array(nNodes),
    threshold: new Float32Array(nNodes),
    left: new Int32Array(nNodes),
    right: new Int32Array(nNodes),
    missingLeft: new Uint8Array(nNodes),
    value: new Float64Array(nNodes),
  };
  const cover = parts.every((part) => part.cover !== undefined) ? new Float64Array(nNodes) : undefined;
  const sets = new Map<number, Uint32Array>();
  parts.forEach((part, t) => {
    const offset = starts[t];
    const shift = (child: number): number => (child < 0 ? -1 : child + offset);
    joined.feature.set(part.feature, offset);
    joined.threshold.set(part.threshold, offset);
    joined.left.set(part.left.map(shift), offset);
    joined.right.set(part.right.map(shift), offset);
    joined.missingLeft.set(part.missingLeft, offset);
    joined.value.set(part.value, offset);
    if (part.cover !== undefined) cover?.set(part.cover, offset);
    if (part.categories === undefined) return;
    const { starts: first, words } = part.categories;
    for (let node = 0; node < part.feature.length; node++) {
      if (first[node + 1] > first[node])
        sets.set(offset + node, words.subarray(first[node], first[node + 1]));
    }
  });
  return {
    ...joined,
    ...(cover !== undefined && { cover }),
    ...(sets.size > 0 && { categories: packSets(sets, nNodes) }),
  };
}
