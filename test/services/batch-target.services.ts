import { beforeAll, describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import type { Batch } from '../../src/sources/batch-target.js';
import { trinoTarget } from '../../src/sources/trino/batch-target.js';
import { freshSchema, readColumns, readText, settings, source, trinoUrl } from './trino-session.js';
import { startFaultProxy } from './fault-proxy.js';

const schema = 'kol_target';
const table = `${schema}.scores`;
const day = 86_400_000;

/** Scores of KOLs at a moment; `shift` tells writings apart. */
function batch(ids: readonly string[], at: number, shift = 0): Batch {
  return {
    table,
    columns: [
      { name: 'kol_id', type: 'string' },
      { name: 'scored_at', type: 'timestamp' },
      { name: 'ds', type: 'date' },
      { name: 'score', type: 'number' },
      { name: 'level', type: 'integer' },
      { name: 'is_held', type: 'boolean' },
    ],
    within: ['scored_at'],
    key: ['kol_id'],
    rows: Table.fromColumns({
      kol_id: { type: 'string', values: ids },
      scored_at: { type: 'timestamp', values: new Float64Array(ids.length).fill(at) },
      ds: { type: 'timestamp', values: Float64Array.from(ids, (_, i) => at + i * day) },
      score: { type: 'number', values: Float64Array.from(ids, (_, i) => (i === 1 ? NaN : i / 3 + shift)) },
      level: { type: 'number', values: Float64Array.from(ids, (_, i) => i) },
      is_held: { type: 'boolean', values: Float64Array.from(ids, (_, i) => i % 2) },
    }),
  };
}

const count = async (): Promise<number> =>
  Number(await readText(`SELECT CAST(count(*) AS varchar) FROM ${table}`));
/** Tables of the schema, those that a write left behind included. */
const tables = async (): Promise<unknown[]> => {
  const sql = `SELECT table_name FROM information_schema.tables WHERE table_schema = '${schema}'`;
  return (await readColumns(await source(), sql)).table_name;
};

beforeAll(() => freshSchema(schema));

describe('writing a batch through Trino', () => {
  const hostile = ["k'1", 'k"2\\', 'đẹp 🎉', 'null', '{"a":[1]}', 'line\nend', ''];

  it('writes what it is given, once, however often it is written', async () => {
    const target = await trinoTarget(settings);
    for (let i = 0; i < 2; i++)
      expect(await target.replace(batch(hostile, day))).toMatchObject({ nRows: hostile.length });
    const read = await readColumns(
      await source(),
      `SELECT kol_id, scored_at, ds, score, level, is_held FROM ${table} ORDER BY level`,
    );
    const { columns } = batch(hostile, day).rows;
    expect(read).toEqual(
      Object.fromEntries(Object.entries(columns).map(([name, { values }]) => [name, [...values]])),
    );
    expect(await tables()).toEqual(['scores']);
  });

  it('replaces the batch of its name and leaves the others', async () => {
    const target = await trinoTarget(settings);
    await target.replace(batch(['a', 'b', 'c'], 5 * day));
    await target.replace(batch(['c', 'd'], 5 * day, 100));
    const read = await readColumns(
      await source(),
      `SELECT kol_id, score FROM ${table} WHERE scored_at = TIMESTAMP '1970-01-06' ORDER BY kol_id`,
    );
    expect(read).toEqual({ kol_id: ['c', 'd'], score: [100, NaN] });
    expect(await count()).toBe(hostile.length + 2);
  });

  it('writes more rows than one statement holds, in one commit', async () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => `kol-${i}-${'x'.repeat(80)}`);
    const commits = (): Promise<string> =>
      readText(`SELECT CAST(count(*) AS varchar) FROM ${schema}."scores$snapshots"`);
    const before = Number(await commits());
    const target = await trinoTarget(settings);
    await target.replace(batch(ids, 9 * day));
    expect(Number(await commits())).toBe(before + 1);
    expect(await count()).toBe(hostile.length + 2 + ids.length);
  });

  it('doubles no row when answers are lost after the server acted', async () => {
    const proxy = await startFaultProxy(trinoUrl);
    try {
      let posts = 0;
      // The statement arrives and runs; its first answer breaks off.
      proxy.fault = ({ method }) => (method === 'POST' && posts++ % 2 === 0 ? { cutAfter: 1 } : undefined);
      const target = await trinoTarget({ ...settings, url: proxy.url });
      const before = await count();
      await target.replace(batch(['p', 'q', 'r'], 11 * day));
      expect(posts).toBeGreaterThan(8);
      expect(await count()).toBe(before + 3);
      expect(await tables()).toEqual(['scores']);
    } finally {
      await proxy.close();
    }
  });

  it('leaves everything as it was when it is interrupted', async () => {
    const proxy = await startFaultProxy(trinoUrl);
    try {
      const abort = new AbortController();
      proxy.fault = ({ path, index }) => {
        if (index > 6 && path !== '') abort.abort();
        return undefined;
      };
      const target = await trinoTarget({ ...settings, url: proxy.url });
      const before = await count();
      await expect(target.replace(batch(['x', 'y'], 12 * day), abort.signal)).rejects.toThrow('interrupted');
      expect(await count()).toBe(before);
      expect(await tables()).toEqual(['scores']);
    } finally {
      await proxy.close();
    }
  });
});
