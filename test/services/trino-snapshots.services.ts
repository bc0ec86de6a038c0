import { beforeAll, describe, expect, it } from 'vitest';
import { readAll, type TableSource } from '../../src/sources/table-source.js';
import { execute, freshSchema, source } from './trino-session.js';

const schema = 'kol_trino_snapshots';
let lake: TableSource;

beforeAll(async () => {
  lake = await source();
  await freshSchema(schema);
});

/** A table of one row for each value, one snapshot each, and the ids of those. */
async function tableOf(name: string, values: readonly number[]): Promise<{ table: string; ids: string[] }> {
  const table = `${schema}.${name}`;
  await execute(`CREATE TABLE ${table} (n integer, word varchar)`);
  const ids: string[] = [];
  for (const n of values) {
    await execute(`INSERT INTO ${table} VALUES (${n}, 'w${n}')`);
    ids.push((await lake.snapshot([table]))[0].id);
  }
  return { table, ids };
}

const all = (table: string, columns = 'n, word') => ({
  sql: (engine: { table: (name: string) => string }) =>
    `SELECT ${columns} FROM ${engine.table(table)} ORDER BY 1`,
});

describe('snapshots', () => {
  it('are the newest, with time and rows, or the one that is wanted', async () => {
    const { table, ids } = await tableOf('grown', [1, 2, 3]);
    expect(new Set(ids).size).toBe(3);
    const [newest] = await lake.snapshot([table]);
    expect(newest).toEqual({ table, id: ids[2], committedAt: expect.any(String) as string, rows: 3 });
    expect(new Date(newest.committedAt ?? '').toISOString()).toBe(newest.committedAt);
    expect(Math.abs(Date.parse(newest.committedAt ?? '') - Date.now())).toBeLessThan(600_000);
    const [second] = await lake.snapshot([table], { [table]: ids[1] });
    expect(second).toMatchObject({ id: ids[1], rows: 2 });
    const { columns } = await readAll(lake, all(table), { snapshots: [second] });
    expect([...columns.n.values]).toEqual([1, 2]);
  });

  it('follow a rollback', async () => {
    const { table, ids } = await tableOf('rolled', [1, 2]);
    await execute(`ALTER TABLE ${table} EXECUTE rollback_to_snapshot(${ids[0]})`);
    expect((await lake.snapshot([table]))[0]).toMatchObject({ id: ids[0], rows: 1 });
  });

  it('do not see what is written after them, dropped columns and new names included', async () => {
    const { table } = await tableOf('changed', [1, 2]);
    const snapshots = await lake.snapshot([table]);
    await execute(`INSERT INTO ${table} VALUES (3, 'later')`);
    await execute(`ALTER TABLE ${table} RENAME COLUMN word TO text`);
    await execute(`ALTER TABLE ${table} ALTER COLUMN n SET DATA TYPE bigint`);
    const { columns } = await readAll(lake, all(table), { snapshots });
    expect([...columns.n.values]).toEqual([1, 2]);
    expect([...columns.word.values]).toEqual(['w1', 'w2']);
    // The newest snapshot was written before the change, so it has the old names still.
    const renamed = async () =>
      readAll(lake, all(table, 'text'), { snapshots: await lake.snapshot([table]) });
    await expect(renamed()).rejects.toThrow(/column text does not exist .*added or renamed after/);
    await execute(`INSERT INTO ${table} VALUES (4, 'new')`);
    expect([...(await renamed()).columns.text.values]).toEqual(['later', 'new', 'w1', 'w2']);
    await expect(readAll(lake, all(table, 'txet'))).rejects.toThrow(
      /column txet does not exist .*nearest: text/,
    );
  });

  it('of a table that goes away meanwhile end in its name', async () => {
    const { table } = await tableOf('dropped', [1]);
    const snapshots = await lake.snapshot([table]);
    await execute(`DROP TABLE ${table}`);
    await expect(readAll(lake, all(table), { snapshots })).rejects.toThrow(
      /table 'iceberg\.kol_trino_snapshots\.dropped' does not exist/,
    );
    await expect(lake.snapshot([table])).rejects.toThrow(/table kol_trino_snapshots\.dropped does not exist/);
  });

  it('that have expired are named, before and while reading', async () => {
    const { table, ids } = await tableOf('expired', [1, 2]);
    const snapshots = await lake.snapshot([table], { [table]: ids[0] });
    await execute(`ALTER TABLE ${table} EXECUTE expire_snapshots(retention_threshold => '0s')`, {
      'iceberg.expire_snapshots_min_retention': '0s',
    });
    await expect(lake.snapshot([table], { [table]: ids[0] })).rejects.toThrow(
      `snapshot ${ids[0]} of table ${table} is no longer kept (expired, or of another table); the newest is ${ids[1]} of `,
    );
    await expect(readAll(lake, all(table), { snapshots })).rejects.toThrow(
      new RegExp(`snapshot ${ids[0]} is no longer kept`),
    );
  });

  it('are refused where there can be none', async () => {
    await execute(`CREATE VIEW ${schema}.seen AS SELECT 1 AS n`);
    await expect(lake.snapshot([`${schema}.seen`])).rejects.toThrow(/is a view, so it is no Iceberg table/);
    await expect(lake.snapshot(['tpch.tiny.orders'])).rejects.toThrow(
      /no Iceberg table whose state could be pinned/,
    );
    await expect(lake.snapshot([`${schema}.grwn`])).rejects.toThrow(/nearest: kol_trino_snapshots\.grown/);
    await expect(lake.snapshot([`${schema}.grown`], { [`${schema}.grown`]: '1 OR 1 = 1' })).rejects.toThrow(
      /must be the number that Iceberg gave it/,
    );
  });

  it('of a table that is empty read as empty, whatever comes later', async () => {
    const table = `${schema}.void`;
    await execute(`CREATE TABLE ${table} (n integer, word varchar)`);
    const [made] = await lake.snapshot([table]);
    const empty = { table, id: 'empty', rows: 0 };
    expect(made.rows ?? 0).toBe(0);
    await execute(`INSERT INTO ${table} VALUES (1, 'later')`);
    for (const snapshot of [made, empty]) {
      const { nRows, columns } = await readAll(lake, all(table), { snapshots: [snapshot] });
      expect(nRows).toBe(0);
      expect(Object.keys(columns)).toEqual(['n', 'word']);
    }
    expect(await lake.snapshot([table], { [table]: 'empty' })).toEqual([empty]);
  });
});
