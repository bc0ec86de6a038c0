import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killService, startService, stopService } from '../../infra/services/services.js';
import { ServiceError } from '../../src/core/errors.js';
import { tableDigest } from '../../src/core/table-digest.js';
import { Table } from '../../src/core/table.js';
import { readAll } from '../../src/sources/table-source.js';
import { execute, freshSchema, source, trinoUrl } from './trino-session.js';

const schema = 'kol_trino_outages';
const patience = { firstPause: 0.5, longestPause: 5, attempts: 40, totalSeconds: 150 };

/** As a supervisor does it: a process that was killed holds its ports for a moment still. */
async function restart(): Promise<void> {
  await killService('trino');
  while (
    await fetch(`${trinoUrl}/v1/info`).then(
      () => true,
      () => false,
    )
  )
    await sleep(100);
  await startService('trino');
}

beforeAll(async () => {
  await startService('trino');
  await freshSchema(schema);
  await execute(`CREATE TABLE ${schema}.cold AS SELECT orderkey, comment FROM tpch.tiny.orders`);
  await execute(`CREATE TABLE ${schema}.warm AS SELECT orderkey, comment FROM tpch.sf1.orders`);
});
afterAll(async () => {
  await startService('trino');
});

describe('Trino', () => {
  it('killed and started again while rows come: the table comes whole', { timeout: 240_000 }, async () => {
    const query = {
      sql: (engine: { table: (name: string) => string }) =>
        `SELECT orderkey, comment FROM ${engine.table(`${schema}.warm`)} ORDER BY orderkey`,
    };
    const lake = await source(undefined, {}, patience);
    const snapshots = await lake.snapshot([`${schema}.warm`]);
    const whole = tableDigest(await readAll(lake, query, { snapshots }));
    const ids = new Set<string | undefined>();
    const batches: Table[] = [];
    let restarted: Promise<unknown> | undefined;
    const onRun = ({ queryId }: { queryId?: string }) => ids.add(queryId);
    for await (const batch of lake.read(query, { snapshots, onRun })) {
      batches.push(batch);
      if (batches.length === 5) {
        restarted = restart();
      }
    }
    await restarted;
    expect(tableDigest(Table.concat(batches))).toBe(whole);
    expect(ids.size).toBeGreaterThan(1);
    expect(lake.told.join('\n')).toMatch(/trying again/);
  });

  it('gone for good: a named error', async () => {
    await stopService('trino');
    const lake = await source(undefined, {}, { ...patience, attempts: 3 });
    const failed = readAll(lake, { sql: () => 'SELECT 1 AS n' });
    await expect(failed).rejects.toThrow(ServiceError);
    await expect(failed).rejects.toThrow(/could not be reached: .*ECONNREFUSED.*check that it runs/);
    await startService('trino');
  });
});

describe('MinIO', () => {
  it(
    'gone while Trino reads: a named error, and the table once it is back',
    { timeout: 240_000 },
    async () => {
      // A Trino that has just started has nothing of the table in memory.
      await stopService('trino');
      await startService('trino');
      await killService('minio');
      const query = { sql: () => `SELECT orderkey, comment FROM ${schema}.cold ORDER BY orderkey` };
      const impatient = await source(undefined, { timeouts: { silence: 60 } }, { ...patience, attempts: 2 });
      const failed = await readAll(impatient, query).catch((error: unknown) => error);
      expect(failed).toBeInstanceOf(ServiceError);
      expect((failed as Error).message).toMatch(
        /failure of the server or its storage \(query \w+, ICEBERG_\w+\)/,
      );
      await startService('minio');
      expect((await readAll(await source(), query)).nRows).toBe(15_000);
    },
  );
});
