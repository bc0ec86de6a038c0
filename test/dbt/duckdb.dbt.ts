import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { schemas } from '../../src/sources/sample/schemas.js';
import { campaignConfig } from '../../src/success/campaign/config.js';
import { forecastConfig } from '../../src/success/forecast/config.js';
import { trustConfig } from '../../src/trust/config.js';
import { fileWith, scratchFolder, sql } from '../sources/scratch.js';
import { dbt, manifest, type Outcome } from './dbt.js';
import { built, copyOf, difference, fileOf, hashes, rewrite, smallSample } from './lakehouse.js';

const scratch = scratchFolder();
const sample = join(scratch, 'sample');
const target = join(scratch, 'target');

const on = (lakehouse: string, ...args: string[]): Promise<Outcome> =>
  dbt([...args, '--target', 'duckdb'], { lakehouse, target });
const fresh = (name: string): Promise<string> => copyOf(sample, join(scratch, name));

beforeAll(() => smallSample(sample));

describe('gold on the embedded lakehouse', () => {
  it('is built with the rows, columns and types of the sample, from silver alone', async () => {
    const lakehouse = await fresh('whole');
    for (const table of built) await rm(join(lakehouse, 'kol_gold', table), { recursive: true });
    const { code, said } = await on(lakehouse, 'build');
    expect(code, said).toBe(0);
    expect(said).toContain('PASS');
    for (const table of built) {
      const [missing, more, rows] = await difference(sample, lakehouse, table);
      expect([missing, more], table).toEqual([0, 0]);
      expect(rows, table).toBeGreaterThan(100);
    }
  });

  it('looks as it did at as_of, without a row or an end that was known later', async () => {
    const lakehouse = await fresh('past');
    const moment = '2025-06-01 12:00:00';
    const { code, said } = await on(lakehouse, 'build', '--vars', `{as_of: '${moment}'}`);
    expect(code, said).toBe(0);
    // The same in words of its own: a version ends where a later one was known.
    const [[expected]] = await sql(`
      WITH known AS (
        SELECT DISTINCT kol_id, valid_from FROM '${fileOf(sample, 'kol_silver.kol_profiles')}'
        WHERE valid_from <= '${moment}' AND processed_at <= '${moment}'
      )
      SELECT sum(hash(kol_id, epoch_us(valid_from), coalesce(epoch_us(ends), -1)))::VARCHAR FROM (
        SELECT a.*, (SELECT min(b.valid_from) FROM known b WHERE b.kol_id = a.kol_id AND b.valid_from > a.valid_from) AS ends
        FROM known a
      )`);
    const [[found]] = await sql(
      `SELECT sum(hash(kol_id, epoch_us(valid_from), coalesce(epoch_us(valid_to), -1)))::VARCHAR FROM '${fileOf(lakehouse, 'kol_gold.dim_kol')}'`,
    );
    expect(found).toBe(expected);
    const [[views]] = await sql(
      `SELECT sum(v)::BIGINT::VARCHAR FROM (SELECT max_by(views, processed_at) AS v FROM '${fileOf(sample, 'kol_silver.kol_content')}' WHERE posted_at <= '${moment}' AND processed_at <= '${moment}' GROUP BY content_id)`,
    );
    const [[total]] = await sql(
      `SELECT sum(total_views)::BIGINT::VARCHAR FROM '${fileOf(lakehouse, 'kol_gold.fact_kol_performance')}'`,
    );
    expect(total).toBe(views);
  });

  it('counts the newest delivery, whatever the order of arrival, and closes a profile that ended', async () => {
    const lakehouse = await fresh('late');
    await rewrite(
      lakehouse,
      'kol_silver.kol_content',
      `FROM old UNION ALL (SELECT * REPLACE (views + 1000 AS views, processed_at + INTERVAL 20 DAY AS processed_at) FROM old ORDER BY processed_at DESC LIMIT 1)
       UNION ALL (SELECT * REPLACE (views + 9 AS views, processed_at - INTERVAL 1 SECOND AS processed_at) FROM old ORDER BY processed_at LIMIT 1)`,
    );
    await rewrite(
      lakehouse,
      'kol_silver.kol_profiles',
      `SELECT * REPLACE (CASE WHEN kol_id = 'kol-000001' AND valid_to IS NULL THEN valid_from + INTERVAL 1 DAY ELSE valid_to END AS valid_to) FROM old`,
    );
    const { code, said } = await on(lakehouse, 'build');
    expect(code, said).toBe(0);
    const views = (folder: string) =>
      sql(`SELECT sum(total_views)::INT FROM '${fileOf(folder, 'kol_gold.fact_kol_performance')}'`);
    const [[before], [after]] = [...(await views(sample)), ...(await views(lakehouse))];
    expect(Number(after) - Number(before)).toBe(1000);
    expect(
      await sql(
        `SELECT count_if(is_current)::INT FROM '${fileOf(lakehouse, 'kol_gold.dim_kol')}' WHERE kol_id = 'kol-000001'`,
      ),
    ).toEqual([[0]]);
  });

  it('has no tables of a silver without rows but empty ones', async () => {
    const lakehouse = await fresh('empty');
    await rewrite(lakehouse, 'kol_silver.kol_content', 'SELECT * FROM old WHERE false');
    await rewrite(lakehouse, 'kol_silver.kol_comments', 'SELECT * FROM old WHERE false');
    const { code, said } = await on(lakehouse, 'build');
    expect(code, said).toBe(0);
    expect(
      await sql(`SELECT count(*)::INT FROM '${fileOf(lakehouse, 'kol_gold.fact_kol_performance')}'`),
    ).toEqual([[0]]);
  });
});

describe('a lakehouse that is not right', () => {
  it('stops the build where silver lies, names every lie, and gold stays as it was', async () => {
    const lakehouse = await fresh('lies');
    for (const [table, lie] of [
      ['kol_profiles', `'myspace' AS platform`],
      ['kol_content', 'CASE WHEN likes > 10 THEN kol_id END AS kol_id, -1 - views AS views'],
      ['kol_daily_metrics', 'CAST(metric_date AS TIMESTAMP) - INTERVAL 1 DAY AS processed_at'],
      ['kol_campaigns', `'kol-x' AS kol_id`],
    ])
      await rewrite(lakehouse, `kol_silver.${table}`, `SELECT * REPLACE (${lie}) FROM old`);
    const before = await hashes(lakehouse);
    const { code, said } = await on(lakehouse, 'build');
    expect(code).toBe(1);
    for (const test of [
      'source_not_null_kol_silver_kol_content_kol_id',
      'source_in_range_kol_silver_kol_content_views',
      'source_processed_after_kol_silver_kol_daily_metrics',
      'source_relationships_kol_silver_kol_campaigns',
    ])
      expect(said).toContain(`Failure in test ${test}`);
    expect(said).toContain('Warning in test source_accepted_values_kol_silver_kol_profiles_platform');
    expect(said).toContain('The lakehouse folder stays as it was');
    expect(await hashes(lakehouse)).toEqual(before);
  });

  it('rows past as_of are found, where a table was built later than that', async () => {
    const lakehouse = await fresh('later');
    expect((await on(lakehouse, 'run')).code).toBe(0);
    const { code, said } = await on(lakehouse, 'test', '--vars', `{as_of: '2025-06-01'}`);
    expect(code).toBe(1);
    expect(said).toContain('Failure in test not_past_as_of_dim_kol_valid_from');
    expect(said).toContain('Failure in test not_past_as_of_fact_kol_performance_posted_date');
    const wrong = await on(lakehouse, 'build', '--vars', `{as_of: 'yesterday'}`);
    expect(wrong.code).toBe(2);
    expect(wrong.said).toContain("as_of='yesterday' must be a day (2026-01-31)");
  });

  it('a second file beside a gold table is named, and nothing is published over it', async () => {
    const lakehouse = await fresh('second');
    fileWith(join(lakehouse, 'kol_gold', 'dim_kol'), 'part-00001.parquet', 'x');
    const before = await hashes(lakehouse);
    const { code, said } = await on(lakehouse, 'run');
    expect(code).not.toBe(0);
    expect(said).toContain('holds part-00001.parquet besides part-00000.parquet');
    expect((await hashes(lakehouse))[0]).toBe(before[0]);
  });

  it('a folder without silver is named', async () => {
    const { code, said } = await on(join(scratch, 'nowhere'), 'build');
    expect(code).not.toBe(0);
    expect(said).toContain('must be the whole path of a lakehouse folder with kol_silver in it');
  });
});

describe('a run that does not end well', () => {
  it('killed in the middle leaves gold as it was; the next run builds it', async () => {
    const lakehouse = await fresh('killed');
    await rewrite(lakehouse, 'kol_silver.kol_content', `SELECT * REPLACE (views + 1 AS views) FROM old`);
    const before = await hashes(lakehouse);
    const killed = await dbt(['run', '--target', 'duckdb'], {
      lakehouse,
      target,
      killAt: 'OK created sql table model',
    });
    expect(killed.code).toBeNull();
    expect(await hashes(lakehouse)).toEqual(before);
    expect((await on(lakehouse, 'run')).code).toBe(0);
    expect((await hashes(lakehouse))[1]).not.toBe(before[1]);
  });

  it('two at once: one is told that the other runs, and gold is whole', async () => {
    const lakehouse = await fresh('twice');
    const both = await Promise.all([on(lakehouse, 'run'), on(lakehouse, 'run')]);
    expect(both.map(({ code }) => code)).toContain(0);
    for (const { code, said } of both) if (code !== 0) expect(said).toContain('Conflicting lock is held');
    for (const table of built)
      expect((await difference(sample, lakehouse, table)).slice(0, 2)).toEqual([0, 0]);
  });
});

describe('what the project says of itself', () => {
  it('holds rows of last year to be stale, and rows of today to be fresh', async () => {
    const lakehouse = await fresh('stale');
    const stale = await on(lakehouse, 'source', 'freshness', '--select', 'source:kol_silver');
    expect(stale.code).toBe(1);
    expect(stale.said).toMatch(/ERROR STALE freshness of kol_silver\.kol_content/);
    for (const table of ['kol_content', 'kol_comments', 'kol_daily_metrics', 'kol_profiles', 'kol_campaigns'])
      await rewrite(
        lakehouse,
        `kol_silver.${table}`,
        `SELECT * REPLACE (CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP) - INTERVAL 1 HOUR AS processed_at) FROM old`,
      );
    const now = await on(lakehouse, 'source', 'freshness', '--select', 'source:kol_silver');
    expect(now.code, now.said).toBe(0);
    expect(now.said.match(/PASS freshness/g)).toHaveLength(5);
  });

  it('describes every table and column of the contract, and names our champions', async () => {
    expect((await on(await fresh('parsed'), 'parse')).code).toBe(0);
    const { nodes, sources, exposures } = await manifest(target);
    const models = Object.values(nodes).filter(({ resource_type }) => resource_type === 'model');
    const described = [...models, ...Object.values(sources)];
    expect(described).toHaveLength(15);
    for (const { name, description, columns } of described) {
      expect(description, name).not.toBe('');
      for (const [column, about] of Object.entries(columns))
        expect(about.description, `${name}.${column}`).not.toBe('');
    }
    const columnsOf = Object.fromEntries(
      described.map(({ schema, name, columns }) => [`${schema}.${name}`, Object.keys(columns)]),
    );
    for (const [table, columns] of Object.entries(schemas))
      expect(columnsOf[table], table).toEqual(columns.map(({ name }) => name));
    const champions = Object.values(exposures).map(({ label }) => label);
    const { model, metrics } = forecastConfig.parse({});
    expect(champions).toEqual(
      expect.arrayContaining([
        trustConfig.parse({}).model,
        campaignConfig.parse({}).model,
        ...metrics.map((metric) => `${model}-${metric}`),
      ]),
    );
  });
});
