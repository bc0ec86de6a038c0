import * as at from '../kernels/control.js';
import type { Kernels } from '../kernels/instance.js';
import type { RunPhase } from './run-phase.js';
import type { NodeSums } from './split.js';
import type { TrainingMemory } from './training-memory.js';

/** What is looked for in one of the two nodes of a scan. */
export interface ScanNode {
  readonly sums: NodeSums;
  /** `[nSlots]` 1 for slots that may be split; all when left out. */
  readonly allowed?: Uint8Array;
  /** `[nSlots]` the only bin to try; all when left out. */
  readonly draws?: Int32Array;
}

/** The phases that grow a tree, as calls. */
export interface NodePhases {
  /** Sums all rows of the tree into `histogram`. */
  sumRoot(phase: number, nRows: number, histogram: number): void;
  /**
   * Parts the rows of `[start, end)` by `sides` and sums one side into `histogram`.
   * @returns where the right rows begin, once `finish` has moved them
   */
  divide(
    node: { readonly start: number; readonly end: number; readonly column: number },
    sides: Uint8Array,
    summed: { readonly side: -1 | 0 | 1; readonly histogram: number },
  ): number;
  /**
   * Turns the parent's histogram into that of the side that was not summed, and looks for the best cuts.
   * @param rest the parent's histogram, 0 for none
   */
  finish(
    histogram: number,
    rest: number,
    scans: { readonly summed?: ScanNode | undefined; readonly rest?: ScanNode | undefined },
  ): void;
  /** Looks for the best cuts of a histogram that is complete. */
  scan(histogram: number, node: ScanNode): void;
}

/** Small enough for every thread to get some of a node, large enough to be worth a claim. */
function chunkRowsOf(nRows: number, threads: number): number {
  return threads === 1 ? at.tileRows : Math.min(at.tileRows, Math.max(512, Math.ceil(nRows / (4 * threads))));
}

/** @throws {InterruptedError} from every call, once the fit was stopped */
export function nodePhases(memory: TrainingMemory, kernels: Kernels, run: RunPhase): NodePhases {
  const { plan, int32, float64, bytes } = memory;
  const scanTasks = Math.ceil(plan.nSlots / at.slotsPerTask);
  // Rows that `divide` has parted and `finish` has yet to move.
  let moves = 0;

  const set = (address: number, value: number): void => {
    int32[address >> 2] = value;
  };

  function beginSums(histogram: number, chunks: number): void {
    const isApart = plan.threads > 1 && chunks > 1;
    set(at.summedAt, histogram);
    set(at.isSummedApartAt, Number(isApart));
    // Never used before in this fit: a thread's histogram of an earlier tree must not pass for one of this.
    int32[at.summationAt >> 2]++;
    if (!isApart) kernels.clearHistogram(histogram);
  }

  function writeNode(which: 0 | 1, node: ScanNode | undefined): void {
    set(which === 0 ? at.scanSummedAt : at.scanRestAt, Number(node !== undefined));
    if (node === undefined) return;
    const base = at.scanNodesAt + which * at.scanNodeBytes;
    const { sums, allowed, draws } = node;
    float64.set([sums.gradient, sums.hessian, sums.count, sums.lower, sums.upper], base >> 3);
    set(base + 40, allowed === undefined ? 0 : plan.allowed[which]);
    set(base + 44, draws === undefined ? 0 : plan.draws[which]);
    if (allowed !== undefined) bytes.set(allowed, plan.allowed[which]);
    if (draws !== undefined) int32.set(draws, plan.draws[which] >> 2);
  }

  return {
    sumRoot(phase, nRows, histogram) {
      const chunks = Math.ceil(nRows / at.tileRows);
      set(at.sampleEndAt, nRows);
      beginSums(histogram, chunks);
      run(phase, chunks);
      moves = 0;
    },
    divide({ start, end, column }, sides, { side, histogram }) {
      const chunkRows = chunkRowsOf(end - start, plan.threads);
      const chunks = Math.ceil((end - start) / chunkRows);
      set(at.nodeChunkRowsAt, chunkRows);
      set(at.nodeStartAt, start);
      set(at.nodeEndAt, end);
      set(at.splitColumnAt, column);
      set(at.summedSideAt, side);
      bytes.set(sides, at.sidesAt);
      if (side >= 0) beginSums(histogram, chunks);
      run(at.phaseDivide, chunks);
      moves = chunks;
      return start + kernels.countLeft(chunks);
    },
    finish(histogram, rest, scans) {
      set(at.restAt, rest);
      writeNode(0, scans.summed);
      writeNode(1, scans.rest);
      const tasks = histogram === 0 ? 0 : scanTasks;
      set(at.scanTasksAt, tasks);
      run(at.phaseScan, tasks + moves);
      moves = 0;
    },
    scan(histogram, node) {
      set(at.summedAt, histogram);
      set(at.isSummedApartAt, 0);
      set(at.restAt, 0);
      writeNode(0, node);
      writeNode(1, undefined);
      set(at.scanTasksAt, scanTasks);
      run(at.phaseScan, scanTasks);
    },
  };
}
