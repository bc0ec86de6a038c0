import { KolError } from '../../core/errors.js';
import { studyTag } from '../run-record.js';
import type { RunStore } from '../run-store.js';
import { readSyncState } from './sync-state.js';

/** Ids of the runs that the MLflow at `target` was not yet seen to have as their journals are now; trials of searches stay here. Asks no server. */
export async function unsyncedRuns(store: RunStore, target: string): Promise<ReadonlySet<string>> {
  const { runs: seen } = await readSyncState(store.folder, target);
  const { runs } = await store.listRuns();
  const missing = new Set<string>();
  for (const { runId, tags } of runs) {
    if (tags[studyTag] !== undefined) continue;
    const entries = await store.readJournal(runId).then(
      (journal) => journal.entries.length,
      (error: unknown) => {
        if (error instanceof KolError) return -1;
        throw error;
      },
    );
    if (seen[runId]?.entries !== entries) missing.add(runId);
  }
  return missing;
}
