import { ConfigError, DataError } from '../../core/errors.js';
import { mostBinningRows } from './bin-mapper.js';
import { planMemory, type MemoryPlan } from './memory-plan.js';
import type { Objective } from './objectives/objective.js';
import type { GradientBoostingParams } from './params.js';

const mostThreads = 64;
const mostFeatures = 65_535;
const mostCells = 2 ** 31;
/** Fewer cells are done before a thread has started. */
const fewCells = 1_000_000;
/** Rows from which, and up to which, narrow histogram entries leave enough bits to a row. */
const narrowRows = [2 ** 16, 2 ** 23];

/** Whether the kernels may pack the derivatives of log loss without a pass for their scale. */
function isPlainBinary(params: GradientBoostingParams, hasWeights: boolean, nRows: number): boolean {
  return (
    params.objective === 'binary' &&
    params.sampling === 'uniform' &&
    !hasWeights &&
    nRows >= narrowRows[0] &&
    nRows <= narrowRows[1]
  );
}

/**
 * The memory of a fit and where everything lies in it.
 * @throws {ConfigError} for a wrong number of threads
 * @throws {DataError} when the data are too large, before any work starts
 */
export function openMemory(
  params: GradientBoostingParams,
  objective: Objective,
  size: { readonly nRows: number; readonly nFeatures: number; readonly hasWeights: boolean },
  threads: number,
): { memory: WebAssembly.Memory; plan: MemoryPlan } {
  const { nRows, nFeatures, hasWeights } = size;
  if (!(Number.isInteger(threads) && threads >= 1 && threads <= mostThreads)) {
    throw new ConfigError(`threads=${threads} must be a whole number from 1 to ${mostThreads}`);
  }
  if (nFeatures > mostFeatures) {
    throw new DataError(`fit: ${nFeatures} features, at most ${mostFeatures} can be learned from`);
  }
  if (nRows * nFeatures > mostCells) {
    throw new DataError(
      `fit: ${nRows} rows of ${nFeatures} features are more than 2^31 cells; give it fewer rows or columns`,
    );
  }
  const symmetric = params.growth === 'symmetric';
  const mostLeaves = symmetric
    ? 2 ** params.maxDepth
    : Math.min(params.maxLeafNodes, Math.floor(nRows / params.minSamplesLeaf) + 1);
  // Bounded gradients of equal weight are well served by few bits; others may be small beside their largest.
  const plan = planMemory({
    nRows,
    nFeatures,
    nMargins: objective.nMargins,
    threads: nRows * nFeatures < fewCells ? 1 : threads,
    isWide: !isPlainBinary(params, hasWeights, nRows),
    hasWeights,
    isSampled: params.subsample < 1 || params.sampling === 'goss',
    isSymmetric: symmetric,
    nSlots: Math.max(1, Math.round(params.colsampleByTree * nFeatures)),
    mostOpen: symmetric
      ? 2 ** params.maxDepth
      : Math.min(mostLeaves, Math.floor(nRows / (2 * params.minSamplesLeaf)) + 1) + 1,
    mostNodes: 2 * mostLeaves,
    sampleSize: Math.min(nRows, mostBinningRows),
  });
  const pages = Math.ceil(plan.totalBytes / 65536);
  try {
    return { memory: new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true }), plan };
  } catch (error) {
    throw new DataError(
      `fit: the system refuses ${(plan.totalBytes / 2 ** 20).toFixed(0)} MiB of memory for ${nRows} rows of ` +
        `${nFeatures} features`,
      { cause: error },
    );
  }
}
