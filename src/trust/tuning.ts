import type { FitContext } from '../champion/fit.js';
import { trainedOnInAll } from '../ensemble/folds.js';
import type { TuningTask } from '../release/tune-champion.js';
import { readPinned } from '../sources/pinned-reading.js';
import type { TableSource } from '../sources/table-source.js';
import type { TrustConfig } from './config.js';
import { trustQuery } from './query.js';
import { trustRows } from './rows.js';
import { trustSpec } from './spec.js';
import { trustSplits } from './splits.js';
import { trustWords } from './words.js';

/** What a search for the boosters of trust may look at, and what it is judged on. */
export async function trustTuning(
  config: TrustConfig,
  source: TableSource,
  { signal }: Pick<FitContext, 'signal'>,
): Promise<TuningTask> {
  const { table, lineage } = await readPinned(source, trustQuery(config), config, signal);
  const rows = trustRows(table);
  const { random, forward } = trustSplits(rows, config);
  return {
    model: config.model,
    data: rows.data,
    spec: trustSpec(rows, config.folds, config.boosters),
    stopsEarly: false,
    rows: trainedOnInAll([random, forward]),
    digest: lineage.digest,
    held: [
      { ...trustWords.random, split: random, data: rows.data },
      { ...trustWords.forward, split: forward, data: rows.data },
    ],
  };
}
