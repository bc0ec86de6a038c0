import { join } from 'node:path';
import { readFile, rm } from 'node:fs/promises';
import { ConfigError, ServiceError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import { createFileAtomically, makeFolder, writeFileAtomically } from './atomic-file.js';
import type { RunRecord } from './run-record.js';
import type { RunStore } from './run-store.js';
import { errnoOf } from './storage-error.js';
import { currentWriter, type Writer } from './writer.js';

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
  const lock = `${done}.lock`;
  await makeFolder(folder);
  const before = await textOf(done);
  if (before !== undefined) return { text: before, repeated: true };
  await take(lock, name, key);
  try {
    // It may have been done between the two looks.
    const meanwhile = await textOf(done);
    if (meanwhile !== undefined) return { text: meanwhile, repeated: true };
    const text = await work();
    await writeFileAtomically(done, text);
    return { text, repeated: false };
  } finally {
    await rm(lock, { force: true });
  }
}

async function take(lock: string, name: string, key: string): Promise<void> {
  const mine = currentWriter();
  for (;;) {
    if (await createFileAtomically(lock, JSON.stringify(mine))) return;
    const text = await textOf(lock);
    if (text === undefined) continue;
    const owner = JSON.parse(text) as Writer;
    if (owner.host !== mine.host || isRunning(owner.pid)) {
      throw new ServiceError(
        `${name} already runs under run key ${key} (process ${owner.pid} on ${owner.host}); wait for it, or remove ${lock} if it is gone`,
      );
    }
    await rm(lock, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errnoOf(error) === 'EPERM';
  }
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: unknown) => {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}
