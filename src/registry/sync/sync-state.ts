import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../core/record.js';
import { makeFolder, writeFileAtomically } from '../atomic-file.js';

const state = z.object({
  format: z.literal(1),
  /** Address of MLflow without login. */
  target: z.string(),
  runs: z.record(z.string(), z.object({ entries: z.int(), mlflowRunId: z.string() })),
  models: z.record(z.string(), z.object({ versions: z.record(z.string(), z.int()), generation: z.int() })),
});

/**
 * What MLflow was last seen to have of this store: entries of each run's journal, number by local version, changes of
 * the aliases. Only saves asking: without it everything is looked up in MLflow itself.
 */
export type SyncState = z.infer<typeof state>;

/** The state of a store towards one MLflow; an empty one where it is missing or damaged. */
export async function readSyncState(storeFolder: string, target: string): Promise<SyncState> {
  try {
    const read = state.parse(JSON.parse(await readFile(pathOf(storeFolder, target), 'utf8')));
    if (read.target === target) return read;
  } catch {
    // Looked up anew.
  }
  return { format: 1, target, runs: {}, models: {} };
}

/** Keeps the state. */
export async function writeSyncState(storeFolder: string, content: SyncState): Promise<void> {
  await makeFolder(join(storeFolder, 'sync'));
  await writeFileAtomically(pathOf(storeFolder, content.target), `${JSON.stringify(content)}\n`);
}

function pathOf(storeFolder: string, target: string): string {
  return join(storeFolder, 'sync', `${sha256(target).slice(0, 16)}.json`);
}
