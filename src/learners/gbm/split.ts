import { resultBytes } from '../kernels/control.js';
import type { TrainingMemory } from './training-memory.js';

/** A node's sums, in quantised units, and the range its value may take under monotone constraints. */
export interface NodeSums {
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
  readonly lower: number;
  readonly upper: number;
}

/** The best cut of a node. */
export interface Split {
  /** Place among the columns of the tree. */
  readonly slot: number;
  /** Rows with bin <= `bin` go left; of no meaning beside `set`. */
  readonly bin: number;
  readonly missingLeft: boolean;
  /** Bins of the categories that go left, a bit each. */
  readonly set?: Uint8Array;
  /** In units of the quantised sums. */
  readonly gain: number;
  /** Sums of the left side; the count is an estimate where entries are narrow. */
  readonly gradient: number;
  readonly hessian: number;
  readonly count: number;
}

/** The Newton step -S(G, l1) / (H + l2), held within the node's range (Chen & Guestrin 2016, eq. 5). */
export function leafValue(sums: NodeSums, l1: number, l2: number): number {
  const { gradient, hessian, lower, upper } = sums;
  const soft = Math.sign(gradient) * Math.max(Math.abs(gradient) - l1, 0);
  const value = -soft / (hessian + l2);
  return Math.min(Math.max(Number.isFinite(value) ? value : 0, lower), upper);
}

/**
 * The best of what the kernels found for each slot; of equals the first.
 * @param which 0: the side that was summed, 1: the other
 * @param allowed `[nSlots]` 1 for slots that may win; all when left out
 */
export function bestSplit(
  memory: TrainingMemory,
  which: 0 | 1,
  isCategory: (slot: number) => boolean,
  allowed?: Uint8Array,
): Split | undefined {
  const { plan, float64, int32, bytes } = memory;
  const first = plan.results + which * plan.nSlots * resultBytes;
  let best = -1;
  let bestGain = -1;
  for (let slot = 0; slot < plan.nSlots; slot++) {
    if (allowed?.[slot] === 0) continue;
    const gain = float64[(first + slot * resultBytes) >> 3];
    if (gain > bestGain) {
      bestGain = gain;
      best = slot;
    }
  }
  if (best < 0) return undefined;
  const at = first + best * resultBytes;
  return {
    slot: best,
    gain: bestGain,
    gradient: float64[(at + 8) >> 3],
    hessian: float64[(at + 16) >> 3],
    count: float64[(at + 24) >> 3],
    bin: int32[(at + 32) >> 2],
    missingLeft: int32[(at + 36) >> 2] === 1,
    ...(isCategory(best) && { set: bytes.slice(at + 40, at + 72) }),
  };
}
