import { execFile } from 'node:child_process';
import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { ConfigError, DataError, GateError } from '../../src/core/errors.js';
import { openModelRegistry, type ModelRegistry } from '../../src/registry/model-registry.js';
import { parseModelUri } from '../../src/registry/model-uri.js';
import { openRunStore, type RunStore } from '../../src/registry/run-store.js';
import { temporaryFolder, whileReadOnly } from './temporary-folder.js';

const name = 'kol-trust';

interface Fixture {
  readonly store: RunStore;
  readonly registry: ModelRegistry;
  readonly runIds: readonly string[];
}

/** A registry with as many versions of one model as asked for, each from a run of its own. */
async function registryWith(versions: number): Promise<Fixture> {
  const store = openRunStore(temporaryFolder());
  const registry = openModelRegistry(store);
  const runIds: string[] = [];
  for (let version = 1; version <= versions; version++) {
    const run = await store.start({ experiment: 'trust', name: `run ${version}` });
    await run.logArtifact('model.onnx', `graph ${version}`);
    await run.logArtifact('docs/model.json', `{"version":${version}}`);
    await run.finish('finished');
    const number = await registry.registerVersion({
      name,
      runId: run.runId,
      artifacts: ['model.onnx', 'docs/model.json'],
      tags: { auc: '0.9' },
      description: `version ${version}`,
    });
    expect(number).toBe(version);
    runIds.push(run.runId);
  }
  return { store, registry, runIds };
}

describe('registerVersion', () => {
  it('numbers versions and keeps what they are made of', async () => {
    const { registry, runIds } = await registryWith(2);
    const versions = await registry.versions(name);
    expect(versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(versions[1]).toMatchObject({
      name,
      runId: runIds[1],
      tags: { auc: '0.9' },
      description: 'version 2',
    });
    expect(versions[1].artifacts.map(({ path }) => path)).toEqual(['model.onnx', 'docs/model.json']);
    expect(await registry.versions('unknown')).toEqual([]);
  });

  it('gives registrations at the same time different numbers', async () => {
    const { registry, runIds } = await registryWith(1);
    const about = { name, runId: runIds[0], artifacts: ['model.onnx'] };
    const numbers = await Promise.all(Array.from({ length: 20 }, () => registry.registerVersion(about)));
    expect([...numbers].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, i) => i + 2));
    expect(await registry.versions(name)).toHaveLength(21);
  });

  it('refuses artifacts that are not what the run logged', async () => {
    const { store, registry, runIds } = await registryWith(1);
    const register = (...artifacts: string[]): Promise<number> =>
      registry.registerVersion({ name, runId: runIds[0], artifacts });
    await expect(register()).rejects.toThrow('needs at least one artifact');
    await expect(register('other.onnx')).rejects.toThrow(
      'logged no artifact other.onnx, only model.onnx, docs/model.json',
    );
    const file = store.artifactPath(runIds[0], 'model.onnx');
    writeFileSync(file, 'graph X');
    await expect(register('model.onnx')).rejects.toThrow(`${file} was changed after it was logged`);
    await expect(register('model.onnx')).rejects.toBeInstanceOf(DataError);
    rmSync(file);
    await expect(register('docs/model.json', 'model.onnx')).rejects.toThrow(`cannot read ${file} (ENOENT)`);
    expect(await registry.versions(name)).toHaveLength(1);
  });

  it('refuses names that are no names', async () => {
    const { registry, runIds } = await registryWith(1);
    for (const wrong of ['', '..', '.', 'a/b', 'a\\b', 'a:b', 'a@b', '-a', 'a\0', 'x'.repeat(129), 'tuổi']) {
      const about = { name: wrong, runId: runIds[0], artifacts: ['model.onnx'] };
      await expect(registry.registerVersion(about)).rejects.toThrow(ConfigError);
    }
  });
});

describe('promote and rollback', () => {
  it('move champion and previous together, and say so in the audit log', async () => {
    const { registry } = await registryWith(3);
    expect(await registry.aliases(name)).toEqual({ champion: null, previous: null });
    await registry.promote({ name, version: 1, expectedChampion: null, why: 'first' });
    await registry.promote({ name, version: 3, expectedChampion: 1, why: 'gate: promote' });
    expect(await registry.aliases(name)).toEqual({ champion: 3, previous: 1 });
    expect(await registry.rollback({ name, why: 'p95 latency' })).toEqual({ champion: 1, previous: 3 });
    expect(await registry.rollback({ name })).toEqual({ champion: 3, previous: 1 });
    const audit = await registry.audit(name);
    expect(audit.map(({ action, from, to, why }) => [action, from.champion, to.champion, why])).toEqual([
      ['promote', null, 1, 'first'],
      ['promote', 1, 3, 'gate: promote'],
      ['rollback', 3, 1, 'p95 latency'],
      ['rollback', 1, 3, ''],
    ]);
    for (const { by, at } of audit) {
      expect(by).toMatch(/.@./);
      expect(Math.abs(at - Date.now())).toBeLessThan(60_000);
    }
  });

  it('are refused when the champion moved, naming who moved it', async () => {
    const { registry } = await registryWith(3);
    await registry.promote({ name, version: 2, expectedChampion: null });
    const late = registry.promote({ name, version: 3, expectedChampion: null });
    await expect(late).rejects.toBeInstanceOf(GateError);
    const [{ by, at }] = await registry.audit(name);
    await expect(late).rejects.toThrow(
      `model kol-trust: expected no champion, but ${by} promoted version 2 at ${new Date(at).toISOString()}`,
    );
    await expect(registry.promote({ name, version: 3, expectedChampion: 1 })).rejects.toThrow(
      'expected champion version 1',
    );
    await expect(registry.promote({ name: 'new', version: 1, expectedChampion: 4 })).rejects.toThrow(
      'has no champion',
    );
    expect(await registry.aliases(name)).toEqual({ champion: 2, previous: null });
  });

  it('refuse versions that do not exist or were changed, and a rollback to nothing', async () => {
    const { store, registry, runIds } = await registryWith(2);
    const missing = registry.promote({ name, version: 9, expectedChampion: null });
    await expect(missing).rejects.toThrow('model kol-trust has no version 9, only 1, 2');
    await expect(registry.rollback({ name })).rejects.toThrow('has no previous champion to roll back to');
    await registry.promote({ name, version: 1, expectedChampion: null });
    await expect(registry.rollback({ name })).rejects.toBeInstanceOf(GateError);
    await registry.promote({ name, version: 2, expectedChampion: 1 });
    appendFileSync(store.artifactPath(runIds[0], 'model.onnx'), ' ');
    await expect(registry.rollback({ name })).rejects.toThrow(DataError);
    expect(await registry.aliases(name)).toEqual({ champion: 2, previous: 1 });
  });

  it('change nothing when the version is the champion already', async () => {
    const { registry } = await registryWith(2);
    await registry.promote({ name, version: 1, expectedChampion: null });
    await registry.promote({ name, version: 2, expectedChampion: 1 });
    expect(await registry.promote({ name, version: 2, expectedChampion: 2 })).toEqual({
      champion: 2,
      previous: 1,
    });
    expect(await registry.audit(name)).toHaveLength(2);
  });

  it('let exactly one of fifty promotions at once win', async () => {
    const { registry, store } = await registryWith(5);
    const others = Array.from({ length: 5 }, () => openModelRegistry(openRunStore(store.folder)));
    const outcomes = await Promise.allSettled(
      Array.from({ length: 50 }, (_, i) =>
        others[i % 5].promote({ name, version: (i % 5) + 1, expectedChampion: null }),
      ),
    );
    const winners = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    expect(winners).toHaveLength(1);
    expect(await registry.aliases(name)).toEqual(winners[0]);
    for (const outcome of outcomes) {
      if (outcome.status === 'fulfilled') continue;
      expect(outcome.reason).toBeInstanceOf(GateError);
      expect((outcome.reason as Error).message).toMatch(
        /expected no champion, but .+@.+ promoted version [1-5] at/,
      );
    }
    expect(await registry.audit(name)).toHaveLength(1);
  });

  it('let one rollback of several at once win', async () => {
    const { registry } = await registryWith(2);
    await registry.promote({ name, version: 1, expectedChampion: null });
    await registry.promote({ name, version: 2, expectedChampion: 1 });
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => registry.rollback({ name })));
    const won = outcomes.filter(({ status }) => status === 'fulfilled').length;
    const audit = await registry.audit(name);
    expect(won).toBeGreaterThanOrEqual(1);
    expect(audit).toHaveLength(2 + won);
    expect(await registry.aliases(name)).toEqual(audit.at(-1)?.to);
  });

  it('agree with the audit log when several processes promote at once', async () => {
    const { store, registry } = await registryWith(4);
    const script = fileURLToPath(new URL('./processes/promote-many.mjs', import.meta.url));
    const run = promisify(execFile);
    const processes = Array.from({ length: 4 }, () =>
      run(process.execPath, [script, store.folder, '4', '8', '5']),
    );
    interface Outcome {
      readonly from: number | null;
      readonly to: number;
      readonly won: boolean;
      readonly code?: string;
    }
    const outcomes = (await Promise.all(processes)).flatMap(({ stdout }) => JSON.parse(stdout) as Outcome[]);
    const audit = await registry.audit(name);
    const moves = (list: readonly (number | null)[][]): string[] => list.map((move) => move.join('→')).sort();
    expect(moves(outcomes.filter(({ won }) => won).map(({ from, to }) => [from, to]))).toEqual(
      moves(audit.map(({ from, to }) => [from.champion, to.champion])),
    );
    expect(outcomes.filter(({ won }) => !won).every(({ code }) => code === 'gate')).toBe(true);
    expect(outcomes.length).toBeGreaterThan(100);
    audit.forEach((change, i) => {
      expect(change.from).toEqual(i === 0 ? { champion: null, previous: null } : audit[i - 1].to);
      expect(change.to.previous).toBe(change.from.champion);
    });
    const left = readdirSync(join(store.folder, 'models', name, 'aliases'));
    expect(left.filter((file) => !/^\d{8}\.json$/.test(file))).toEqual([]);
  });
});

describe('resolve', () => {
  it('finds the files behind aliases and numbers', async () => {
    const { registry } = await registryWith(2);
    await expect(registry.resolve('models:/kol-trust@champion')).rejects.toThrow(
      'model kol-trust has no champion yet',
    );
    await registry.promote({ name, version: 1, expectedChampion: null });
    await registry.promote({ name, version: 2, expectedChampion: 1 });
    const champion = await registry.resolve('models:/kol-trust@champion');
    expect(champion).toMatchObject({ name, version: 2 });
    expect(champion.files.map(({ file }) => readFileSync(file, 'utf8'))).toEqual([
      'graph 2',
      '{"version":2}',
    ]);
    expect((await registry.resolve('models:/kol-trust@previous')).version).toBe(1);
    expect((await registry.resolve('models:/kol-trust/1')).version).toBe(1);
    await expect(registry.resolve('models:/kol-trust/3')).rejects.toThrow('has no version 3, only 1, 2');
    await expect(registry.resolve('models:/other@champion')).rejects.toThrow(ConfigError);
  });

  it('refuses a file that was changed, naming it', async () => {
    const { store, registry, runIds } = await registryWith(1);
    const file = store.artifactPath(runIds[0], 'docs/model.json');
    const original = readFileSync(file);
    for (const bytes of [
      Buffer.concat([original, Buffer.from(' ')]),
      original.subarray(1),
      Buffer.from('{"version":2}'),
    ]) {
      writeFileSync(file, bytes);
      await expect(registry.resolve('models:/kol-trust/1')).rejects.toThrow(
        `${file} was changed after it was logged`,
      );
      await expect(registry.resolve('models:/kol-trust/1')).rejects.toBeInstanceOf(DataError);
    }
    writeFileSync(file, original);
    expect((await registry.resolve('models:/kol-trust/1')).files).toHaveLength(2);
  });

  it('names a damaged or missing file of the registry itself', async () => {
    const { store, registry } = await registryWith(2);
    await registry.promote({ name, version: 1, expectedChampion: null });
    await registry.promote({ name, version: 2, expectedChampion: 1 });
    const aliases = join(store.folder, 'models', name, 'aliases');
    const last = join(aliases, '00000002.json');
    const whole = readFileSync(last, 'utf8');
    writeFileSync(last, whole.slice(0, 40));
    await expect(registry.resolve('models:/kol-trust@champion')).rejects.toThrow(`${last} is not change 2`);
    writeFileSync(last, whole);
    rmSync(join(aliases, '00000001.json'));
    await expect(registry.aliases(name)).rejects.toThrow(`${join(aliases, '00000001.json')} is missing`);
    const version = join(store.folder, 'models', name, 'versions', '1.json');
    writeFileSync(version, readFileSync(version, 'utf8').replace('"version": 1', '"version": 2'));
    await expect(registry.resolve('models:/kol-trust/1')).rejects.toThrow(
      `${version} is not version 1 of kol-trust`,
    );
  });

  it('ignores files that a killed process left half-way', async () => {
    const { store, registry } = await registryWith(1);
    await registry.promote({ name, version: 1, expectedChampion: null });
    const model = join(store.folder, 'models', name);
    writeFileSync(join(model, 'aliases', '.00000002.json.0b7c.tmp'), '{"form');
    writeFileSync(join(model, 'versions', '.2.json.0b7c.tmp'), '');
    expect(await registry.aliases(name)).toEqual({ champion: 1, previous: null });
    expect(await registry.versions(name)).toHaveLength(1);
    expect((await registry.resolve('models:/kol-trust@champion')).version).toBe(1);
  });

  it('reads, and does not write, in a folder that is read-only', async () => {
    const { store, registry } = await registryWith(2);
    await registry.promote({ name, version: 1, expectedChampion: null });
    chmodSync(store.folder, 0o755);
    const aliases = join(store.folder, 'models', name, 'aliases');
    await whileReadOnly(aliases, async () => {
      expect((await registry.resolve('models:/kol-trust@champion')).version).toBe(1);
      const promotion = registry.promote({ name, version: 2, expectedChampion: 1 });
      await expect(promotion).rejects.toThrow(/no permission to write .*00000002\.json/);
    });
    expect(await registry.aliases(name)).toEqual({ champion: 1, previous: null });
  });
});

describe('parseModelUri', () => {
  it.each([
    'models:/a',
    'models:/a@b c',
    'models:/a/0',
    'models:/a/01',
    'models:/a/b/1',
    'runs:/a/1',
    'models:/@champion',
    'models:/a@champion/x',
    '',
  ])('refuses %j', (uri) => {
    expect(() => parseModelUri(uri)).toThrow('must look like models:/name@champion');
  });
});
