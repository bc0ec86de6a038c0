import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { modelFacts } from '../../src/cli/model-facts.js';
import { sha256 } from '../../src/core/record.js';
import { encodeModel } from '../../src/onnx/proto.js';
import { openSession } from '../../src/onnx/session.js';
import { openArtifactStore } from '../../src/registry/mlflow/artifacts/artifact-store.js';
import { readBack } from '../../src/registry/mlflow/artifacts/store.js';
import { connectMlflow, type MlflowConnection } from '../../src/registry/mlflow/connection.js';
import { getExperiment } from '../../src/registry/mlflow/experiments.js';
import { mlflowKey } from '../../src/registry/mlflow/keys.js';
import { findLoggedModelsByTag } from '../../src/registry/mlflow/logged-models.js';
import { listModelVersions } from '../../src/registry/mlflow/model-versions.js';
import { getRegisteredModel } from '../../src/registry/mlflow/registered-models.js';
import { findRunsByTag, getRun, metricHistory } from '../../src/registry/mlflow/runs.js';
import type { MlflowSettings } from '../../src/registry/mlflow/settings.js';
import { openModelRegistry, type ModelRegistry } from '../../src/registry/model-registry.js';
import { openRunStore, type RunStore } from '../../src/registry/run-store.js';
import { versionKey } from '../../src/registry/sync/replay-version.js';
import { syncStore, type SyncReport } from '../../src/registry/sync/sync-store.js';

/** The MLflow under test. */
export const mlflowUrl = process.env['MLFLOW_TRACKING_URI'] ?? 'http://127.0.0.1:5000';

/** The settings of a client that does not wait long. */
export function settings(more: Partial<MlflowSettings> = {}): MlflowSettings {
  return {
    trackingUri: mlflowUrl,
    firstPause: 0.02,
    timeout: 60,
    s3: {
      endpoint: process.env['MLFLOW_S3_ENDPOINT_URL'],
      accessKeyId: process.env['AWS_ACCESS_KEY_ID'],
      secretAccessKey: process.env['AWS_SECRET_ACCESS_KEY'],
    },
    ...more,
  };
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** An empty folder that goes with the suite. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'kol-mlflow-'));
  folders.push(folder);
  return folder;
}

/** A name that nobody else has. */
export const freshName = (what: string): string => `kol-test-${what}-${Date.now()}-${process.pid}-${++named}`;
let named = 0;

/** A graph that adds `amount` to its input. */
export function smallGraph(amount: number): Uint8Array {
  return encodeModel({
    irVersion: 8,
    producerName: 'test',
    modelVersion: 1,
    opsets: [{ domain: '', version: 17 }],
    metadata: [],
    graph: {
      name: 'add',
      nodes: [{ opType: 'Add', domain: '', inputs: ['x', 'amount'], outputs: ['y'], attributes: [] }],
      initializers: [{ name: 'amount', type: 'float', dims: [1], data: Float32Array.of(amount) }],
      inputs: [{ name: 'x', type: 'float', dims: ['N'] }],
      outputs: [{ name: 'y', type: 'float', dims: ['N'] }],
      values: [],
    },
  });
}

/** A local store with its registry. */
export interface Local {
  readonly runs: RunStore;
  readonly models: ModelRegistry;
}

export function openLocal(folder = scratchFolder()): Local {
  const runs = openRunStore(folder);
  return { runs, models: openModelRegistry(runs) };
}

/** A finished run with hostile names and values, its version, and the version as champion. */
export async function keepTraining(
  { runs, models }: Local,
  name: string,
  amount: number,
  { registered = true }: { readonly registered?: boolean } = {},
): Promise<string> {
  const run = await runs.start({ experiment: name, name: `run ${amount}`, tags: { kind: 'đào tạo 🎉' } });
  await run.logParams({ rows: 1_000 + amount, 'recall(at=10)': 'yes', long: 'x'.repeat(7_000), empty: '' });
  await run.logDataset({
    name: 'kol_gold.ml_trust_training',
    digest: `snapshot-${amount}`,
    source: JSON.stringify({ table: 'kol_gold.ml_trust_training', snapshot: `${amount}` }),
    schema: { followers: 'number', bio: 'string' },
    role: 'training',
  });
  for (let step = 0; step < 4; step++)
    await run.logMetrics({ loss: 1 / (step + 1), 'f1@0.5': step / 3 }, step);
  await run.logMetrics({ nan: NaN, up: Infinity, down: -Infinity, tiny: 5e-324, third: 1 / 3 });
  const files = {
    'model.onnx': smallGraph(amount),
    'model.json': card(name),
    'reports/a b.csv': 'a,b\n1,2\n',
  };
  for (const [path, content] of Object.entries(files)) await run.logArtifact(path, content);
  await run.finish('finished');
  if (!registered) return run.runId;
  const version = await models.registerVersion({
    ...{ name, runId: run.runId, artifacts: ['model.onnx', 'model.json'] },
    ...{ tags: { decision: 'promote' }, description: 'better | than *all* others' },
  });
  const { champion } = await models.aliases(name);
  await models.promote({ name, version, expectedChampion: champion });
  return run.runId;
}

const card = (name: string): string =>
  JSON.stringify({ name, task: 'regression', outputs: [{ name: 'y', description: 'x and something' }] });

/** Sends a store, by a connection of its own. */
export async function send(
  local: Local,
  more: Partial<MlflowSettings> & { verify?: boolean; signal?: AbortSignal } = {},
): Promise<SyncReport> {
  const { verify = false, signal, ...rest } = more;
  const mlflow = connectMlflow(settings(rest));
  try {
    return await syncStore({ ...local, mlflow, describe: modelFacts, verify, signal });
  } finally {
    await mlflow.close();
  }
}

/**
 * Holds MLflow against a store: every run exactly once, with every metric, param, tag, dataset and artifact; every
 * version once, the aliases where they belong, the champion's graph as it was released, and nothing besides.
 */
export async function expectSynced({ runs, models }: Local, mlflow: MlflowConnection): Promise<void> {
  const { runs: records } = await runs.listRuns();
  const remoteIds = new Map<string, string>();
  for (const record of records) {
    const experiment = await getExperiment(mlflow, record.experiment);
    const found = await findRunsByTag(mlflow, experiment!.id, 'kol.run_key', record.key);
    const active = found.filter(({ isDeleted }) => !isDeleted);
    expect(
      active.map(({ runId }) => runId),
      `runs of ${record.runId}`,
    ).toHaveLength(1);
    const run = await getRun(mlflow, active[0].runId);
    remoteIds.set(record.runId, run.runId);
    expect(run.startedAt).toBe(record.startedAt);
    for (const [key, points] of Object.entries(record.metrics)) {
      const history = await metricHistory(mlflow, run.runId, mlflowKey(key));
      const flat = history.map(({ value, step, at }) => ({ value, step, at }));
      expect(
        flat.sort((a, b) => a.step - b.step || a.at - b.at),
        `${record.runId} ${key}`,
      ).toEqual([...points].sort((a, b) => a.step - b.step || a.at - b.at));
    }
    expect(run.metrics).toHaveLength(Object.keys(record.metrics).length);
    expect(Object.keys(run.params).sort()).toEqual(Object.keys(record.params).map(mlflowKey).sort());
    expect(run.tags).toMatchObject(record.tags);
    expect(run.datasets.map(({ name, digest }) => [name, digest])).toEqual(
      record.datasets.map(({ name, digest }) => [name, digest]),
    );
    const store = await openArtifactStore(mlflow, run.artifactUri);
    const there = await store.list();
    expect(there.map(({ path, size }) => [path, size]).sort()).toEqual(
      record.artifacts.map(({ path, size }) => [path, size]).sort(),
    );
    for (const { path, sha256: hash } of record.artifacts)
      expect((await readBack(store, path))?.sha256, path).toBe(hash);
  }
  for (const name of await models.names()) await expectModel({ runs, models }, name, remoteIds, mlflow);
}

async function expectModel(
  { runs, models }: Local,
  name: string,
  remoteIds: ReadonlyMap<string, string>,
  mlflow: MlflowConnection,
): Promise<void> {
  const versions = await models.versions(name);
  const remote = await listModelVersions(mlflow, name);
  expect(remote, `versions of ${name}`).toHaveLength(versions.length);
  const numbers = new Map<number, number>();
  for (const version of versions) {
    const { key, experiment } = await runs.readRun(version.runId);
    const [found] = remote.filter(({ tags }) => tags['kol.version_key'] === versionKey(key, version));
    expect(found.runId).toBe(remoteIds.get(version.runId));
    numbers.set(version.version, found.version);
    const experimentId = (await getExperiment(mlflow, experiment))!.id;
    const logged = await findLoggedModelsByTag(
      ...([mlflow, experimentId, found.runId] as const),
      ...(['kol.version_key', versionKey(key, version)] as const),
    );
    expect(logged.map(({ status }) => status)).toEqual(['LOGGED_MODEL_READY']);
    expect(found.source).toBe(`models:/${logged[0].modelId}`);
    const store = await openArtifactStore(mlflow, logged[0].artifactUri);
    const paths = (await store.list()).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['MLmodel', 'model.onnx', 'requirements.txt']));
    const expected = version.artifacts.find(({ path }) => path === 'model.onnx')!;
    const chunks: Buffer[] = [];
    for await (const chunk of (await store.read('model.onnx'))!) chunks.push(chunk as Buffer);
    const graph = Buffer.concat(chunks);
    expect(sha256(graph)).toBe(expected.sha256);
    // Loads, or throws.
    await (await openSession(graph)).close();
  }
  const { champion, previous } = await models.aliases(name);
  const aliases = (await getRegisteredModel(mlflow, name))?.aliases ?? {};
  expect(aliases).toEqual({
    ...(champion !== null && { champion: numbers.get(champion) }),
    ...(previous !== null && { previous: numbers.get(previous) }),
  });
}
