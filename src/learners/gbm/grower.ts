import type { Rng } from '../../core/rng.js';
import type { TreeBuilder } from '../tree/trees.js';
import type { BinMapper, Bins } from './binning.js';
import { buildHistogram, subtractHistogram, type GatherBuffer, type Histogram } from './histogram.js';
import {
  describeSplit,
  findBestSplit,
  leafValue,
  type NodeSums,
  type Split,
  type SplitRules,
} from './split.js';
import { findLevelCut } from './symmetric-split.js';

/** What stays the same from tree to tree. */
export interface GrowerContext {
  readonly bins: Bins;
  readonly mapper: BinMapper;
  readonly offsets: Int32Array;
  readonly rules: SplitRules;
  readonly growth: 'leaf-wise' | 'depth-wise' | 'symmetric';
  readonly maxLeafNodes: number;
  /** Infinity for no bound. */
  readonly maxDepth: number;
  readonly learningRate: number;
  /** Each node tries one random bound per feature. */
  readonly randomBounds: boolean;
  readonly buffer: GatherBuffer;
  /** Histograms not in use, lent to nodes and returned. */
  readonly spare: Histogram[];
  /** `[nFeatures]` sum of gains, added to by every split. */
  readonly gains: Float64Array;
}

/** A node that may still be split: its place in the tree, its rows and their sums. */
interface OpenNode {
  readonly index: number;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  readonly sums: NodeSums;
  readonly histogram: Histogram;
  readonly split: Split | undefined;
}

/**
 * Grows one tree on `rows` (reordered in place, leaf by leaf) and adds it to `builder`.
 * @returns its leaves: the rows `rows[start..end)` of each and the value they get
 */
export function growTree(
  context: GrowerContext,
  rows: Uint32Array,
  features: Int32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  builder: TreeBuilder,
  rng: Rng,
): { start: number; end: number; value: number }[] {
  const { offsets, rules, bins, buffer } = context;
  const scratch = new Uint32Array(rows.length);
  const closed: OpenNode[] = [];
  const symmetric = context.growth === 'symmetric';

  function lend(): Histogram {
    return context.spare.pop() ?? new Float64Array(3 * offsets[offsets.length - 1]);
  }

  function open(
    index: number,
    depth: number,
    start: number,
    end: number,
    sums: NodeSums,
    histogram: Histogram,
  ): OpenNode {
    const mayNotSplit = symmetric || depth >= context.maxDepth;
    const draw = context.randomBounds ? rng.split(`node-${index}`) : undefined;
    const split = mayNotSplit ? undefined : findBestSplit(histogram, offsets, features, sums, rules, draw);
    return { index, depth, start, end, sums, histogram, split };
  }

  function close(node: OpenNode): void {
    closed.push(node);
    context.spare.push(node.histogram);
  }

  function divide(node: OpenNode, split: Split): [OpenNode, OpenNode] {
    context.gains[split.feature] += split.gain;
    const column = bins[split.feature];
    const missing = context.mapper.bounds[split.feature].length + 1;
    const middle = partition(
      rows,
      scratch,
      node.start,
      node.end,
      column,
      split.bin,
      missing,
      split.missingLeft,
    );
    const left = builder.addLeaf(0);
    const right = builder.addLeaf(0);
    const bounds = context.mapper.bounds[split.feature];
    builder.setSplit(node.index, {
      feature: split.feature,
      // The last value bin has no upper bound: only missing values lie behind it.
      threshold: split.bin < bounds.length ? bounds[split.bin] : Infinity,
      missingLeft: split.missingLeft,
      left,
      right,
    });
    const leftIsSmaller = middle - node.start <= node.end - middle;
    const small = lend();
    const [from, to] = leftIsSmaller ? [node.start, middle] : [middle, node.end];
    buildHistogram(small, bins, offsets, features, rows, from, to, gradient, hessian, buffer);
    subtractHistogram(node.histogram, small, offsets, features);
    const depth = node.depth + 1;
    return [
      open(left, depth, node.start, middle, split.left, leftIsSmaller ? small : node.histogram),
      open(right, depth, middle, node.end, split.right, leftIsSmaller ? node.histogram : small),
    ];
  }

  builder.beginTree();
  const histogram = lend();
  buildHistogram(histogram, bins, offsets, features, rows, 0, rows.length, gradient, hessian, buffer);
  const root = open(builder.addLeaf(0), 0, 0, rows.length, rootSums(rows, gradient, hessian), histogram);

  if (symmetric) {
    let level = [root];
    while (level[0].depth < context.maxDepth) {
      const cut = findLevelCut(
        level.map((node) => node.histogram),
        offsets,
        features,
        level.map((node) => node.sums),
        rules,
      );
      if (cut === undefined) break;
      const [begin, end] = [offsets[cut.feature], offsets[cut.feature + 1]];
      // The gain is that of the level: each of its splits carries its share.
      const share = { ...cut, gain: cut.gain / level.length };
      level = level.flatMap((node) =>
        divide(node, describeSplit(node.histogram, begin, end, node.sums, rules, share)),
      );
    }
    level.forEach(close);
  } else {
    let openNodes = [root];
    while (openNodes.length > 0 && openNodes.length + closed.length < context.maxLeafNodes) {
      const next = pickNext(openNodes, context.growth === 'depth-wise');
      openNodes = openNodes.filter((node) => node !== next);
      if (next.split === undefined) close(next);
      else openNodes.push(...divide(next, next.split));
    }
    openNodes.forEach(close);
  }

  return closed.map((node) => {
    const value = context.learningRate * leafValue(node.sums, rules.l2Regularization);
    builder.setValue(node.index, value);
    return { start: node.start, end: node.end, value };
  });
}

function pickNext(nodes: readonly OpenNode[], byDepth: boolean): OpenNode {
  let best = nodes[0];
  for (const node of nodes) {
    const better = byDepth
      ? node.depth < best.depth || (node.depth === best.depth && node.index < best.index)
      : (node.split?.gain ?? -1) > (best.split?.gain ?? -1);
    if (better) best = node;
  }
  return best;
}

function rootSums(rows: Uint32Array, gradient: Float64Array, hessian: Float64Array): NodeSums {
  let g = 0;
  let h = 0;
  for (const row of rows) {
    g += gradient[row];
    h += hessian[row];
  }
  return { gradient: g, hessian: h, count: rows.length, lower: -Infinity, upper: Infinity };
}

/** Moves the rows that go left to the front, both sides in their old order; returns where the right side begins. */
function partition(
  rows: Uint32Array,
  scratch: Uint32Array,
  start: number,
  end: number,
  column: Uint8Array,
  bin: number,
  missing: number,
  missingLeft: boolean,
): number {
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = rows[i];
    const b = column[row];
    if (b === missing ? missingLeft : b <= bin) rows[left++] = row;
    else scratch[right++] = row;
  }
  rows.set(scratch.subarray(0, right), left);
  return left;
}
