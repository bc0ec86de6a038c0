import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import { duckdbLakehouse } from '../../src/sources/duckdb.js';
import type { TableSource } from '../../src/sources/table-source.js';
import { readAll } from '../../src/sources/table-source.js';
import { failure, fileWith, scratchFolder, sql } from './scratch.js';

const folder = scratchFolder();
const lake = join(folder, 'lake');
let source: TableSource;

async function table(path: string, select: string): Promise<void> {
  mkdirSync(dirname(join(lake, path)), { recursive: true });
  await sql(`COPY (${select}) TO '${join(lake, path)}' (FORMAT parquet)`);
}

const first = async (text: string, column = 'x') =>
  Array.from((await readAll(source, { sql: () => text })).columns[column].values as ArrayLike<unknown>);

beforeAll(async () => {
  await table(
    'kol_silver/kol_content/a.parquet',
    "SELECT i AS followers_count, 'k' || i AS kol_id FROM range(5000) t(i)",
  );
  await table(
    'kol_silver/kol_content/b.parquet',
    "SELECT i AS followers_count, 'k' || i AS kol_id, 1.5 AS added FROM range(5000, 7000) t(i)",
  );
  await table('kol_gold/order by "x"/a.parquet', 'SELECT 1 AS "a ""b"');
  mkdirSync(join(lake, 'kol_gold', 'torn'), { recursive: true });
  fileWith(join(lake, 'kol_gold', 'torn'), 'torn.parquet', 'PAR1 torn');
  source = await duckdbLakehouse(lake, { threads: 2, memoryLimit: '500MB' });
});
afterAll(() => source.close());

describe('duckdbLakehouse', () => {
  it('reads all files of a table, older ones null where a column was added', async () => {
    const result = await readAll(source, {
      sql: () => 'SELECT * FROM kol_silver.kol_content ORDER BY followers_count -- the end',
    });
    expect(result.nRows).toBe(7000);
    expect(Table.numbers(result, 'followers_count').every((value, i) => value === i)).toBe(true);
    expect(Table.strings(result, 'kol_id')[6999]).toBe('k6999');
    expect(Table.numbers(result, 'added')[4999]).toBeNaN();
    expect(Table.numbers(result, 'added')[5000]).toBe(1.5);
  });

  it('streams bounded batches in order', async () => {
    let next = 0;
    let batches = 0;
    for await (const batch of source.read({ sql: () => 'SELECT i AS x FROM range(100000) t(i)' })) {
      batches++;
      expect(batch.nRows).toBeLessThanOrEqual(16_384);
      expect(Table.numbers(batch, 'x').every((value) => value === next++)).toBe(true);
    }
    expect(next).toBe(100_000);
    expect(batches).toBeGreaterThan(5);
  });

  it('maps every type a table can hold', async () => {
    const cases: [string, string, unknown][] = [
      ['1::TINYINT', 'number', 1],
      ['-9007199254740992::BIGINT', 'number', -9007199254740992],
      ['12::UBIGINT', 'number', 12],
      ['sum(5)', 'number', 5],
      ['12.34::DECIMAL(10,2)', 'number', 12.34],
      ['123456789012.345::DECIMAL(30,3)', 'number', 123456789012.345],
      ['0.1::FLOAT', 'number', Math.fround(0.1)],
      ["'-inf'::DOUBLE", 'number', -Infinity],
      ['NULL::BIGINT', 'number', NaN],
      ['true', 'boolean', 1],
      ['NULL::BOOLEAN', 'boolean', NaN],
      ["DATE '1969-12-31'", 'timestamp', -86_400_000],
      ["TIMESTAMP '2020-01-01 00:00:00.123999'", 'timestamp', Date.UTC(2020, 0, 1, 0, 0, 0, 123)],
      ["TIMESTAMP '1969-12-31 23:59:59.9995'", 'timestamp', -1],
      ["TIMESTAMP_NS '2020-01-01 00:00:01.5'", 'timestamp', Date.UTC(2020, 0, 1, 0, 0, 1, 500)],
      ["TIMESTAMP_S '2020-01-01 00:00:01'", 'timestamp', Date.UTC(2020, 0, 1, 0, 0, 1)],
      ["TIMESTAMPTZ '2020-01-01 00:00:00+07'", 'timestamp', Date.UTC(2019, 11, 31, 17)],
      ['NULL::TIMESTAMP', 'timestamp', NaN],
      ["'Đẹp 😀'", 'string', 'Đẹp 😀'],
      ["''", 'string', ''],
      ['NULL::VARCHAR', 'string', null],
      ["'b'::ENUM('a', 'b')", 'string', 'b'],
    ];
    for (const [expression, type, value] of cases) {
      const { columns } = await readAll(source, { sql: () => `SELECT ${expression} AS x` });
      expect([expression, columns.x.type, columns.x.values[0]]).toEqual([expression, type, value]);
    }
  });

  it('refuses values and types that would lose something, by name', async () => {
    const message = (text: string) => failure(() => readAll(source, { sql: () => text }));
    expect(await message('SELECT 9007199254740993 AS id')).toMatch(
      /^DataError: query: column id holds 9007199254740993, an integer beyond 2\^53.*CAST AS VARCHAR/,
    );
    expect(await message('SELECT -9007199254740993::HUGEINT AS id')).toMatch(/beyond 2\^53/);
    expect(await message('SELECT [1, 2] AS tags')).toMatch(
      /^DataError: query: column tags has type INTEGER\[\].*cast it/,
    );
    expect(await message("SELECT TIME '10:00' AS t")).toMatch(/column t has type TIME/);
    expect(await message("SELECT TIMESTAMP 'infinity' AS t")).toMatch(/column t holds an infinite time/);
    expect(await message('SELECT 1 AS a, 2 AS a')).toMatch(/^DataError: query: column a appears twice/);
  });

  it('names missing tables and columns with the nearest that exists', async () => {
    const message = (text: string) => failure(() => readAll(source, { sql: () => text }));
    expect(await message('SELECT 1 FROM kol_silver.kol_contents')).toMatch(
      /^DataError: table kol_silver.kol_contents does not exist in the lakehouse \(nearest: kol_silver.kol_content\)/,
    );
    expect(await message('SELECT 1 FROM nosuch.kol_content')).toMatch(
      /^DataError: table nosuch.kol_content does not exist/,
    );
    expect(await message('SELECT folowers_count FROM kol_silver.kol_content')).toMatch(
      /^DataError: column folowers_count does not exist in kol_silver.kol_content \(nearest: followers_count\)/,
    );
    expect(await message('SELEC 1')).toMatch(/^ConfigError: query refused: Parser Error/);
    expect(await message("SELECT CAST('abc' AS INTEGER)")).toMatch(/^DataError: query failed: .*'abc'/);
    expect(await message('SELECT 1); DROP VIEW kol_silver.kol_content; --')).toMatch(/^ConfigError/);
    expect(await message("SELECT * FROM read_text('/etc/hostname')")).toMatch(
      /Error: query (failed|refused)/,
    );
  });

  it('lets a torn file fail only the queries that name its table', async () => {
    expect(await failure(() => readAll(source, { sql: () => 'SELECT * FROM kol_gold.torn' }))).toMatch(
      /^DataError: .*torn\.parquet: not a readable Parquet file/,
    );
    expect(await failure(() => source.snapshot(['kol_gold.torn']))).toMatch(/torn\.parquet/);
  });

  it('quotes names and gives the columns of a result without rows', async () => {
    expect(await first('SELECT "a ""b" AS x FROM kol_gold."order by ""x"""')).toEqual([1]);
    const empty = await readAll(source, {
      sql: () => 'SELECT kol_id, followers_count FROM kol_silver.kol_content WHERE false',
    });
    expect([empty.nRows, empty.columns.kol_id.type, empty.columns.followers_count.type]).toEqual([
      0,
      'string',
      'number',
    ]);
  });

  it('checks a declared schema', async () => {
    const text = 'SELECT kol_id FROM kol_silver.kol_content';
    const withSchema = (name: string, type: 'number' | 'string') =>
      failure(() => readAll(source, { sql: () => text, schema: [{ name, type }] }));
    expect(await withSchema('kol_id', 'string')).toBe('nothing was thrown');
    expect(await withSchema('kol_id', 'number')).toMatch(/column kol_id is a string, expected a number/);
    expect(await withSchema('kolid', 'string')).toMatch(/column kolid is missing \(nearest: kol_id\)/);
  });

  it('works in UTC', async () => {
    expect(await first("SELECT current_setting('TimeZone') AS x")).toEqual(['UTC']);
  });

  it('interrupts a running query, and goes on with the next', async () => {
    const abort = new AbortController();
    const endless =
      'SELECT count(*) AS x FROM range(1000000000) a, range(1000000) b WHERE (a.range * b.range) % 7 = 3';
    setTimeout(() => abort.abort(), 100);
    expect(await failure(() => readAll(source, { sql: () => endless }, { signal: abort.signal }))).toMatch(
      /^InterruptedError/,
    );
    expect(await failure(() => readAll(source, { sql: () => endless }, { signal: abort.signal }))).toMatch(
      /^InterruptedError/,
    );
    expect(await first('SELECT 1 AS x')).toEqual([1]);
  });

  it('stops the query when the reader stops', async () => {
    for await (const batch of source.read({ sql: () => 'SELECT i AS x FROM range(100000000) t(i)' })) {
      expect(batch.nRows).toBeGreaterThan(0);
      break;
    }
    expect(await first('SELECT 2 AS x')).toEqual([2]);
  });

  it('takes the snapshot of what the files hold, not of when they were written', async () => {
    const other = join(folder, 'other', 'kol_silver', 'kol_content');
    mkdirSync(other, { recursive: true });
    for (const name of ['a', 'b']) {
      copyFileSync(
        join(lake, 'kol_silver', 'kol_content', `${name}.parquet`),
        join(other, `${name}.parquet`),
      );
    }
    const snapshotOf = async () => {
      const twin = await duckdbLakehouse(join(folder, 'other'));
      const [snapshot] = await twin.snapshot(['kol_silver.kol_content']);
      await twin.close();
      return snapshot;
    };
    const [ours] = await source.snapshot(['kol_silver.kol_content']);
    expect(ours.rows).toBe(7000);
    expect(ours.id).toMatch(/^[0-9a-f]{64}$/);
    expect(await snapshotOf()).toEqual(ours);
    await sql(`COPY (SELECT 1 AS followers_count) TO '${join(other, 'b.parquet')}' (FORMAT parquet)`);
    expect((await snapshotOf()).id).not.toBe(ours.id);
    expect(await failure(() => source.snapshot(['kol_silver.kol_contnt']))).toMatch(
      /nearest: kol_silver.kol_content/,
    );
  });

  it('reads a wanted snapshot only while the files are those', async () => {
    const [ours] = await source.snapshot(['kol_silver.kol_content']);
    const wanted = { 'kol_silver.kol_content': ours.id };
    expect(await source.snapshot(['kol_silver.kol_content'], wanted)).toEqual([ours]);
    expect(
      await failure(() => source.snapshot(['kol_silver.kol_content'], { 'kol_silver.kol_content': 'beef' })),
    ).toMatch(
      /table kol_silver.kol_content of .* is no longer in snapshot beef but in [0-9a-f]{64}; .* restore/,
    );
  });

  it('says what is wrong with the folder', async () => {
    expect(await failure(() => duckdbLakehouse(join(folder, 'none')))).toMatch(
      /^DataError: lakehouse .*none does not exist; .*kol sample/,
    );
    mkdirSync(join(folder, 'empty', 'kol_gold'), { recursive: true });
    expect(await failure(() => duckdbLakehouse(join(folder, 'empty')))).toMatch(
      /holds no table; expected <schema>\/<table>/,
    );
    expect(await failure(() => duckdbLakehouse(fileWith(folder, 'file', 'x')))).toMatch(
      /is a file, expected a folder/,
    );
  });
});
