import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startService, stopService } from '../../infra/services/services.js';
import { serviceSettings } from '../../infra/services/settings.js';
import { connectTrino } from '../../src/sources/trino/connection.js';
import { executeStatement } from '../../src/sources/trino/statement.js';
import { execute, readColumns, source, trinoUrl } from './trino-session.js';

const rules = fileURLToPath(new URL('../../infra/trino/access-rules.example.json', import.meta.url));

/** Trino anew, with rules or without. */
async function restart(more: Readonly<Record<string, string>> = {}): Promise<void> {
  await stopService('trino');
  await startService('trino', { settings: serviceSettings({ ...process.env, ...more }) });
}

beforeAll(async () => {
  await restart({ KOL_TRINO_RULES: rules });
  await execute(`CREATE SCHEMA IF NOT EXISTS kol_gold WITH (location = 's3://gold/kol_gold')`);
  for (const table of ['kol_agencies', 'kol_scores', 'dim_kol'])
    await execute(`DROP TABLE IF EXISTS kol_gold.${table}`);
  await execute(
    `CREATE TABLE kol_gold.kol_agencies AS SELECT * FROM (VALUES ('agency_north', 'kol-1'), ('agency_north', 'kol-2'), ('agency_south', 'kol-3')) AS t (agency, kol_id)`,
  );
  await execute(
    `CREATE TABLE kol_gold.kol_scores AS SELECT * FROM (VALUES ('kol-1', 90.0), ('kol-2', 40.0), ('kol-3', 70.0), ('kol-4', 10.0)) AS t (kol_id, trust_score)`,
  );
  await execute(`CREATE TABLE kol_gold.dim_kol AS SELECT 'kol-1' AS kol_id`);
}, 400_000);
afterAll(async () => {
  for (const table of ['kol_agencies', 'kol_scores', 'dim_kol'])
    await execute(`DROP TABLE IF EXISTS kol_gold.${table}`);
  await restart();
}, 400_000);

const as = async (user: string, sql: string): Promise<Record<string, unknown[]>> => {
  const from = await source(trinoUrl, { user });
  try {
    return await readColumns(from, sql);
  } finally {
    await from.close();
  }
};

describe('rows by user, with the rules of infra/trino/access-rules.example.json', () => {
  it.each([
    ['agency_north', ['kol-1', 'kol-2']],
    ['agency_south', ['kol-3']],
    ['agency_nowhere', []],
    ['kol', ['kol-1', 'kol-2', 'kol-3', 'kol-4']],
  ])('%s sees its own KOLs', async (user, expected) => {
    const { kol_id: seen = [] } = await as(user, 'SELECT kol_id FROM kol_gold.kol_scores ORDER BY kol_id');
    expect(seen).toEqual(expected);
  });

  it('an aggregate, a join or a guess by id shows no more', async () => {
    expect(await as('agency_south', 'SELECT count(*) AS n FROM kol_gold.kol_scores')).toEqual({ n: [1] });
    const joined = `SELECT s.kol_id FROM kol_gold.kol_scores s JOIN kol_gold.kol_agencies a ON true WHERE s.kol_id = 'kol-1'`;
    expect((await as('agency_south', joined)).kol_id ?? []).toEqual([]);
  });

  it('other tables, metadata tables and writing are denied', async () => {
    await expect(as('agency_north', 'SELECT * FROM kol_gold.dim_kol')).rejects.toThrow(/access denied/i);
    const connection = await connectTrino({ url: trinoUrl, user: 'agency_north' });
    for (const sql of [
      `INSERT INTO kol_gold.kol_scores VALUES ('kol-9', 1.0)`,
      `DELETE FROM kol_gold.kol_agencies WHERE true`,
      `DROP TABLE kol_gold.kol_scores`,
      `CREATE TABLE kol_gold.mine AS SELECT 1 AS one`,
    ])
      await expect(executeStatement(connection, sql), sql).rejects.toThrow(/access denied/i);
  });
});
