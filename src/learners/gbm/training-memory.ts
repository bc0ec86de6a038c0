import * as at from '../kernels/control.js';
import type { GrowthRules } from './growth-rules.js';
import type { MemoryPlan } from './memory-plan.js';

/** The memory of a fit, read and written by address. */
export interface TrainingMemory {
  readonly plan: MemoryPlan;
  readonly bytes: Uint8Array;
  readonly int32: Int32Array;
  readonly uint16: Uint16Array;
  readonly uint32: Uint32Array;
  readonly float32: Float32Array;
  readonly float64: Float64Array;
}

/** Views of all of it; the memory never grows, so they stay good. */
export function viewMemory(buffer: SharedArrayBuffer, plan: MemoryPlan): TrainingMemory {
  return {
    plan,
    bytes: new Uint8Array(buffer),
    int32: new Int32Array(buffer),
    uint16: new Uint16Array(buffer),
    uint32: new Uint32Array(buffer),
    float32: new Float32Array(buffer),
    float64: new Float64Array(buffer),
  };
}

/** Tells the kernels where everything lies. */
export function writePlan({ plan, int32, bytes }: TrainingMemory, rules: GrowthRules): void {
  const set = (address: number, value: number): void => {
    int32[address >> 2] = value;
  };
  set(at.threadsAt, plan.threads);
  set(at.rowsAt, plan.nRows);
  set(at.indexAt, plan.index);
  set(at.scratchAt, plan.scratch);
  set(at.columnsAt, plan.columns);
  set(at.columnStrideAt, plan.columnStride);
  set(at.rowMajorAt, plan.rowMajor);
  set(at.packedAt, plan.packed);
  set(at.isWideAt, Number(plan.isWide));
  set(at.slotsAt, plan.nSlots);
  set(at.slotFeaturesAt, plan.slotFeatures);
  set(at.threadMemoryAt, plan.threadMemory);
  set(at.threadBytesAt, plan.threadBytes);
  set(at.threadHistogramsAt, plan.threadHistograms);
  set(at.histogramBytesAt, plan.histogramBytes);
  set(at.begunAt, plan.begun);
  set(at.leftCountsAt, plan.leftCounts);
  set(at.leftOffsetsAt, plan.leftOffsets);
  set(at.valueBinsAt, plan.valueBins);
  set(at.signsAt, plan.signs);
  set(at.isCategoryAt, plan.isCategory);
  set(at.maxCategoriesOneHotAt, rules.maxCategoriesOneHot);
  set(at.maxCategoriesPerSplitAt, rules.maxCategoriesPerSplit);
  set(at.minSamplesPerCategoryAt, rules.minSamplesPerCategory);
  set(at.resultsAt, plan.results);
  set(at.levelRecordsAt, plan.levelRecords);
  set(at.levelGainsAt, plan.levelGains);
  set(at.targetAt, plan.target);
  set(at.weightAt, plan.weight);
  set(at.marginAt, plan.margin);
  set(at.gradientAt, plan.gradient);
  set(at.hessianAt, plan.hessian);
  set(at.marginsAt, plan.nMargins);
  set(at.baseAt, plan.base);
  set(at.chunkMaximaAt, plan.chunkMaxima);
  set(at.leavesAt, plan.leaves);
  set(at.leafChunksAt, plan.leafChunks);
  set(at.walkNodesAt, plan.walkNodes);
  set(at.boundsAt, plan.bounds);
  set(at.boundCountsAt, plan.boundCounts);
  set(at.stagedAt, plan.stagedAddresses);
  set(at.sampleRowsAt, plan.sampleRows);
  set(at.sampleSizeAt, plan.sampleSize);
  set(at.sortMemoryAt, plan.sortMemory);
  set(at.sortBytesAt, plan.sortBytes);
  new Int8Array(bytes.buffer, plan.signs, plan.nFeatures).set(rules.signs);
  bytes.set(rules.isCategory, plan.isCategory);
}
