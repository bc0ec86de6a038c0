import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readSyncState, writeSyncState } from '../../../src/registry/sync/sync-state.js';
import { storeId } from '../../../src/registry/sync/store-id.js';
import { temporaryFolder } from '../temporary-folder.js';

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
