import { readdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../src/core/errors.js';
import { openModelRegistry } from '../../src/registry/model-registry.js';
import { oncePerKey } from '../../src/registry/run-key.js';
import { openRunStore, type RunStore } from '../../src/registry/run-store.js';
import { localModelStore } from '../../src/release/model-store.js';
import { scratchFolder } from '../sources/scratch.js';

const scratch = scratchFolder();
let stores = 0;
const store = (): RunStore => openRunStore(join(scratch, String(stores++)));

describe('oncePerKey', () => {
  it('works once for a key, and tells the same afterwards; other keys and other work are others', async () => {
    const runs = store();
    let done = 0;
    const work = (): Promise<string> => Promise.resolve(`outcome ${++done}`);
    expect(await oncePerKey(runs, 'train', 'night 1', work)).toEqual({ text: 'outcome 1', repeated: false });
    expect(await oncePerKey(runs, 'train', 'night 1', work)).toEqual({ text: 'outcome 1', repeated: true });
    expect(await oncePerKey(runs, 'train', 'night/2', work)).toMatchObject({ text: 'outcome 2' });
    expect(await oncePerKey(runs, 'score', 'night 1', work)).toMatchObject({ text: 'outcome 3' });
    await expect(oncePerKey(runs, 'train', ' ', work)).rejects.toThrow('run key " " must have 1 to 250');
  });

  it('works again after a failure, and refuses a second worker meanwhile', async () => {
    const runs = store();
    const twice = await oncePerKey(runs, 'train', 'k', async () => {
      await expect(oncePerKey(runs, 'train', 'k', () => Promise.resolve('x'))).rejects.toThrow(ServiceError);
      throw new Error('broken');
    }).catch((error: Error) => error.message);
    expect(twice).toBe('broken');
    expect(await oncePerKey(runs, 'train', 'k', () => Promise.resolve('whole'))).toEqual({
      text: 'whole',
      repeated: false,
    });
  });

  it('takes over from a process that is gone', async () => {
    const runs = store();
    await oncePerKey(runs, 'train', 'k', async () => {
      const keys = join(runs.folder, 'run-keys', 'train');
      const [lock] = (await readdir(keys)).filter((name) => name.endsWith('.lock'));
      const [turn] = await readdir(join(keys, lock));
      const gone = { token: 't', user: 'u', host: hostname(), pid: 4_194_304, released: false };
      await writeFile(join(keys, lock, turn), JSON.stringify(gone));
      expect(await oncePerKey(runs, 'train', 'k', () => Promise.resolve('theirs'))).toMatchObject({
        text: 'theirs',
      });
      return 'mine';
    });
  });
});

describe('a model store with a run key', () => {
  const release = {
    name: 'kol-x',
    label: 'x',
    params: {},
    datasets: [],
    metrics: {},
    files: { 'model.onnx': 'bytes' },
  };
  const better = { decision: 'promote', reason: 'better' } as const;

  it('keeps a release once, and is not judged against itself', async () => {
    const runs = store();
    const models = openModelRegistry(runs);
    await localModelStore(runs, models).keep(release, better, null);
    const keyed = localModelStore(runs, models, { runKey: 'night' });
    const first = await keyed.keep(release, better, 1);
    expect(first.version).toBe(2);
    expect(await keyed.champion('kol-x', 'model.onnx')).toMatchObject({ version: 1 });
    expect(await keyed.keep(release, better, 1)).toEqual(first);
    expect((await runs.listRuns()).runs).toHaveLength(2);
    expect(await models.aliases('kol-x')).toEqual({ champion: 2, previous: 1 });
    // What people undid stays undone.
    await models.rollback({ name: 'kol-x' });
    await keyed.keep(release, better, 1);
    expect(await models.aliases('kol-x')).toEqual({ champion: 1, previous: 2 });
  });

  it('goes on where a crash came between the run, its version and its promotion', async () => {
    const runs = store();
    const models = openModelRegistry(runs);
    const broken = {
      ...models,
      registerVersion: () => Promise.reject(new Error('crash before the version')),
    };
    const keyed = (registry: typeof models) => localModelStore(runs, registry, { runKey: 'night' });
    await expect(keyed(broken).keep(release, better, null)).rejects.toThrow('crash');
    const unpromoted = { ...models, promote: () => Promise.reject(new Error('crash before the promotion')) };
    await expect(keyed(unpromoted).keep(release, better, null)).rejects.toThrow('crash');
    expect(await keyed(models).keep(release, better, null)).toMatchObject({ version: 1 });
    expect((await models.aliases('kol-x')).champion).toBe(1);
    expect((await runs.listRuns()).runs).toHaveLength(1);
  });

  it('holds a version back where it is told to', async () => {
    const runs = store();
    const models = openModelRegistry(runs);
    await localModelStore(runs, models, { hold: true }).keep(release, better, null);
    expect((await models.aliases('kol-x')).champion).toBeNull();
    expect(await models.versions('kol-x')).toHaveLength(1);
  });
});
