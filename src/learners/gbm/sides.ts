import type { Scales } from './scales.js';
import { leafValue, type NodeSums, type Split } from './split.js';
import type { TrainingMemory } from './training-memory.js';

/** `[256]` 1 for the bins whose rows go right. */
export function sidesOf(split: Pick<Split, 'bin' | 'missingLeft' | 'set'>, missingBin: number): Uint8Array {
  const { bin, missingLeft, set } = split;
  const sides = new Uint8Array(256).fill(1);
  if (set === undefined) sides.fill(0, 0, bin + 1);
  else for (let b = 0; b < missingBin; b++) if (((set[b >> 3] >> (b & 7)) & 1) === 1) sides[b] = 0;
  sides[missingBin] = missingLeft ? 0 : 1;
  return sides;
}

/** The sums of both sides, and the ranges that a monotone sign leaves their values. */
export function sideSums(
  node: NodeSums,
  split: Pick<Split, 'gradient' | 'hessian' | 'count'>,
  sign: number,
  l1: number,
  l2: number,
): { left: NodeSums; right: NodeSums } {
  const { lower, upper } = node;
  const left = { gradient: split.gradient, hessian: split.hessian, count: split.count, lower, upper };
  const right = {
    gradient: node.gradient - split.gradient,
    hessian: node.hessian - split.hessian,
    count: node.count - split.count,
    lower,
    upper,
  };
  if (sign !== 0) {
    // A symmetric level may leave a side empty: it takes the value of the other.
    const leftValue = leafValue(left.hessian === 0 ? right : left, l1, l2);
    const rightValue = leafValue(right.hessian === 0 ? left : right, l1, l2);
    const middle = (leftValue + rightValue) / 2;
    if (sign > 0) left.upper = right.lower = middle;
    else left.lower = right.upper = middle;
  }
  return { left, right };
}

/** Sums of the bins of one slot that `isTaken`, of the histogram at `histogram`. */
export function binSums(
  { plan, bytes }: TrainingMemory,
  histogram: number,
  slot: number,
  countShift: number,
  isTaken: (bin: number) => boolean,
): { gradient: number; hessian: number; count: number } {
  const words = plan.entryBytes / 8;
  const entries = new BigInt64Array(bytes.buffer, histogram + slot * 256 * plan.entryBytes, 256 * words);
  let first = 0n;
  let second = 0n;
  for (let bin = 0; bin < 256; bin++) {
    if (!isTaken(bin)) continue;
    first += entries[bin * words];
    if (plan.isWide) second += entries[bin * words + 1];
  }
  if (!plan.isWide) {
    return { gradient: Number(first >> 32n), hessian: Number(first & 0xffffffffn), count: 0 };
  }
  const shift = BigInt(countShift);
  return {
    gradient: Number(first),
    hessian: Number(second & ((1n << shift) - 1n)),
    count: Number(second >> shift),
  };
}

/** Whether a node's histogram has rows in the bin of missing values. */
export function hasMissing(
  { plan, int32 }: TrainingMemory,
  histogram: number,
  slot: number,
  missingBin: number,
): boolean {
  const entry = (histogram + (slot * 256 + missingBin) * plan.entryBytes) >> 2;
  // Hessians, which are never 0, stand in the low half of a narrow entry and in the second one of a wide.
  return plan.isWide ? int32[entry + 2] !== 0 || int32[entry + 3] !== 0 : int32[entry] !== 0;
}

/**
 * The sums of a whole tree, of which every slot has all rows: those of the first one.
 * @param missingBin the last bin of its feature; what lies behind it in the histogram means nothing
 */
export function rootSums(
  memory: TrainingMemory,
  histogram: number,
  nRows: number,
  scales: Scales,
  missingBin: number,
): NodeSums {
  const { gradient, hessian } = binSums(memory, histogram, 0, scales.countShift, (bin) => bin <= missingBin);
  return { gradient, hessian, count: nRows, lower: -Infinity, upper: Infinity };
}
