import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { createRng } from '../../src/core/rng.js';
import { canaryOf, promotionOf, rollbackOf, shadowOf } from '../../src/registry/alias-move.js';
import type { Aliases } from '../../src/registry/aliases.js';
import { getAlias, setAlias } from '../../src/registry/mlflow/aliases.js';
import { connectMlflow } from '../../src/registry/mlflow/connection.js';
import { createModelVersion, getModelVersion } from '../../src/registry/mlflow/model-versions.js';
import { ensureExperiment } from '../../src/registry/mlflow/experiments.js';
import { ensureRegisteredModel, setModelTag } from '../../src/registry/mlflow/registered-models.js';
import { createRun } from '../../src/registry/mlflow/runs.js';
import { openLedger } from '../../src/registry/promotion/ledger.js';
import { mlflowPromotion } from '../../src/registry/promotion/promotion-registry.js';
import { freshName, mlflowUrl, settings } from './mlflow-session.js';

const mlflow = connectMlflow(settings());
const registry = mlflowPromotion(mlflow);
const children: ChildProcessWithoutNullStreams[] = [];
afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await mlflow.close();
});

/** A model with versions 1 to `n`, without aliases. */
async function modelOf(what: string, n: number): Promise<string> {
  const name = freshName(what);
  await ensureRegisteredModel(mlflow, name);
  const experimentId = await ensureExperiment(mlflow, name);
  const { runId, artifactUri } = await createRun(mlflow, { experimentId, name, startedAt: Date.now() });
  for (let version = 1; version <= n; version++)
    await createModelVersion(mlflow, { name, source: artifactUri, runId });
  return name;
}
const promote = (name: string, version: number, expected: number | null): Promise<Aliases> =>
  registry.move({ name, action: 'promote', why: 'a test', decide: promotionOf(name, version, expected) });
const rollback = (name: string): Promise<Aliases> =>
  registry.move({ name, action: 'rollback', why: 'a test', decide: rollbackOf(name) });
const shown = async (name: string, alias: string): Promise<number | undefined> =>
  (await getAlias(mlflow, name, alias))?.version;

/** The record is one chain, and the aliases show its end. */
async function expectOneHistory(name: string): Promise<void> {
  const changes = await registry.audit(name);
  changes.forEach((change, i) => {
    expect(change.generation).toBe(i + 1);
    expect(change.from).toEqual(i === 0 ? { champion: null, previous: null } : changes[i - 1].to);
  });
  expect(await registry.aliases(name)).toEqual(changes.at(-1)?.to);
}

interface Said {
  readonly won: boolean;
  readonly code?: string;
  readonly message?: string;
}
interface Promoter {
  ask(name: string, version: number, expected: number | null): Promise<Said | undefined>;
  kill(): void;
}

async function promoter(): Promise<Promoter> {
  const script = fileURLToPath(new URL('processes/promoter.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, mlflowUrl]);
  children.push(child);
  child.stderr.pipe(process.stderr);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  expect((await lines.next()).value).toBe('ready');
  return {
    async ask(name, version, expected) {
      child.stdin.write(`${JSON.stringify({ name, version, expected })}\n`);
      const { value } = (await lines.next()) as { value: string | undefined };
      return value === undefined ? undefined : (JSON.parse(value) as Said);
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

describe('promotion in MLflow', () => {
  it('swaps with the previous one first, leaves a trail, and rolls back in one call', async () => {
    const name = await modelOf('promote', 3);
    expect(await promote(name, 1, null)).toEqual({ champion: 1, previous: null });
    expect(await promote(name, 2, 1)).toEqual({ champion: 2, previous: 1 });
    expect([await shown(name, 'champion'), await shown(name, 'previous')]).toEqual([2, 1]);
    await expect(promote(name, 3, 1)).rejects.toMatchObject({
      code: 'gate',
      message: expect.stringMatching(/expected champion version 1, but .* promoted version 2/) as string,
    });
    await expect(promote(name, 9, 2)).rejects.toMatchObject({ code: 'config' });
    expect(await rollback(name)).toEqual({ champion: 1, previous: 2 });
    expect([await shown(name, 'champion'), await shown(name, 'previous')]).toEqual([1, 2]);
    expect((await registry.audit(name)).map(({ action, why }) => [action, why])).toEqual([
      ['promote', 'a test'],
      ['promote', 'a test'],
      ['rollback', 'a test'],
    ]);
    expect((await getModelVersion(mlflow, name, 1))?.tags).toMatchObject({
      'kol.promoted_why': 'a test',
      'kol.promoted_by': expect.stringContaining('@') as string,
    });
    expect((await getModelVersion(mlflow, name, 2))?.tags).toHaveProperty('kol.retired_at');
    await expectOneHistory(name);
  });

  it('tries versions beside the champion, and withdraws them when it changes', async () => {
    const name = await modelOf('canary', 3);
    await promote(name, 1, null);
    const canary = { version: 2, share: 0.05 };
    await registry.move({ name, action: 'canary', why: '', decide: canaryOf(name, canary, 1) });
    await registry.move({ name, action: 'shadow', why: '', decide: shadowOf(name, 3, 1) });
    expect(await registry.aliases(name)).toEqual({ champion: 1, previous: null, canary, shadow: 3 });
    expect((await getModelVersion(mlflow, name, 2))?.tags['kol.canary_share']).toBe('0.05');
    expect(await promote(name, 2, 1)).toEqual({ champion: 2, previous: 1, shadow: 3 });
    expect(await shown(name, 'canary')).toBeUndefined();
    expect((await getModelVersion(mlflow, name, 2))?.tags['kol.canary_share']).toBeUndefined();
    expect(await rollback(name)).toEqual({ champion: 1, previous: 2 });
    expect(await shown(name, 'shadow')).toBeUndefined();
    await expectOneHistory(name);
  });

  it('sees a champion that somebody moved by hand, and goes on from there', async () => {
    const name = await modelOf('hand', 3);
    await promote(name, 1, null);
    await setAlias(mlflow, name, 'champion', 3);
    await expect(promote(name, 2, 1)).rejects.toMatchObject({ code: 'gate' });
    expect(await promote(name, 2, 3)).toEqual({ champion: 2, previous: 3 });
  });

  it('makes one record however many begin it at once', async () => {
    const name = await modelOf('ledger', 1);
    const clients = Array.from({ length: 6 }, () => connectMlflow(settings()));
    const ledgers = await Promise.all(clients.map((client) => openLedger(client, name)));
    const change = { format: 1, generation: 1, action: 'promote', at: 1, by: 'x', why: '' } as const;
    const places = { from: { champion: null, previous: null }, to: { champion: 1, previous: null } };
    const won = await Promise.all(ledgers.map((ledger) => ledger.append({ ...change, ...places })));
    expect(won.filter(Boolean)).toHaveLength(1);
    for (const ledger of ledgers) expect(await ledger.read()).toHaveLength(1);
    await Promise.all(clients.map((client) => client.close()));
  });
});

describe('a promoter that dies', () => {
  it('after its change is on record: the next one shows it first, and is told of it', async () => {
    const name = await modelOf('dead', 3);
    await promote(name, 1, null);
    const ledger = await openLedger(mlflow, name);
    const [first] = await ledger.read();
    const to = { champion: 2, previous: 1 };
    await ledger.append({ ...first, generation: 2, from: first.to, to });
    // It died here. The aliases still show what was before.
    expect(await shown(name, 'champion')).toBe(1);
    await expect(promote(name, 3, 1)).rejects.toMatchObject({ code: 'gate' });
    expect([await shown(name, 'champion'), await shown(name, 'previous')]).toEqual([2, 1]);
    expect(await promote(name, 3, 2)).toEqual({ champion: 3, previous: 2 });
    await expectOneHistory(name);
  });

  it('and wrote an alias of the past when it woke: whoever moves next finds the record', async () => {
    const name = await modelOf('late', 3);
    await promote(name, 1, null);
    await promote(name, 2, 1);
    // A sleeper of change 1 writes its alias and its tag, and dies.
    await setAlias(mlflow, name, 'champion', 1);
    await setModelTag(mlflow, name, 'kol.alias_generation', '1');
    expect(await promote(name, 3, 2)).toEqual({ champion: 3, previous: 2 });
    await expectOneHistory(name);
  });

  it('at any moment (SIGKILL, 25 times) leaves nothing behind that blocks', async () => {
    const name = await modelOf('kills', 2);
    await promote(name, 1, null);
    const rng = createRng(7);
    let landed = 0;
    for (let round = 0; round < 25; round++) {
      const { champion } = await registry.aliases(name);
      const before = (await registry.audit(name)).length;
      const victim = await promoter();
      const asked = victim.ask(name, champion === 1 ? 2 : 1, champion);
      await new Promise((resolve) => setTimeout(resolve, 400 * rng.uniform()));
      victim.kill();
      await asked;
      landed += (await registry.audit(name)).length - before;
      // A rollback of what happened shows first whatever is on record.
      if ((await registry.audit(name)).length > 1) await rollback(name);
      await expectOneHistory(name);
    }
    // Kills that all come too early, or all too late, would test nothing.
    process.stdout.write(`${landed} of 25 killed promotions had got on record\n`);
    expect(landed).toBeGreaterThan(0);
    expect(landed).toBeLessThan(25);
  }, 600_000);
});

describe('a race', () => {
  it('of 100 pairs in two processes has exactly one winner each', async () => {
    const name = await modelOf('race', 3);
    await promote(name, 1, null);
    const [a, b] = await Promise.all([promoter(), promoter()]);
    const winners = [0, 0];
    for (let pair = 0; pair < 100; pair++) {
      const { champion } = await registry.aliases(name);
      const [mine, yours] = [1, 2, 3].filter((version) => version !== champion);
      const said = await Promise.all([a.ask(name, mine, champion), b.ask(name, yours, champion)]);
      expect(said.map((one) => one?.won).sort()).toEqual([false, true]);
      expect(said.find((one) => one?.won === false)).toMatchObject({ code: 'gate' });
      const winner = said.findIndex((one) => one?.won);
      winners[winner]++;
      expect(await registry.aliases(name)).toEqual({
        champion: winner === 0 ? mine : yours,
        previous: champion,
      });
    }
    process.stdout.write(`of 100 races, one process won ${winners[0]}, the other ${winners[1]}\n`);
    expect(await registry.audit(name)).toHaveLength(101);
    await expectOneHistory(name);
    a.kill();
    b.kill();
  }, 600_000);
});
