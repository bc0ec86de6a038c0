import { spawn } from 'node:child_process';
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readSyncState, writeSyncState } from '../../../src/registry/sync/sync-state.js';
import { storeId } from '../../../src/registry/sync/store-id.js';
import { withSyncLock } from '../../../src/registry/sync/sync-lock.js';
import { temporaryFolder } from '../temporary-folder.js';

const lockModule = pathToFileURL(join(import.meta.dirname, '../../../dist/registry/sync/sync-lock.js')).href;

/** A process that holds the lock for ever, once it has it. */
async function holder(folder: string) {
  const program = `import { withSyncLock } from '${lockModule}';
    await withSyncLock(${JSON.stringify(folder)}, () => { process.stdout.write('held'); return new Promise(() => setInterval(() => {}, 1000)); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return child;
}

describe('the lock of a sync', () => {
  it('lets one at a time do its work', async () => {
    const folder = temporaryFolder();
    let inside = 0;
    let done = 0;
    const work = async (): Promise<void> => {
      expect(++inside).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 10));
      inside--;
      done++;
    };
    await Promise.all(Array.from({ length: 6 }, () => withSyncLock(folder, work)));
    expect(done).toBe(6);
    expect(await readdir(folder)).toHaveLength(1);
    await expect(withSyncLock(folder, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    await withSyncLock(folder, work, { waitMs: 0 });
  });

  it('is named by its holder, and free once that is killed', async () => {
    const folder = temporaryFolder();
    const child = await holder(folder);
    const taken = withSyncLock(folder, () => Promise.resolve(), { waitMs: 300 });
    await expect(taken).rejects.toThrow(`process ${child.pid} of`);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(await withSyncLock(folder, () => Promise.resolve('mine'), { waitMs: 0 })).toBe('mine');
  });

  it('is not held by another process of the same number, nor for ever by another machine', async () => {
    const folder = temporaryFolder();
    const path = join(folder, '0000000001.lock');
    const held = {
      token: 't',
      user: 'u',
      host: hostname(),
      pid: process.pid,
      mark: 'other/1',
      released: false,
    };
    if (process.platform === 'linux') {
      await writeFile(path, JSON.stringify(held));
      await withSyncLock(folder, () => Promise.resolve(), { waitMs: 0 });
    }
    const newest = join(folder, '0000000009.lock');
    await writeFile(newest, JSON.stringify({ ...held, host: 'another-machine' }));
    await expect(withSyncLock(folder, () => Promise.resolve(), { waitMs: 0 })).rejects.toThrow(
      'u@another-machine',
    );
    const longAgo = new Date(Date.now() - 300_000);
    await utimes(newest, longAgo, longAgo);
    await withSyncLock(folder, () => Promise.resolve(), { waitMs: 0 });
    expect(await readdir(folder)).toEqual(['0000000010.lock']);
  });
});

it('the state of a sync is a cache: damaged or for another MLflow, it is empty', async () => {
  const folder = temporaryFolder();
  const state = {
    format: 1,
    target: 'http://a',
    runs: { r: { entries: 3, mlflowRunId: 'm' } },
    models: {},
  } as const;
  await writeSyncState(folder, state);
  expect(await readSyncState(folder, 'http://a')).toEqual(state);
  expect((await readSyncState(folder, 'http://b')).runs).toEqual({});
  const [file] = (await readdir(join(folder, 'sync'))).filter((name) => name.endsWith('.json'));
  await writeFile(
    join(folder, 'sync', file),
    (await readFile(join(folder, 'sync', file), 'utf8')).slice(0, 20),
  );
  expect((await readSyncState(folder, 'http://a')).runs).toEqual({});
});

it('the id of a store is chosen once', async () => {
  const folder = temporaryFolder();
  const ids = await Promise.all([storeId(folder), storeId(folder)]);
  expect(new Set([...ids, await storeId(folder)]).size).toBe(1);
  await writeFile(join(folder, 'sync', 'store-id'), 'x');
  await expect(storeId(folder)).rejects.toThrow('remove it');
});
