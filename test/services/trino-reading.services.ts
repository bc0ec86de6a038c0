import { beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, DataError } from '../../src/core/errors.js';
import { readAll, type TableSource } from '../../src/sources/table-source.js';
import { execute, freshSchema, readColumns, readText, source } from './trino-session.js';

const schema = 'kol_trino_reading';
const table = `${schema}.posts`;
let lake: TableSource;

beforeAll(async () => {
  lake = await source();
  await freshSchema(schema);
  await execute(
    `CREATE TABLE ${table} (id bigint, likes integer, hashtags array(varchar), caption varchar, posted timestamp(6))`,
  );
  await execute(
    `INSERT INTO ${table} VALUES (1, 10, ARRAY['a'], 'một', TIMESTAMP '2024-05-06 07:08:09.123456'), (2, NULL, NULL, NULL, NULL)`,
  );
});

/** Every row as it is pinned. */
const posts = (columns = 'id, likes, caption, posted') => ({
  sql: (engine: { table: (name: string) => string }) =>
    `SELECT ${columns} FROM ${engine.table(table)} ORDER BY id`,
});

describe('reading', () => {
  it('gives every type as a table holds it', async () => {
    const read = await readColumns(
      lake,
      `SELECT TINYINT '-5' tiny, 9007199254740991 wide, REAL '1.5' r, nan() nan, infinity() inf, DECIMAL '-12.345' dec,
        true yes, DATE '1969-12-31' day, TIMESTAMP '1969-12-31 23:59:59.999999' ts,
        TIMESTAMP '2024-07-01 12:00:00.123456789 America/New_York' zoned, TIMESTAMP '2024-07-01 12:00:00 +05:30' offs,
        'tiếng Việt 🎉' text, CAST('a' AS char(3)) ch, JSON '{"a":1}' js, UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59' id,
        CAST(NULL AS double) none, NULL nothing, DATE '-0044-03-15' ides, CAST(1234567890123456789 AS varchar) far`,
    );
    expect(read).toEqual({
      tiny: [-5],
      wide: [9007199254740991],
      r: [1.5],
      nan: [NaN],
      inf: [Infinity],
      dec: [-12.345],
      yes: [1],
      day: [-86_400_000],
      ts: [-1],
      zoned: [Date.parse('2024-07-01T16:00:00.123Z')],
      offs: [Date.parse('2024-07-01T06:30:00Z')],
      text: ['tiếng Việt 🎉'],
      ch: ['a  '],
      js: ['{"a":1}'],
      id: ['12151fd2-7586-11e9-8f9e-2a86e4085a59'],
      none: [NaN],
      nothing: [null],
      ides: [Date.parse('-000044-03-15T00:00:00Z')],
      far: ['1234567890123456789'],
    });
  });

  it('refuses integers that would lose digits, and types that a table cannot hold', async () => {
    await expect(readColumns(lake, 'SELECT 9223372036854775807 AS account')).rejects.toThrow(
      /column account holds about .*beyond 2\^53.*CAST AS VARCHAR/,
    );
    await expect(readAll(lake, posts('hashtags'))).rejects.toThrow(
      'column hashtags has type array(varchar), expected a number',
    );
    const { columns } = await readAll(lake, posts());
    expect(columns.posted.values[0]).toBe(Date.parse('2024-05-06T07:08:09.123Z'));
  });

  it('knows the columns of a result without rows', async () => {
    const { nRows, columns } = await readAll(lake, {
      sql: () => `SELECT id, caption FROM ${table} WHERE false`,
    });
    expect(nRows).toBe(0);
    expect(Object.entries(columns).map(([name, { type }]) => [name, type])).toEqual([
      ['id', 'number'],
      ['caption', 'string'],
    ]);
  });

  it('checks what the caller counts on', async () => {
    const read = (name: string, type: 'number' | 'string') =>
      readAll(lake, { ...posts(), schema: [{ name, type }] });
    await expect(read('caption', 'number')).rejects.toThrow(ConfigError);
    await expect(read('like', 'number')).rejects.toThrow(/column like is missing \(nearest: likes\)/);
    expect((await read('likes', 'number')).nRows).toBe(2);
  });

  it.each([
    [`SELECT * FROM ${schema}.post`, DataError, /post' does not exist .*nearest: kol_trino_reading\.posts/],
    ['SELECT * FROM kol_trino_readin.posts', DataError, /does not exist .*nearest: kol_trino_reading\)?/],
    ['SELECT FROM', ConfigError, /query refused: .*mismatched input/],
    ['SELECT 1 + true', DataError, /query refused: .*cast the column/],
    ['SELECT 1 / 0', DataError, /Division by zero/],
    ['SELECT * FROM nowhere.a.b', ConfigError, /nowhere.*set the catalog/],
  ])('explains %s', async (sql, kind, text) => {
    const failed = readAll(lake, { sql: () => sql });
    await expect(failed).rejects.toThrow(kind);
    await expect(failed).rejects.toThrow(text);
    await expect(failed).rejects.toThrow(/query \d{8}_\d{6}_\d{5}_\w+/);
  });

  it('names the nearest column', async () => {
    await expect(readAll(lake, posts('captoin'))).rejects.toThrow(
      /column captoin does not exist .*nearest: caption.*hashtags/,
    );
  });

  it('tells the statement and its id', async () => {
    const runs: { sql: string; queryId?: string }[] = [];
    const snapshots = await lake.snapshot([table]);
    await readAll(lake, posts('id'), { snapshots, onRun: (run) => runs.push(run) });
    expect(runs).toHaveLength(1);
    expect(runs[0].sql).toBe(
      `SELECT id FROM "iceberg"."${schema}"."posts" FOR VERSION AS OF ${snapshots[0].id} ORDER BY id`,
    );
    expect(
      await readText(`SELECT query FROM system.runtime.queries WHERE query_id = '${runs[0].queryId}'`),
    ).toBe(runs[0].sql);
  });
});
