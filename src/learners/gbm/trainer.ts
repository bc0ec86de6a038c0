import { DataError } from '../../core/errors.js';
import * as at from '../kernels/control.js';
import type { Kernels } from '../kernels/instance.js';
import { isInSet, type Trees } from '../tree/trees.js';
import type { BinMapper } from './bin-mapper.js';
import { growTree, type GrownLeaf } from './grower.js';
import type { GrowthRules } from './growth-rules.js';
import { leafChunkRows, type MemoryPlan } from './memory-plan.js';
import type { RunPhase } from './run-phase.js';
import { scalesFor, type Scales } from './scales.js';
import { sidesOf } from './sides.js';
import { viewMemory, writePlan } from './training-memory.js';
import { weightedQuantile } from './weighted-quantile.js';

/** One tree, as the thread that leads is told. */
export interface TreeOrder {
  readonly margin: number;
  /** Features the tree sees, ascending. */
  readonly features: Uint16Array;
  /** Its rows are `index[0 .. nRows)`; those behind them only receive its leaf values. */
  readonly nRows: number;
  readonly seed: number;
}

/** A tree and what its splits gained, by feature. */
export interface TrainedTree {
  readonly tree: Trees;
  readonly gains: Float64Array;
}

/** What the leading thread does on request. Requests and answers can cross between threads. */
export interface Trainer {
  /** Finds bounds of the staged columns and turns their values into bins. */
  readonly bin: (first: number, count: number) => void;
  /** Takes the bins as complete. */
  readonly begin: (mapper: BinMapper) => void;
  /** Computes derivatives of all margins by the kernels, or takes those the host has written. */
  readonly derive: (isInKernels: boolean) => void;
  /** Puts the rows in the order of the leaves of the last tree: rows that go together then lie together. */
  readonly reorder: () => void;
  /** Grows a tree and adds its leaf values to the margins. */
  readonly grow: (order: TreeOrder) => TrainedTree;
}

/** Log loss: |p - y| <= 1, p (1 - p) <= 1/4. */
const binaryMaxima = { gradient: 1, hessian: 0.25 };

/** @throws {InterruptedError} from every call, once the fit was stopped */
export function openTrainer(
  buffer: SharedArrayBuffer,
  kernels: Kernels,
  plan: MemoryPlan,
  rules: GrowthRules,
  run: RunPhase,
): Trainer {
  const memory = viewMemory(buffer, plan);
  const { int32, uint16, uint32, float32, float64, bytes } = memory;
  const rowChunks = Math.ceil(plan.nRows / at.tileRows);
  let mapper: BinMapper | undefined;
  let laidOut: Uint16Array | undefined;
  writePlan(memory, rules);

  function layOut(features: Uint16Array): void {
    if (laidOut?.every((feature, slot) => feature === features[slot])) return;
    uint16.set(features, plan.slotFeatures >> 1);
    run(at.phaseTranspose, rowChunks);
    laidOut = features;
  }

  /** Exact, and the same in any order. */
  function maxima(margin: number): { gradient: number; hessian: number } {
    let gradient = 0;
    let hessian = 0;
    for (let chunk = 0; chunk < rowChunks; chunk++) {
      const own = (plan.chunkMaxima >> 2) + 2 * (chunk * plan.nMargins + margin);
      gradient = Math.max(gradient, float32[own]);
      hessian = Math.max(hessian, float32[own + 1]);
    }
    if (!(gradient < Infinity && hessian < Infinity)) {
      throw new DataError(
        'fit: derivatives of the loss overflow float32; scale the targets or the weights down, or lower learningRate',
      );
    }
    return { gradient, hessian };
  }

  function writeScales(scales: Scales): void {
    const gainUnit = scales.gradient ** 2 / scales.hessian;
    float64[at.gradientScaleAt >> 3] = scales.gradient;
    float64[at.hessianScaleAt >> 3] = scales.hessian;
    int32[at.countShiftAt >> 2] = scales.countShift;
    float64[at.l1At >> 3] = rules.l1Regularization * scales.gradient;
    float64[at.l2At >> 3] = rules.l2Regularization * scales.hessian;
    float64[at.minChildWeightAt >> 3] = rules.minChildWeight * scales.hessian;
    float64[at.minSamplesLeafAt >> 3] = rules.minSamplesLeaf;
    float64[at.minGainAt >> 3] = rules.minGainToSplit * gainUnit;
    float64[at.categorySmoothingAt >> 3] = rules.categorySmoothing * scales.hessian;
    float64[at.categoryL2At >> 3] = rules.categoryL2 * scales.hessian;
  }

  /** The weighted quantile of the residuals of a leaf's rows. */
  function renewed({ start, end, lower, upper }: GrownLeaf, level: number): number {
    const rows = uint32.subarray((plan.index >> 2) + start, (plan.index >> 2) + end);
    const residuals = new Float64Array(rows.length);
    const weights = plan.weight === 0 ? undefined : new Float64Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      residuals[i] = float32[(plan.target >> 2) + rows[i]] - float32[(plan.margin >> 2) + rows[i]];
      if (weights !== undefined) weights[i] = float32[(plan.weight >> 2) + rows[i]];
    }
    return Math.min(Math.max(weightedQuantile(residuals, weights, level), lower), upper);
  }

  /** Weight of the rows of the sample that reach each node. */
  function withCovers(tree: Trees, leaves: readonly GrownLeaf[]): Trees {
    const cover = new Float64Array(tree.feature.length);
    for (const { node, start, end } of leaves) {
      cover[node] = end - start;
      if (plan.weight === 0) continue;
      let sum = 0;
      for (let i = start; i < end; i++) sum += float32[(plan.weight >> 2) + uint32[(plan.index >> 2) + i]];
      cover[node] = sum;
    }
    // Children stand behind their parents.
    for (let node = cover.length - 1; node >= 0; node--) {
      if (tree.left[node] >= 0) cover[node] = cover[tree.left[node]] + cover[tree.right[node]];
    }
    return { ...tree, cover };
  }

  function addLeaves(leaves: readonly GrownLeaf[]): void {
    let chunks = 0;
    leaves.forEach(({ start, end, value }, leaf) => {
      float32[(plan.leaves >> 2) + leaf] = value;
      for (let begin = start; begin < end; begin += leafChunkRows) {
        int32.set([leaf, begin, Math.min(begin + leafChunkRows, end)], (plan.leafChunks >> 2) + 3 * chunks++);
      }
    });
    run(at.phaseLeaves, chunks);
  }

  /** Rows outside the sample walk down the finished tree by their bins. */
  function walk(tree: Trees, nRows: number): void {
    for (let node = 0; node < tree.feature.length; node++) {
      const record = plan.walkNodes + node * at.walkNodeBytes;
      const feature = tree.feature[node];
      int32.set([feature, tree.left[node], tree.right[node]], record >> 2);
      float32[(record + 12) >> 2] = tree.value[node];
      if (feature >= 0) bytes.set(sidesOfNode(tree, node, mapper!), record + 16);
    }
    int32[at.sampleEndAt >> 2] = nRows;
    run(at.phaseWalk, Math.ceil((plan.nRows - nRows) / at.tileRows));
  }

  return {
    bin(first, count) {
      int32[at.stagedFirstAt >> 2] = first;
      run(at.phaseBounds, count);
      run(at.phaseMap, count * Math.ceil(plan.nRows / at.mapRows));
    },
    begin(complete) {
      mapper = complete;
      uint16.set(complete.valueBins, plan.valueBins >> 1);
    },
    derive(isInKernels) {
      run(isInKernels ? at.phaseDerive : at.phaseMaxima, rowChunks);
    },
    reorder() {
      const move = (array: number, bytes: number): void => {
        int32[at.movedArrayAt >> 2] = array;
        int32[at.movedBytesAt >> 2] = bytes;
        run(at.phaseGather, rowChunks);
        run(at.phaseReturn, rowChunks);
      };
      for (let j = 0; j < plan.nFeatures; j++) move(plan.columns + j * plan.columnStride, 1);
      move(plan.target, 4);
      if (plan.weight !== 0) move(plan.weight, 4);
      for (let k = 0; k < plan.nMargins; k++) move(plan.margin + 4 * k * plan.nRows, 4);
      laidOut = undefined;
    },
    grow({ margin, features, nRows, seed }) {
      layOut(features);
      const isSampled = nRows < plan.nRows;
      const scales = scalesFor(nRows, plan.isWide, plan.isWide ? maxima(margin) : binaryMaxima);
      writeScales(scales);
      int32[at.currentMarginAt >> 2] = margin;
      int32[at.isSampledAt >> 2] = Number(isSampled);
      const isFused = !plan.isWide && !isSampled;
      if (plan.isWide) run(at.phaseQuantise, rowChunks);
      else if (isSampled) run(at.phaseBinaryPack, rowChunks);
      const rootPhase = isFused ? at.phaseBinaryRoot : at.phaseRoot;
      const request = { features, nRows, rootPhase, scales, seed };
      const { builder, leaves, gains } = growTree(memory, kernels, run, rules, mapper!, request);
      if (rules.renewal !== undefined) {
        // A symmetric tree may have leaves without rows.
        for (const leaf of leaves) {
          if (leaf.end > leaf.start) leaf.value = rules.learningRate * renewed(leaf, rules.renewal);
        }
      }
      for (const { node, value } of leaves) builder.setValue(node, value);
      const tree = withCovers(builder.finish(), leaves);
      addLeaves(leaves);
      if (isSampled) walk(tree, nRows);
      return { tree, gains };
    },
  };
}

/** `[256]` which way the bins of the node's feature go. */
function sidesOfNode(tree: Trees, node: number, mapper: BinMapper): Uint8Array {
  const feature = tree.feature[node];
  const missingLeft = tree.missingLeft[node] === 1;
  const codes = mapper.categories[feature];
  const missingBin = mapper.valueBins[feature];
  if (codes === undefined) {
    const bounds = mapper.bounds[feature];
    const bin = tree.threshold[node] === Infinity ? bounds.length : bounds.indexOf(tree.threshold[node]);
    return sidesOf({ bin, missingLeft }, missingBin);
  }
  const set = new Uint8Array(32);
  codes.forEach((code, bin) => {
    if (isInSet(tree.categories!, node, code)) set[bin >> 3] |= 1 << (bin & 7);
  });
  return sidesOf({ bin: 0, missingLeft, set }, missingBin);
}
