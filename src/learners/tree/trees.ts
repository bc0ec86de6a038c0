/**
 * Any number of binary trees as one struct of arrays: what boosting and isolation forests emit, and what
 * prediction, importance and ONNX read. A row goes left where `x <= threshold`; a missing value follows
 * `missingLeft`. Children always stand behind their parent.
 */
export interface Trees {
  /** `[nTrees]` index of each root. */
  readonly roots: Int32Array;
  /** `[nNodes]` column of the split, -1 at a leaf. */
  readonly feature: Int32Array;
  /** `[nNodes]` the largest float32 not above the split value; 0 at a leaf. */
  readonly threshold: Float32Array;
  /** `[nNodes]` index of the child for `x <= threshold`, -1 at a leaf. */
  readonly left: Int32Array;
  /** `[nNodes]` index of the other child, -1 at a leaf. */
  readonly right: Int32Array;
  /** `[nNodes]` 1 where a missing value goes left. */
  readonly missingLeft: Uint8Array;
  /** `[nNodes]` what a leaf adds; 0 at a split. */
  readonly value: Float64Array;
}

/** Trees as they grow: plain arrays, frozen into `Trees` once. */
export interface TreeBuilder {
  /** Begins a tree; the next node is its root. */
  beginTree(): void;
  /** @returns the index of the new leaf */
  addLeaf(value: number): number;
  /** Turns leaf `node` into a split whose children were or will be added. */
  setSplit(
    node: number,
    split: { feature: number; threshold: number; missingLeft: boolean; left: number; right: number },
  ): void;
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
  return {
    beginTree() {
      roots.push(feature.length);
    },
    addLeaf(leafValue) {
      feature.push(-1);
      threshold.push(0);
      left.push(-1);
      right.push(-1);
      missingLeft.push(0);
      value.push(leafValue);
      return feature.length - 1;
    },
    setSplit(node, split) {
      feature[node] = split.feature;
      threshold[node] = split.threshold;
      left[node] = split.left;
      right[node] = split.right;
      missingLeft[node] = split.missingLeft ? 1 : 0;
      value[node] = 0;
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
    }),
  };
}
