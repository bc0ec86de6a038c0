import { execFile, spawn } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { killService, startService, stopService, type ServiceName } from '../../infra/services/services.js';
import { ServiceError } from '../../src/core/errors.js';
import { setAlias } from '../../src/registry/mlflow/aliases.js';
import { connectMlflow, type MlflowConnection } from '../../src/registry/mlflow/connection.js';
import { getExperiment } from '../../src/registry/mlflow/experiments.js';
import { getRegisteredModel } from '../../src/registry/mlflow/registered-models.js';
import { deleteRun, findRunsByTag } from '../../src/registry/mlflow/runs.js';
import { startFaultProxy } from './fault-proxy.js';
import {
  expectSynced,
  freshName,
  keepTraining,
  mlflowUrl,
  openLocal,
  send,
  settings,
} from './mlflow-session.js';

const down = new Set<ServiceName>();
async function without(name: ServiceName, how = stopService): Promise<void> {
  down.add(name);
  await how(name);
}
async function mend(): Promise<void> {
  for (const name of down) await startService(name);
  down.clear();
}
afterEach(mend);

async function checked(work: (mlflow: MlflowConnection) => Promise<unknown>): Promise<void> {
  const mlflow = connectMlflow(settings());
  try {
    await work(mlflow);
  } finally {
    await mlflow.close();
  }
}

/** `kol …` on a store. */
async function kol(store: string, args: readonly string[], env: Record<string, string> = {}) {
  const options = {
    cwd: store,
    env: { ...process.env, KOL_STORE: store, MLFLOW_TRACKING_URI: mlflowUrl, ...env },
  };
  const program = join(import.meta.dirname, '../../dist/cli/main.js');
  return promisify(execFile)(process.execPath, [program, ...args], options).then(
    (output) => ({ code: 0, ...output }),
    (error: { code: number; stdout: string; stderr: string }) => ({
      ...{ code: error.code, stdout: error.stdout, stderr: error.stderr },
    }),
  );
}

/** Sends while `disturb` happens at the request of that number, then again when all is well. */
async function disturbed(
  isMoment: (path: string) => boolean,
  disturb: () => Promise<void>,
): Promise<unknown> {
  const local = openLocal();
  await keepTraining(local, freshName('outage'), 1);
  const proxy = await startFaultProxy(mlflowUrl);
  let disturbing: Promise<void> | undefined;
  proxy.fault = ({ path, method }) => {
    if (disturbing !== undefined || !isMoment(`${method} ${path}`)) return undefined;
    disturbing = disturb();
    return { delay: 1 };
  };
  const failure: unknown = await send(local, { trackingUri: proxy.url, maxRetries: 2 }).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(disturbing).toBeDefined();
  await disturbing;
  await mend();
  proxy.fault = () => undefined;
  await send(local, { trackingUri: proxy.url });
  await proxy.close();
  await checked((mlflow) => expectSynced(local, mlflow));
  return failure;
}

describe('a sync', { timeout: 300_000 }, () => {
  it('outlives MinIO stopped in an upload', async () => {
    const failure = await disturbed(
      (ask) => ask.startsWith('PUT '),
      () => without('minio'),
    );
    expect(failure).toBeInstanceOf(ServiceError);
    expect((failure as Error).message).toContain('its artifact store does not answer or is full');
  });

  it('outlives PostgreSQL stopped and started', async () => {
    const failure = await disturbed(
      (ask) => ask.includes('log-batch'),
      () => without('postgres'),
    );
    expect((failure as Error).message).toContain('where its database is down, start it');
  });

  it('outlives MLflow killed mid-way', async () => {
    const failure = await disturbed(
      (ask) => ask.includes('logged-models'),
      () => without('mlflow', killService),
    );
    expect(failure).toBeInstanceOf(ServiceError);
  });

  it('waits out a database that restarts meanwhile', async () => {
    const local = openLocal();
    await keepTraining(local, freshName('restart'), 1);
    await without('postgres');
    const sending = send(local, { maxRetries: 10, firstPause: 1 });
    await sleep(2_000);
    await mend();
    await sending;
    await checked((mlflow) => expectSynced(local, mlflow));
  });
});

describe('two trainers with one experiment', { timeout: 300_000 }, () => {
  it('each have their runs and versions; the champion of the second is not put in the place of the first', async () => {
    const name = freshName('two');
    const [one, other] = [openLocal(), openLocal()];
    await keepTraining(one, name, 1);
    await keepTraining(other, name, 2);
    const reports = await Promise.all([send(one), send(other)]);
    const moved = reports.filter(({ aliases }) => aliases.length > 0);
    const held = reports.filter(({ held: kept }) => kept.length > 0);
    // Both may look before either writes; then the one that wrote first is told.
    expect(moved.length + held.length).toBeGreaterThan(0);
    await checked(async (mlflow) => {
      const model = await getRegisteredModel(mlflow, name);
      expect(Object.keys(model!.aliases)).toEqual(['champion']);
      expect([1, 2]).toContain(model!.aliases.champion);
    });
    const again = await Promise.all([send(one, { verify: true }), send(other, { verify: true })]);
    expect(again.flatMap(({ damaged, refused }) => [...damaged, ...refused])).toEqual([]);
  });
});

describe('what was done in MLflow by hand', { timeout: 300_000 }, () => {
  it('stays: a champion that was moved, a run in the bin', async () => {
    const local = openLocal();
    const name = freshName('hand');
    await keepTraining(local, name, 1);
    await keepTraining(local, name, 2);
    await send(local);
    await checked(async (mlflow) => {
      await setAlias(mlflow, name, 'champion', 1);
      const gone = await keepTraining(local, name, 4, { registered: false });
      await send(local);
      const { id } = (await getExperiment(mlflow, name))!;
      const { key } = await local.runs.readRun(gone);
      const [run] = await findRunsByTag(mlflow, id, 'kol.run_key', key);
      await deleteRun(mlflow, run.runId);

      await keepTraining(local, name, 3);
      const report = await send(local, { verify: true });
      expect(report.held).toEqual([
        { name, reason: expect.stringContaining('moved in MLflow since (it is version 1)') as string },
      ]);
      expect(report.discarded).toEqual([gone]);
      expect((await getRegisteredModel(mlflow, name))?.aliases.champion).toBe(1);
      expect(await findRunsByTag(mlflow, id, 'kol.run_key', key)).toHaveLength(1);
    });
  });
});

describe('kol sync', { timeout: 300_000 }, () => {
  it('names a damaged run and a changed file, sends the others, and ends with 3', async () => {
    const local = openLocal();
    const name = freshName('damaged');
    const bad = await keepTraining(local, name, 1);
    const changed = await keepTraining(local, name, 2);
    await keepTraining(local, name, 3);
    await appendFile(join(local.runs.folder, 'runs', bad, 'journal.jsonl'), 'not an entry\n');
    await writeFile(local.runs.artifactPath(changed, 'reports/a b.csv'), 'other bytes');
    const { code, stdout, stderr } = await kol(local.runs.folder, ['sync', '--json']);
    expect(code).toBe(3);
    const report = JSON.parse(stdout) as {
      runs: unknown[];
      versions: unknown[];
      damaged: { what: string }[];
    };
    expect(report.damaged.map(({ what }) => what)).toEqual(
      expect.arrayContaining([`run ${bad}`, `run ${changed}`, `version 1 of ${name}`]),
    );
    expect(report.runs).toHaveLength(1);
    expect(report.versions).toMatchObject([{ version: 3 }]);
    expect(stderr).toContain(`run ${bad}`);
    expect((await kol(local.runs.folder, ['runs', '--unsynced', '--json'])).stdout).toContain(changed);
  });

  it('ends with 5 where MLflow is not there, and loses nothing', async () => {
    const local = openLocal();
    await keepTraining(local, freshName('away'), 1);
    const away = {
      MLFLOW_TRACKING_URI: 'http://user:hidden-word@127.0.0.1:9',
      MLFLOW_HTTP_REQUEST_MAX_RETRIES: '1',
    };
    const { code, stderr } = await kol(local.runs.folder, ['sync'], away);
    expect([code, stderr]).toEqual([5, expect.stringContaining('nothing listens there; start it') as string]);
    expect(stderr).not.toContain('hidden-word');
    expect((await kol(local.runs.folder, ['sync'])).code).toBe(0);
    await checked((mlflow) => expectSynced(local, mlflow));
  });

  it('watches: sends what comes, and ends when told', async () => {
    const local = openLocal();
    const name = freshName('watched');
    await keepTraining(local, name, 1);
    const program = join(import.meta.dirname, '../../dist/cli/main.js');
    const watcher = spawn(process.execPath, [program, 'sync', '--watch', '--every', '1'], {
      env: { ...process.env, KOL_STORE: local.runs.folder, MLFLOW_TRACKING_URI: mlflowUrl },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => watcher.once('exit', resolve));
    const until = Date.now() + 60_000;
    await keepTraining(local, name, 2);
    await checked(async (mlflow) => {
      while ((await getRegisteredModel(mlflow, name))?.aliases.previous === undefined) {
        expect(Date.now()).toBeLessThan(until);
        await sleep(500);
      }
    });
    watcher.kill('SIGTERM');
    expect(await ended).toBe(130);
    await checked((mlflow) => expectSynced(local, mlflow));
  });
});
