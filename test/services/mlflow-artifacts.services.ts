import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sha256 } from '../../src/core/record.js';
import { openArtifactStore } from '../../src/registry/mlflow/artifacts/artifact-store.js';
import { readBack } from '../../src/registry/mlflow/artifacts/store.js';
import { connectMlflow, type MlflowConnection } from '../../src/registry/mlflow/connection.js';
import { createRun } from '../../src/registry/mlflow/runs.js';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';
import {
  expectSynced,
  freshName,
  keepTraining,
  mlflowUrl,
  openLocal,
  scratchFolder,
  send,
  settings,
} from './mlflow-session.js';

let proxy: FaultProxy;
let mlflow: MlflowConnection;
beforeAll(async () => {
  proxy = await startFaultProxy(mlflowUrl);
  mlflow = connectMlflow(settings({ trackingUri: proxy.url, multipartFrom: 6 * 2 ** 20 }));
});
afterAll(async () => {
  await mlflow.close();
  await proxy.close();
});

const newRun = async (): Promise<string> =>
  (await createRun(mlflow, { experimentId: '0', name: 'artifacts', startedAt: Date.now() })).artifactUri;

describe.each([
  ['through the server', newRun],
  ['straight to the object store', () => Promise.resolve(`s3://mlflow/${freshName('direct')}/artifacts`)],
])('artifacts %s', (_, place) => {
  it('are listed and read back as they were put, whatever their names and sizes', async () => {
    const store = await openArtifactStore(mlflow, await place());
    expect(await store.list()).toEqual([]);
    expect(await store.read('model.onnx')).toBeUndefined();
    const large = join(scratchFolder(), 'large.bin');
    const bytes = randomBytes(40 * 2 ** 20 + 7);
    await writeFile(large, bytes);
    const contents = {
      'a.txt': Buffer.from('a'),
      'đẹp 🎉/b c+d&e=f.json': Buffer.from('{}'),
      empty: Buffer.alloc(0),
      'deep/er/large.bin': bytes,
    };
    for (const [path, content] of Object.entries(contents))
      await store.put(path, content === bytes ? { file: large, size: bytes.length } : content);
    await store.put('a.txt', Buffer.from('again'));
    expect((await store.list()).map(({ path, size }) => [path, size]).sort()).toEqual(
      Object.entries({ ...contents, 'a.txt': Buffer.from('again') })
        .map(([path, { length }]) => [path, length])
        .sort(),
    );
    expect(await readBack(store, 'deep/er/large.bin')).toEqual({ sha256: sha256(bytes), size: bytes.length });
    expect(await readBack(store, 'a.txt')).toEqual({ sha256: sha256('again'), size: 5 });
    await expect(store.put('../up.txt', Buffer.from(''))).rejects.toThrow(
      'must not have empty, . or .. parts',
    );
  });
});

it('sends large files in parts past the server, and whole where the server cannot', async () => {
  const store = await openArtifactStore(mlflow, await newRun());
  const bytes = randomBytes(20 * 2 ** 20);
  const passed = (): string[] =>
    proxy.passages.map(
      ({ method, path }) => `${method} ${path.split('/mlflow-artifacts/')[1]?.split('/')[0] ?? ''}`,
    );
  let before = passed().length;
  await store.put('parts.bin', bytes);
  expect(passed().slice(before)).toEqual(['POST mpu', 'POST mpu']);
  proxy.fault = ({ path }) => (path.includes('/mpu/') ? { status: 501 } : undefined);
  before = passed().length;
  await store.put('whole.bin', bytes);
  proxy.fault = () => undefined;
  expect(passed().slice(before)).toEqual(['POST mpu', 'PUT artifacts']);
  for (const path of ['parts.bin', 'whole.bin'])
    expect((await readBack(store, path))?.sha256).toBe(sha256(bytes));
});

it('syncs an experiment whose artifacts lie in the object store', async () => {
  const local = openLocal();
  const name = freshName('s3');
  await mlflow.call('POST', 'experiments/create', {
    body: { name, artifact_location: `s3://mlflow/${name}` },
  });
  await keepTraining(local, name, 1);
  const before = proxy.passages.length;
  await send(local, { trackingUri: proxy.url });
  expect(proxy.passages.slice(before).some(({ path }) => path.includes('mlflow-artifacts'))).toBe(false);
  await expectSynced(local, mlflow);
});

it('says how to mend a store that cannot be reached or used', async () => {
  const gone = connectMlflow(settings({ s3: { ...settings().s3, endpoint: 'http://127.0.0.1:9' } }));
  const store = await openArtifactStore(gone, 's3://mlflow/x');
  await expect(store.put('a', Buffer.from('a'))).rejects.toThrow(
    /127.0.0.1:9 .*ECONNREFUSED.*MLFLOW_S3_ENDPOINT_URL/,
  );
  const noBucket = await openArtifactStore(mlflow, 's3://no-such-bucket-here/x');
  await expect(noBucket.put('a', Buffer.from('a'))).rejects.toThrow('NoSuchBucket');
  const wrong = connectMlflow(settings({ s3: { ...settings().s3, secretAccessKey: 'wrong-secret-word' } }));
  const refused = openArtifactStore(wrong, 's3://mlflow/x').then((to) => to.list());
  await expect(refused).rejects.toThrow('check AWS_SECRET_ACCESS_KEY');
  await expect(openArtifactStore(mlflow, 'file:///srv/mlruns/0/x')).rejects.toThrow(
    '--artifacts-destination',
  );
  await gone.close();
  await wrong.close();
});
