import * as at from '../kernels/control.js';
import type { BinMapper } from './bin-mapper.js';
import type { RunPhase } from './run-phase.js';
import { binSums, sidesOf } from './sides.js';
import { bestSplit, type NodeSums, type Split } from './split.js';
import type { TrainingMemory } from './training-memory.js';

interface LevelNode {
  readonly sums: NodeSums;
  readonly histogram: number;
}

/** The one cut a whole level makes: what it is in each of its nodes. */
export interface LevelCut {
  /** The gain is that of the level: each of its splits carries its share. */
  splitOf(node: LevelNode): Split;
}

/** The cut with the largest sum of gains over all nodes of a level (oblivious trees; Prokhorenkova et al. 2018). */
export function levelCut(
  memory: TrainingMemory,
  run: RunPhase,
  nodes: readonly LevelNode[],
  features: Uint16Array,
  mapper: BinMapper,
  allowed: Uint8Array | undefined,
): LevelCut | undefined {
  const { plan, int32, float64 } = memory;
  nodes.forEach(({ sums, histogram }, which) => {
    const record = plan.levelRecords + which * at.scanNodeBytes;
    float64.set([sums.gradient, sums.hessian, sums.count, sums.lower, sums.upper], record >> 3);
    int32[(record + 48) >> 2] = histogram;
  });
  int32[at.levelNodesAt >> 2] = nodes.length;
  run(at.phaseLevel, Math.ceil(plan.nSlots / at.slotsPerTask));
  const best = bestSplit(memory, 0, () => false, allowed);
  if (best === undefined) return undefined;
  const { slot, bin, missingLeft } = best;
  const sides = sidesOf(best, mapper.valueBins[features[slot]]);
  const countShift = int32[at.countShiftAt >> 2];
  return {
    splitOf({ sums, histogram }) {
      const left = binSums(memory, histogram, slot, countShift, (b) => sides[b] === 0);
      const count = plan.isWide ? left.count : (left.hessian * sums.count) / (sums.hessian || 1);
      return { slot, bin, missingLeft, gain: best.gain / nodes.length, ...left, count };
    },
  };
}
