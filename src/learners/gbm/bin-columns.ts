import type { BinMapper } from './bin-mapper.js';
import { binCategories } from './category-bins.js';
import { maxBinsAt, sampleRowsAt } from '../kernels/control.js';
import type { Team } from './team.js';
import type { TrainingMemory } from './training-memory.js';
import type { TrainingRows } from './training-rows.js';

/**
 * Fills the memory with the bins of all columns. Values are staged a few columns at a time: no second copy of the
 * table is ever made.
 *
 * @param sample rows that bounds are found on; undefined for all
 */
export async function binColumns(
  memory: TrainingMemory,
  team: Team,
  { X, rows }: TrainingRows,
  isCategory: Uint8Array,
  maxBins: number,
  sample: Uint32Array | undefined,
): Promise<BinMapper> {
  const { plan, float32, int32, uint32, bytes } = memory;
  int32[maxBinsAt >> 2] = maxBins;
  if (sample === undefined) int32[sampleRowsAt >> 2] = 0;
  else uint32.set(sample, plan.sampleRows >> 2);
  const stagedRows = plan.staged >> 2;
  for (let first = 0; first < plan.nFeatures;) {
    if (isCategory[first] === 1) {
      first++;
      continue;
    }
    let count = 0;
    while (count < plan.nStaged && first + count < plan.nFeatures && isCategory[first + count] === 0) {
      const at = stagedRows + count * plan.nRows;
      const column = X.columns[first + count];
      if (rows === undefined) float32.set(column, at);
      else for (let i = 0; i < rows.length; i++) float32[at + i] = column[rows[i]];
      int32[(plan.stagedAddresses >> 2) + count] = at << 2;
      count++;
    }
    await team.ask('bin', first, count);
    first += count;
  }
  const categories = X.columns.map((column, j) => {
    if (isCategory[j] === 0) return undefined;
    const from = plan.columns + j * plan.columnStride;
    return binCategories(column, X.names[j], bytes.subarray(from, from + plan.nRows), rows);
  });
  const bounds = X.columns.map((_, j) => {
    const from = (plan.bounds >> 2) + 256 * j;
    return isCategory[j] === 1
      ? new Float32Array()
      : float32.slice(from, from + int32[(plan.boundCounts >> 2) + j]);
  });
  const valueBins = bounds.map(
    (own, j) => (categories[j] === undefined ? own.length : categories[j].length) + 1,
  );
  const mapper = { bounds, categories, valueBins };
  await team.ask('begin', mapper);
  return mapper;
}
