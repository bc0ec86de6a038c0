import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import { daysFromTet, dayFactors, firstDay } from '../../src/sources/sample/calendar.js';
import { schemas } from '../../src/sources/sample/schemas.js';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import type { TableSource } from '../../src/sources/table-source.js';
import { readAll } from '../../src/sources/table-source.js';
import { trustTrainingSchema } from '../../src/sources/trust-training.js';
import { failure, scratchFolder, sql } from './scratch.js';

const folder = scratchFolder();
const lake = join(folder, 'lake');
const accountsFile = join(folder, 'accounts.parquet');
const options = { seed: 7, nKols: 30, nTexts: 600, accountsFile };
const tables = [...Object.keys(schemas), 'kol_gold.ml_trust_training'];
let source: TableSource;

async function numbers(text: string): Promise<number[]> {
  const table = await readAll(source, { sql: () => text });
  return Object.keys(table.columns).map((name) => Table.numbers(table, name)[0]);
}

beforeAll(async () => {
  await sql(`COPY (FROM 'data/trust-accounts.parquet' LIMIT 100) TO '${accountsFile}'`);
  await writeSampleLakehouse(lake, { ...options, accountsFile: 'data/trust-accounts.parquet' });
  source = await duckdbLakehouse(lake);
});
afterAll(() => source.close());

describe('writeSampleLakehouse', () => {
  it('writes every table with the columns and types of the platform', async () => {
    const sqlTypes = {
      string: 'VARCHAR',
      integer: 'BIGINT',
      number: 'DOUBLE',
      boolean: 'BOOLEAN',
      timestamp: 'TIMESTAMP',
      date: 'DATE',
      float32: 'FLOAT',
    };
    const all = { ...schemas, 'kol_gold.ml_trust_training': trustTrainingSchema };
    for (const [name, schema] of Object.entries(all)) {
      const actual = await sql(`DESCRIBE SELECT * FROM '${join(lake, ...name.split('.'), '*.parquet')}'`);
      expect(actual.map((row) => [row[0], row[1]])).toEqual(
        schema.map((column) => [column.name, sqlTypes[column.type]]),
      );
    }
    expect(readFileSync(join(lake, 'README.md'), 'utf8')).toMatch(/seed 7: 30 simulated KOLs/);
  });

  it('gives the same tables for the same seed, and others for another', async () => {
    const ids = async (name: string, seed: number) => {
      await writeSampleLakehouse(join(folder, name), { ...options, nKols: 5, seed });
      const twin = await duckdbLakehouse(join(folder, name));
      const snapshots = await twin.snapshot(tables);
      await twin.close();
      return snapshots.map(({ id }) => id);
    };
    const first = await ids('one', 3);
    expect(await ids('two', 3)).toEqual(first);
    const other = await ids('three', 4);
    expect(other.filter((id, j) => id === first[j])).toHaveLength(1);
  });

  it('keeps the KOLs it has when more are asked for', async () => {
    const few = join(folder, 'one', 'kol_silver', 'kol_daily_metrics', '*.parquet');
    await writeSampleLakehouse(join(folder, 'more'), { ...options, nKols: 7, seed: 3 });
    const more = join(folder, 'more', 'kol_silver', 'kol_daily_metrics', '*.parquet');
    expect(await sql(`SELECT count(*) FROM (FROM '${few}' EXCEPT FROM '${more}')`)).toEqual([['0']]);
  });

  it('copies the real accounts without any name', async () => {
    expect(
      await numbers(
        'SELECT count(*) AS n, sum(label) AS bots, count(DISTINCT kol_id) AS ids, count(bio) + count(username) + count(has_bio) AS unknown FROM kol_gold.ml_trust_training',
      ),
    ).toEqual([33_694, 11_183, 33_694, 0]);
  });

  it('holds each trap it speaks of', async () => {
    const [rows, days, late, duplicates, corrected, nullViews, untracked] = await numbers(`
      WITH d AS (SELECT *, count(*) OVER (PARTITION BY kol_id, metric_date) AS versions,
        count(DISTINCT likes) OVER (PARTITION BY kol_id, metric_date) AS figures FROM kol_silver.kol_daily_metrics)
      SELECT count(*) AS n, count(DISTINCT metric_date) AS days,
        avg(CAST(processed_at > metric_date + INTERVAL 2 DAY AS INTEGER)) AS late,
        count_if(versions = 2 AND figures = 1) AS duplicates, count_if(versions = 2 AND figures = 2) AS corrected,
        count_if(views IS NULL) AS nulls, count(DISTINCT CASE WHEN clicks IS NULL THEN kol_id END) AS untracked FROM d`);
    expect(rows).toBeGreaterThan(15_000);
    expect(days).toBe(730);
    expect(late).toBeGreaterThan(0.02);
    expect(late).toBeLessThan(0.06);
    for (const count of [duplicates, corrected, nullViews, untracked]) expect(count).toBeGreaterThan(0);
    expect(
      await numbers('SELECT count_if(processed_at < posted_at) AS a FROM kol_silver.kol_content'),
    ).toEqual([0]);
    expect(
      await numbers('SELECT count_if(processed_at < metric_date) AS a FROM kol_silver.kol_daily_metrics'),
    ).toEqual([0]);
  });

  it('keeps keys, and versions that meet end to end', async () => {
    expect(
      await numbers(`SELECT count(*) AS n FROM (SELECT valid_to, lead(valid_from) OVER (PARTITION BY kol_id ORDER BY valid_from) AS next
        FROM kol_gold.dim_kol) WHERE valid_to IS DISTINCT FROM next`),
    ).toEqual([0]);
    const [kols, current, keys, rows] = await numbers(
      'SELECT count(DISTINCT kol_id) AS k, count_if(is_current) AS c, count(DISTINCT kol_sk) AS s, count(*) AS n FROM kol_gold.dim_kol',
    );
    expect([kols, current, keys]).toEqual([30, 30, rows]);
    expect(
      await numbers(
        'SELECT count(*) AS n FROM kol_silver.kol_comments c ANTI JOIN kol_silver.kol_content p USING (content_id)',
      ),
    ).toEqual([0]);
  });

  it('sells more on sale days, and moves Tet with the moon', async () => {
    const [sale, ordinary] = await numbers(`SELECT avg(orders) FILTER (metric_date = DATE '2025-11-11') AS a,
      avg(orders) FILTER (metric_date BETWEEN DATE '2025-11-01' AND DATE '2025-11-10') AS b FROM kol_silver.kol_daily_metrics`);
    expect(sale).toBeGreaterThan(2 * ordinary);
    expect(daysFromTet(Date.UTC(2026, 1, 17))).toBe(0);
    expect(daysFromTet(Date.UTC(2025, 0, 22))).toBe(-7);
    const tet = dayFactors((Date.UTC(2026, 1, 18) - firstDay) / 86_400_000);
    expect(tet.posts).toBeLessThan(0.7);
  });

  it('derives the performance facts from the latest version of each post', async () => {
    const [facts] = await numbers('SELECT sum(total_views) AS v FROM kol_gold.fact_kol_performance');
    const [posts] = await numbers(
      'SELECT sum(views) AS v FROM (SELECT content_id, max_by(views, processed_at) AS views FROM kol_silver.kol_content GROUP BY 1)',
    );
    expect(facts).toBe(posts);
  });

  it('refuses an existing folder unless told to replace it, and leaves it alone when it fails', async () => {
    const place = join(folder, 'kept');
    mkdirSync(place);
    expect(await failure(() => writeSampleLakehouse(place, options))).toMatch(
      /^ConfigError: .*kept exists already/,
    );
    const abort = new AbortController();
    abort.abort();
    expect(
      await failure(() => writeSampleLakehouse(place, { ...options, overwrite: true, signal: abort.signal })),
    ).toMatch(/^InterruptedError/);
    expect(
      await failure(() =>
        writeSampleLakehouse(place, { ...options, overwrite: true, accountsFile: 'none.parquet' }),
      ),
    ).toMatch(/^DataError: none\.parquet: does not exist/);
    expect(readdirSync(place)).toEqual([]);
    expect(existsSync(join(folder, '.kept.partial'))).toBe(false);
    await writeSampleLakehouse(place, { ...options, nKols: 1, overwrite: true });
    expect(readdirSync(place).sort()).toEqual(['README.md', 'kol_gold', 'kol_silver']);
  });
});
