import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectMlflow, type MlflowConnection } from '../../src/registry/mlflow/connection.js';
import { startFaultProxy, type FaultProxy } from './fault-proxy.js';
import {
  expectSynced,
  freshName,
  keepTraining,
  mlflowUrl,
  openLocal,
  send,
  settings,
} from './mlflow-session.js';

let mlflow: MlflowConnection;
let proxy: FaultProxy;
beforeAll(async () => {
  mlflow = connectMlflow(settings());
  proxy = await startFaultProxy(mlflowUrl);
});
afterAll(async () => {
  await mlflow.close();
  await proxy.close();
});

describe('a store sent to MLflow', () => {
  it('is there whole, and the second time there is nothing to send', async () => {
    const local = openLocal();
    const name = freshName('whole');
    await keepTraining(local, name, 1);
    await keepTraining(local, name, 2);
    const report = await send(local);
    expect(report).toMatchObject({
      runs: [{ status: 'FINISHED' }, { status: 'FINISHED' }],
      versions: [{ version: 1 }, { version: 2 }],
      aliases: [{ name, champion: 2, previous: 1 }],
      ...{ held: [], damaged: [], refused: [] },
    });
    await expectSynced(local, mlflow);
    const before = proxy.passages.length;
    // By another address nothing is known, so MLflow is asked, and has it.
    expect(await send(local, { trackingUri: proxy.url })).toMatchObject({ runs: [{}, {}], aliases: [] });
    expect(proxy.passages.length).toBeGreaterThan(before);
    const nothing = proxy.passages.length;
    expect(await send(local, { trackingUri: proxy.url })).toMatchObject({
      runs: [],
      versions: [],
      aliases: [],
    });
    expect(proxy.passages.length).toBe(nothing);
    await expectSynced(local, mlflow);
  });
});

/** Ways in which the k-th request can go wrong. */
const faults = {
  'before the server saw it': { cutAfter: 0 },
  'after the server acted': { dropAnswer: true },
} as const;

describe.each(Object.entries(faults))('a sync killed at any request, %s', (_, fault) => {
  it('is finished by the next one, without doubles', { timeout: 1_800_000 }, async () => {
    let failed = 0;
    for (let k = 0; ; k++) {
      const local = openLocal();
      await keepTraining(local, freshName(`k${k}`), k);
      const start = proxy.passages.length;
      proxy.fault = ({ index }) => (index === start + k ? fault : undefined);
      const end = await send(local, { trackingUri: proxy.url, maxRetries: 0 }).then(
        () => 'sent',
        () => 'failed',
      );
      proxy.fault = () => undefined;
      // Requests whose loss does not matter (nothing asked any more) let the sync through.
      if (end === 'failed') failed++;
      const wasReached = proxy.passages.length > start + k;
      await send(local, { trackingUri: proxy.url });
      await expectSynced(local, mlflow);
      if (!wasReached) break;
    }
    process.stdout.write(`${failed} requests failed, nothing lost or doubled\n`);
    expect(failed).toBeGreaterThan(25);
  });
});

it('retries in one go where every third answer is lost', { timeout: 300_000 }, async () => {
  const local = openLocal();
  await keepTraining(local, freshName('thirds'), 3);
  proxy.fault = ({ index }) => (index % 3 === 2 ? { dropAnswer: true } : undefined);
  await send(local, { trackingUri: proxy.url });
  proxy.fault = () => undefined;
  await expectSynced(local, mlflow);
});
