import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { kol } from '../cli/kol.js';
import { execute, readColumns, readText, source } from '../services/trino-session.js';
import { scratchFolder, sql } from '../sources/scratch.js';
import { dbt } from './dbt.js';
import { built, copyOf, rewrite, smallSample } from './lakehouse.js';

const scratch = scratchFolder();
const sample = join(scratch, 'sample');
const order = {
  dim_kol: 'kol_sk',
  fact_kol_performance: 'kol_id, posted_date, content_type',
} as const;
const services = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => /^(TRINO|AWS)_/.test(name)),
) as Record<string, string>;

const platform = (...args: string[]) =>
  dbt([...args, '--target', 'trino'], { lakehouse: sample, target: join(scratch, 'platform') });

/** The gold tables on Trino and in a folder, as the toolkit reads them. */
async function bothGolds(folder: string): Promise<[unknown, unknown]> {
  const [trino, embedded] = [await source(), await duckdbLakehouse(folder)];
  const golds = [];
  for (const from of [trino, embedded]) {
    const gold: Record<string, unknown> = {};
    for (const table of built)
      gold[table] = await readColumns(from, `SELECT * FROM kol_gold.${table} ORDER BY ${order[table]}`);
    golds.push(gold);
    await from.close();
  }
  return golds as [unknown, unknown];
}

beforeAll(async () => {
  await smallSample(sample);
  for (const schema of ['kol_silver', 'kol_gold']) await execute(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
  const loaded = await kol(scratch, ['load', '--lakehouse', 'sample'], { environment: services });
  expect(loaded.code, loaded.stderr).toBe(0);
  for (const table of built) await execute(`DROP TABLE kol_gold.${table}`);
});

it('builds on Iceberg the gold that the sample has, row by row, and its tests pass', async () => {
  const { code, said } = await platform('build');
  expect(code, said).toBe(0);
  expect(said).toMatch(/Done\. PASS=\d+ WARN=0 ERROR=0/);
  const [theirs, ours] = await bothGolds(sample);
  expect(theirs).toEqual(ours);
});

it('takes in what came late by one commit: corrections, a moved post, a day anew, a version between two', async () => {
  const lakehouse = await copyOf(sample, join(scratch, 'late'));
  // A post moves to the day before, one is corrected, one is new, and a day's followers are counted again.
  const arrived = `INTERVAL '40' DAY`;
  const late = {
    kol_content: (old: string) => `
      SELECT content_id, kol_id, platform, content_type, title, description, hashtags, views + 7 AS views, likes, comments, shares,
        duration_seconds, posted_at - INTERVAL '1' DAY AS posted_at, TIMESTAMP '2026-11-20 00:00:00' AS processed_at
      FROM ${old} WHERE content_id IN (SELECT max(content_id) FROM ${old} UNION SELECT min(content_id) FROM ${old})
      UNION ALL SELECT 'new', kol_id, platform, 'video', title, description, hashtags, 50, 5, 1, 1, 60,
        TIMESTAMP '2026-11-19 00:00:00', TIMESTAMP '2026-11-20 00:00:00' FROM ${old} WHERE content_id = (SELECT min(content_id) FROM ${old})`,
    kol_daily_metrics: (old: string) => `
      SELECT kol_id, metric_date, followers_count + 1 AS followers_count, following_count, posts, views, likes, comments, shares,
        clicks, orders, revenue, processed_at + ${arrived} AS processed_at
      FROM ${old} WHERE kol_id = 'kol-000002' AND metric_date > DATE '2026-10-10'`,
    kol_profiles: (old: string) => `
      SELECT kol_id, platform, username, 'between' AS display_name, bio, followers_count, following_count, post_count, favorites_count,
        verified, default_profile, default_profile_image, has_url, category, account_created_at,
        valid_from + INTERVAL '1' HOUR AS valid_from, valid_to, TIMESTAMP '2026-11-20 00:00:00' AS processed_at
      FROM ${old} WHERE kol_id IN ('kol-000001', 'kol-000002')`,
  };
  for (const [table, rows] of Object.entries(late)) {
    await execute(`INSERT INTO kol_silver.${table} ${rows(`kol_silver.${table}`)}`);
    await rewrite(lakehouse, `kol_silver.${table}`, `SELECT * FROM old UNION ALL (${rows('old')})`);
  }
  const commits = () =>
    readText(`SELECT CAST(count(*) AS varchar) FROM kol_gold."fact_kol_performance$snapshots"`);
  const before = Number(await commits());
  const { code, said } = await platform(
    'build',
    '--select',
    'dim_kol',
    'fact_kol_performance',
    'test_type:singular',
  );
  expect(code, said).toBe(0);
  expect(Number(await commits()) - before).toBe(1);
  // DuckDB builds the changed silver from nothing.
  const whole = await dbt(['run', '--target', 'duckdb'], { lakehouse, target: join(scratch, 'embedded') });
  expect(whole.code, whole.said).toBe(0);
  const [theirs, ours] = await bothGolds(lakehouse);
  expect(theirs).toEqual(ours);
  const [[changed]] = await sql(
    `SELECT count(*)::INT FROM (FROM '${lakehouse}/kol_gold/fact_kol_performance/*.parquet' EXCEPT FROM '${sample}/kol_gold/fact_kol_performance/*.parquet')`,
  );
  expect(changed).toBeGreaterThan(2);
});

it('fails with a name where Trino is not there', async () => {
  const url = process.env['TRINO_URL'];
  process.env['TRINO_URL'] = 'http://127.0.0.1:9';
  try {
    const { code, said } = await platform('run');
    expect(code).not.toBe(0);
    expect(said).toMatch(/127\.0\.0\.1.*(refused|Max retries|port=9)/);
  } finally {
    process.env['TRINO_URL'] = url;
  }
});
