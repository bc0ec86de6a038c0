import { join } from 'node:path';
import { readFile } from 'node:fs/promises';
import { ConfigError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import { makeFolder, writeFileAtomically } from './atomic-file.js';
import { withProcessLock } from './process-lock.js';
import type { RunRecord } from './run-record.js';
import type { RunStore } from './run-store.js';
import { errnoOf } from './storage-error.js';

/** Tag of a run that names the key under which a scheduler asked for it. */
export const runKeyTag = 'run_key';

/** The finished run of an experiment that was kept under `key`. */
export async function runOfKey(
  store: RunStore,
  experiment: string,
  key: string,
): Promise<RunRecord | undefined> {
  const { runs } = await store.listRuns({ experiment });
  return runs.find(({ status, tags }) => status === 'finished' && tags[runKeyTag] === key);
}

/**
 * Does `work` once for every key, and afterwards gives the text that it gave then. Work that failed is done again.
 * @param name of the work: keys of other work are others
 * @throws {ServiceError} while another process does the same work under that key
 */
export async function oncePerKey(
  store: RunStore,
  name: string,
  key: string,
  work: () => Promise<string>,
): Promise<{ readonly text: string; readonly repeated: boolean }> {
  if (key.trim() === '' || key.length > 250)
    throw new ConfigError(`run key ${JSON.stringify(key)} must have 1 to 250 characters`);
  const folder = join(store.folder, 'run-keys', name);
  const done = join(folder, `${sha256(key).slice(0, 32)}.json`);
  await makeFolder(folder);
  const before = await textOf(done);
  if (before !== undefined) return { text: before, repeated: true };
  const doOnce = async (): Promise<{ text: string; repeated: boolean }> => {
    // It may have been done between the two looks.
    const meanwhile = await textOf(done);
    if (meanwhile !== undefined) return { text: meanwhile, repeated: true };
    const text = await work();
    await writeFileAtomically(done, text);
    return { text, repeated: false };
  };
  return withProcessLock(`${done}.lock`, doOnce, {
    busy: (who) => `${name} already runs under run key ${key} (${who}); wait for it, or stop it`,
    waitMs: 0,
  });
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}
