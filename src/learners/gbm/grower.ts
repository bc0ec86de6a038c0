import { createRng, sampleIndices, type Rng } from '../../core/rng.js';
import type { Kernels } from '../kernels/instance.js';
import { treeBuilder } from '../tree/trees.js';
import { cutOf, type BinMapper } from './bin-mapper.js';
import type { GrowthRules } from './growth-rules.js';
import { allowedFeatures } from './interactions.js';
import { levelCut } from './level-cut.js';
import { nodePhases, type ScanNode } from './node-phases.js';
import type { RunPhase } from './run-phase.js';
import type { Scales } from './scales.js';
import { hasMissing, rootSums, sideSums, sidesOf } from './sides.js';
import { bestSplit, leafValue, type NodeSums, type Split } from './split.js';
import type { TrainingMemory } from './training-memory.js';

/** One tree to be grown. */
export interface TreeRequest {
  /** The features of its slots, ascending. */
  readonly features: Uint16Array;
  /** Its rows are `index[0 .. nRows)`. */
  readonly nRows: number;
  /** The phase that sums the root. */
  readonly rootPhase: number;
  readonly scales: Scales;
  readonly seed: number;
}

/** A leaf and its rows `index[start .. end)`. */
export interface GrownLeaf {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  value: number;
  /** What monotone signs leave the value, before it is shrunk. */
  readonly lower: number;
  readonly upper: number;
}

/** A grown tree; leaf values are in `leaves`, not yet in the tree. */
export interface GrownTree {
  readonly builder: ReturnType<typeof treeBuilder>;
  readonly leaves: GrownLeaf[];
  /** `[nFeatures]` sum of the gains of its splits. */
  readonly gains: Float64Array;
}

/** A node whose children may still be added. */
interface OpenNode {
  readonly index: number;
  readonly depth: number;
  readonly start: number;
  readonly end: number;
  readonly sums: NodeSums;
  /** Where its histogram lies; 0 where no split will be looked for. */
  readonly histogram: number;
  readonly split: Split | undefined;
  /** Features on the path to it, for interaction constraints. */
  readonly path: readonly number[];
}

/** Grows one tree on the rows and derivatives in memory. */
export function growTree(
  memory: TrainingMemory,
  kernels: Kernels,
  run: RunPhase,
  rules: GrowthRules,
  mapper: BinMapper,
  request: TreeRequest,
): GrownTree {
  const { plan } = memory;
  const { features, scales } = request;
  const phases = nodePhases(memory, kernels, run);
  const builder = treeBuilder();
  const gains = new Float64Array(plan.nFeatures);
  const rng = createRng(request.seed);
  const l1 = rules.l1Regularization * scales.gradient;
  const l2 = rules.l2Regularization * scales.hessian;
  const symmetric = rules.growth === 'symmetric';
  const byDepth = rules.growth === 'depth-wise';
  const gainUnit = scales.hessian / scales.gradient ** 2;
  const spare = Array.from(
    { length: plan.nHistograms },
    (_, k) => plan.histograms + (plan.nHistograms - 1 - k) * plan.histogramBytes,
  );
  const isCategory = (slot: number): boolean => rules.isCategory[features[slot]] === 1;

  function release(histogram: number): void {
    if (histogram !== 0) spare.push(histogram);
  }

  function canSplit(sums: NodeSums): boolean {
    return (
      sums.count >= 2 * rules.minSamplesLeaf && sums.hessian >= 2 * rules.minChildWeight * scales.hessian
    );
  }

  function scanNode(sums: NodeSums, index: number, path: readonly number[]): ScanNode {
    const draw = rules.hasRandomBounds || rules.colsampleByNode < 1 ? rng.split(`node-${index}`) : undefined;
    const allowed = allowedSlots(path, draw);
    return {
      sums,
      ...(allowed && { allowed }),
      ...(draw && rules.hasRandomBounds && { draws: drawBins(draw) }),
    };
  }

  function drawBins(draw: Rng): Int32Array {
    return Int32Array.from(features, (j) => draw.integer(Math.max(mapper.valueBins[j] - 1, 1)));
  }

  function allowedSlots(path: readonly number[], draw: Rng | undefined): Uint8Array | undefined {
    if (rules.interactions.length === 0 && rules.colsampleByNode === 1) return undefined;
    const may = allowedFeatures(rules.interactions, path);
    const open = Uint32Array.from(features.keys()).filter((slot) => may?.has(features[slot]) ?? true);
    const allowed = new Uint8Array(plan.nSlots);
    const drawn =
      draw === undefined || rules.colsampleByNode === 1
        ? open
        : sampleIndices(
            open.length,
            Math.min(open.length, Math.max(1, Math.round(rules.colsampleByNode * open.length))),
            draw,
          ).map((k) => open[k]);
    for (const slot of drawn) allowed[slot] = 1;
    return allowed;
  }

  /** @param mayGoOn whether the children might be split in their turn */
  function divide(node: OpenNode, split: Split, mayGoOn: boolean): [OpenNode, OpenNode] {
    const feature = features[split.slot];
    gains[feature] += split.gain * gainUnit;
    const sums = sideSums(node.sums, split, rules.signs[feature], l1, l2);
    const wants = [
      mayGoOn && (symmetric || canSplit(sums.left)),
      mayGoOn && (symmetric || canSplit(sums.right)),
    ];
    const sawMissing = hasMissing(memory, node.histogram, split.slot, mapper.valueBins[feature]);
    const isSummed = node.histogram !== 0 && (wants[0] || wants[1]);
    const side = 2 * split.count <= node.sums.count ? 0 : 1;
    const histogram = isSummed ? spare.pop()! : 0;
    const middle = phases.divide(
      { start: node.start, end: node.end, column: plan.columns + feature * plan.columnStride },
      sidesOf(split, mapper.valueBins[feature]),
      { side: isSummed ? side : -1, histogram },
    );
    // Counts are exact now, where narrow entries only tell a share.
    const [left, right] = [
      { ...sums.left, count: middle - node.start },
      { ...sums.right, count: node.end - middle },
    ];
    const leftIndex = builder.addLeaf(0);
    const rightIndex = builder.addLeaf(0);
    builder.setSplit(node.index, {
      ...cutOf(mapper, feature, split),
      feature,
      // Where training saw no missing value, one goes with the majority.
      missingLeft: sawMissing || isCategory(split.slot) ? split.missingLeft : left.count >= right.count,
      left: leftIndex,
      right: rightIndex,
    });
    const path = rules.interactions.length > 0 ? [...node.path, feature] : node.path;
    const scans = [left, right].map((child, k) =>
      isSummed && !symmetric && wants[k] && canSplit(child)
        ? scanNode(child, k === 0 ? leftIndex : rightIndex, path)
        : undefined,
    );
    phases.finish(histogram, isSummed ? node.histogram : 0, {
      summed: scans[side],
      rest: scans[1 - side],
    });
    if (!isSummed) release(node.histogram);

    function open(which: 0 | 1, sums: NodeSums, index: number, start: number, end: number): OpenNode {
      const own = !isSummed ? 0 : which === side ? histogram : node.histogram;
      const found = scans[which] && bestSplit(memory, which === side ? 0 : 1, isCategory);
      const keeps = isSummed && wants[which] && (symmetric || found !== undefined);
      if (!keeps) release(own);
      return {
        index,
        depth: node.depth + 1,
        start,
        end,
        sums,
        histogram: keeps ? own : 0,
        split: found,
        path,
      };
    }
    return [open(0, left, leftIndex, node.start, middle), open(1, right, rightIndex, middle, node.end)];
  }

  function growRoot(): OpenNode {
    builder.beginTree();
    const histogram = spare.pop()!;
    phases.sumRoot(request.rootPhase, request.nRows, histogram);
    // Adds up what the threads have summed; there is nothing to look for before the sums of the root are known.
    phases.finish(histogram, 0, {});
    const sums = rootSums(memory, histogram, request.nRows, scales, mapper.valueBins[features[0]]);
    const index = builder.addLeaf(0);
    let split: Split | undefined;
    if (!symmetric && canSplit(sums)) {
      phases.scan(histogram, scanNode(sums, index, []));
      split = bestSplit(memory, 0, isCategory);
    }
    return { index, depth: 0, start: 0, end: request.nRows, sums, histogram, split, path: [] };
  }

  function growLevels(root: OpenNode): OpenNode[] {
    let level = [root];
    for (let depth = 0; depth < rules.maxDepth; depth++) {
      const nodes = level.map(({ sums, histogram }) => ({ sums, histogram }));
      const draw = rules.colsampleByNode < 1 ? rng.split(`level-${depth}`) : undefined;
      const allowed = allowedSlots(level[0].path, draw);
      const cut = levelCut(memory, run, nodes, features, mapper, allowed);
      if (cut === undefined) break;
      const mayGoOn = depth + 1 < rules.maxDepth;
      level = level.flatMap((node) => divide(node, cut.splitOf(node), mayGoOn));
    }
    return level;
  }

  function growLeaves(root: OpenNode): OpenNode[] {
    const closed: OpenNode[] = [];
    let openNodes = [root];
    while (openNodes.length > 0 && openNodes.length + closed.length < rules.maxLeafNodes) {
      const next = pickNext(openNodes, byDepth);
      openNodes = openNodes.filter((node) => node !== next);
      if (next.split === undefined) {
        closed.push(next);
        continue;
      }
      const splitsLeft = rules.maxLeafNodes - (openNodes.length + closed.length + 2);
      // Level by level, the nodes that wait come first.
      const splitsAhead = byDepth ? openNodes.filter((node) => node.split !== undefined).length : 0;
      const mayGoOn = splitsLeft > splitsAhead && next.depth + 1 < rules.maxDepth;
      openNodes.push(...divide(next, next.split, mayGoOn));
    }
    return [...closed, ...openNodes];
  }

  const root = growRoot();
  const ends = symmetric ? growLevels(root) : growLeaves(root);
  const valueUnit = scales.hessian / scales.gradient;
  const leaves = ends.map(({ index, sums, start, end }) => ({
    node: index,
    start,
    end,
    value: rules.learningRate * leafValue(sums, l1, l2) * valueUnit,
    lower: sums.lower * valueUnit,
    upper: sums.upper * valueUnit,
  }));
  return { builder, leaves, gains };
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
