import type { Rng } from '../../core/rng.js';
import type { TreeBuilder } from '../tree/trees.js';
import type { BinMapper, Bins } from './binning.js';
import {
  binOffsets,
  buildHistogram,
  subtractHistogram,
  type GatherBuffer,
  type Histogram,
} from './histogram.js';
import { partition } from './partition.js';
import {
  canSplit,
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
  readonly rules: SplitRules;
  readonly growth: 'leaf-wise' | 'depth-wise' | 'symmetric';
  readonly maxLeafNodes: number;
  /** Infinity for no bound. */
  readonly maxDepth: number;
  readonly learningRate: number;
  /** Each node tries one random bound per feature. */
  readonly randomBounds: boolean;
  readonly buffer: GatherBuffer;
  /** `[nRows]` memory of partitions. */
  readonly scratch: Uint32Array;
  /** Histograms not in use, long enough for all features, lent to nodes and returned. */
  readonly spare: Histogram[];
  /** Numbers in a histogram of all features. */
  readonly histogramLength: number;
  /** `[nFeatures]` sum of gains, added to by every split. */
  readonly gains: Float64Array;
}

/** A node whose children may still be added: its place in the tree, its rows and their sums. */
interface OpenNode {
  readonly index: number;
  readonly depth: number;
  /** Its rows of the sample are `rows[start..end)`, those not in the sample `rows[restStart..restEnd)`. */
  readonly start: number;
  readonly end: number;
  readonly restStart: number;
  readonly restEnd: number;
  readonly sums: NodeSums;
  /** Undefined where no split will be looked for. */
  readonly histogram: Histogram | undefined;
  readonly split: Split | undefined;
}

/** The rows `rows[start..end)` and what their leaf adds to their margin. */
export interface LeafRows {
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/**
 * Grows one tree on the first `nSample` of `rows` and adds it to `builder`. The other rows only flow down with them,
 * so that theirs are the values of the leaves they reach.
 *
 * @param rows every row once; reordered in place, leaf by leaf
 * @returns its leaves, twice each: rows of the sample and rows that are not
 */
export function growTree(
  context: GrowerContext,
  rows: Uint32Array,
  nSample: number,
  features: Int32Array,
  gradient: Float64Array,
  hessian: Float64Array,
  builder: TreeBuilder,
  rng: Rng,
): LeafRows[] {
  const { rules, bins, mapper, buffer, scratch, spare, maxDepth, maxLeafNodes } = context;
  const offsets = binOffsets(Array.from(features, (j) => mapper.bounds[j].length + 2));
  const closed: OpenNode[] = [];
  const symmetric = context.growth === 'symmetric';
  const byDepth = context.growth === 'depth-wise';

  function lend(): Histogram {
    return spare.pop() ?? new Float64Array(context.histogramLength);
  }

  function release(histogram: Histogram | undefined): void {
    if (histogram !== undefined) spare.push(histogram);
  }

  /** Finds the split of a node, which gives its histogram back if there is none. */
  function open(node: Omit<OpenNode, 'split'>): OpenNode {
    const { histogram, sums, index } = node;
    if (symmetric || histogram === undefined) return { ...node, split: undefined };
    const draw = context.randomBounds ? rng.split(`node-${index}`) : undefined;
    const split = findBestSplit(histogram, offsets, features, sums, rules, draw);
    if (split !== undefined) return { ...node, split };
    release(histogram);
    return { ...node, histogram: undefined, split };
  }

  /** @param mayGoOn whether the children might be split in their turn */
  function divide(node: OpenNode, split: Split, mayGoOn: boolean): [OpenNode, OpenNode] {
    const { feature, bin, missingLeft } = split;
    const { start, end, restStart, restEnd } = node;
    context.gains[feature] += split.gain;
    const bounds = mapper.bounds[feature];
    const test = { column: bins[feature], bin, missing: bounds.length + 1, missingLeft };
    const middle = partition(rows, scratch, start, end, test);
    const restMiddle = partition(rows, scratch, restStart, restEnd, test);
    const left = builder.addLeaf(0);
    const right = builder.addLeaf(0);
    // The last value bin has no upper bound: only missing values lie behind it.
    const threshold = bin < bounds.length ? bounds[bin] : Infinity;
    builder.setSplit(node.index, { feature, threshold, missingLeft, left, right });

    const [leftHistogram, rightHistogram] = shareHistogram(node, middle, [
      mayGoOn && (symmetric || canSplit(split.left, rules)),
      mayGoOn && (symmetric || canSplit(split.right, rules)),
    ]);
    const depth = node.depth + 1;
    return [
      open({
        index: left,
        depth,
        start,
        end: middle,
        restStart,
        restEnd: restMiddle,
        sums: split.left,
        histogram: leftHistogram,
      }),
      open({
        index: right,
        depth,
        start: middle,
        end,
        restStart: restMiddle,
        restEnd,
        sums: split.right,
        histogram: rightHistogram,
      }),
    ];
  }

  /** Makes the children's histograms, where `wanted`, of the parent's: the smaller is summed, the other is the rest. */
  function shareHistogram(
    { start, end, histogram: parent }: OpenNode,
    middle: number,
    wanted: readonly [boolean, boolean],
  ): [Histogram | undefined, Histogram | undefined] {
    if (parent === undefined || !(wanted[0] || wanted[1])) {
      release(parent);
      return [undefined, undefined];
    }
    const leftIsSmaller = middle - start <= end - middle;
    const [from, to] = leftIsSmaller ? [start, middle] : [middle, end];
    const small = lend();
    buildHistogram(small, bins, offsets, features, rows, from, to, gradient, hessian, buffer);
    if (to > from) subtractHistogram(parent, small, offsets);
    const pair: [Histogram, Histogram] = leftIsSmaller ? [small, parent] : [parent, small];
    if (wanted[0] && wanted[1]) return pair;
    release(pair[wanted[0] ? 1 : 0]);
    return wanted[0] ? [pair[0], undefined] : [undefined, pair[1]];
  }

  builder.beginTree();
  const histogram = lend();
  buildHistogram(histogram, bins, offsets, features, rows, 0, nSample, gradient, hessian, buffer);
  const root = open({
    index: builder.addLeaf(0),
    depth: 0,
    start: 0,
    end: nSample,
    restStart: nSample,
    restEnd: rows.length,
    sums: rootSums(buffer, nSample),
    histogram,
  });

  if (symmetric) {
    let level = [root];
    for (let depth = 0; depth < maxDepth; depth++) {
      const histograms = level.map((node) => node.histogram!);
      const sums = level.map((node) => node.sums);
      const cut = findLevelCut(histograms, offsets, features, sums, rules);
      if (cut === undefined) break;
      const { slot, bin, missingLeft } = cut;
      // The gain is that of the level: each of its splits carries its share.
      const share = { feature: features[slot], bin, missingLeft, gain: cut.gain / level.length };
      const mayGoOn = depth + 1 < maxDepth;
      level = level.flatMap((node, which) => {
        const [begin, end] = [offsets[slot], offsets[slot + 1]];
        return divide(node, describeSplit(histograms[which], begin, end, node.sums, rules, share), mayGoOn);
      });
    }
    closed.push(...level);
  } else {
    let openNodes = [root];
    while (openNodes.length > 0 && openNodes.length + closed.length < maxLeafNodes) {
      const next = pickNext(openNodes, byDepth);
      openNodes = openNodes.filter((node) => node !== next);
      if (next.split === undefined) {
        closed.push(next);
        continue;
      }
      const splitsLeft = maxLeafNodes - (openNodes.length + closed.length + 2);
      // Level by level, the nodes that wait come first.
      const splitsAhead = byDepth ? openNodes.filter((node) => node.split !== undefined).length : 0;
      const mayGoOn = splitsLeft > splitsAhead && next.depth + 1 < maxDepth;
      openNodes.push(...divide(next, next.split, mayGoOn));
    }
    closed.push(...openNodes);
  }

  return closed.flatMap(({ index, sums, histogram: unused, start, end, restStart, restEnd }) => {
    release(unused);
    const value = context.learningRate * leafValue(sums, rules.l2Regularization);
    builder.setValue(index, value);
    return [
      { start, end, value },
      { start: restStart, end: restEnd, value },
    ];
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

/** Sums of the rows that were gathered last. */
function rootSums(gathered: GatherBuffer, count: number): NodeSums {
  let gradient = 0;
  let hessian = 0;
  for (let i = 0; i < count; i++) {
    gradient += gathered.gradient[i];
    hessian += gathered.hessian[i];
  }
  return { gradient, hessian, count, lower: -Infinity, upper: Infinity };
}
