import { chmodSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import { shortestFloat32 } from '../../src/sources/csv-writer.js';
import { cannotWrite } from '../../src/sources/atomic-file.js';
import { openDataFile } from '../../src/sources/data-file.js';
import { parquetWriter } from '../../src/sources/parquet-writer.js';
import type { WriteColumn } from '../../src/sources/table-writer.js';
import { tableWriter } from '../../src/sources/write-table.js';
import { failure, scratchFolder, sql } from './scratch.js';

const folder = scratchFolder();

const schema: WriteColumn[] = [
  { name: 'kol_id', type: 'string' },
  { name: 'x', type: 'number' },
  { name: 'p', type: 'float32' },
  { name: 'n', type: 'integer' },
  { name: 'flag', type: 'boolean' },
  { name: 'at', type: 'timestamp' },
  { name: 'day', type: 'date' },
];
const table = Table.fromColumns({
  kol_id: { type: 'string', values: ['a', 'x, "y"\nz', null, ' đẹp 😀 '] },
  x: { type: 'number', values: Float64Array.of(0.1 + 0.2, -1e-300, NaN, Infinity) },
  p: { type: 'number', values: Float64Array.of(0.1, 1 / 3, NaN, 16777216) },
  n: { type: 'number', values: Float64Array.of(0, -5, NaN, 9007199254740991) },
  flag: { type: 'boolean', values: Float64Array.of(1, 0, NaN, 1) },
  at: { type: 'timestamp', values: Float64Array.of(0, Date.UTC(2026, 10, 23, 6, 5, 4, 321), NaN, -1) },
  day: { type: 'timestamp', values: Float64Array.of(0, Date.UTC(2026, 10, 23), NaN, -86_400_000) },
});

async function write(name: string, batches: readonly Table[] = [table]): Promise<string> {
  const path = join(folder, name);
  const writer = await tableWriter(path, schema);
  for (const batch of batches) await writer.write(batch);
  await writer.close();
  return path;
}

async function readBack(path: string): Promise<Table> {
  const types = {
    kol_id: 'string',
    x: 'number',
    p: 'number',
    n: 'number',
    flag: 'boolean',
    at: 'timestamp',
    day: 'timestamp',
  } as const;
  const file = await openDataFile(path, { types });
  const batches: Table[] = [];
  for await (const batch of file.batches()) batches.push(batch);
  return Table.concat(batches);
}

describe('tableWriter', () => {
  it.each(['t.csv', 't.parquet'])('writes %s so that reading gives the same values', async (name) => {
    const back = await readBack(await write(name, [table, table]));
    const twice = Table.concat([table, table]);
    for (const column of ['kol_id', 'x', 'n', 'flag', 'at', 'day']) {
      expect([column, back.columns[column].values]).toEqual([column, twice.columns[column].values]);
    }
    expect(Float32Array.from(Table.numbers(back, 'p'))).toEqual(Float32Array.from(Table.numbers(twice, 'p')));
  });

  it('writes the types and values that another reader expects', async () => {
    const path = await write('typed.parquet');
    const types = (await sql(`DESCRIBE SELECT * FROM '${path}'`)).map((row) => row[1]);
    expect(types).toEqual(['VARCHAR', 'DOUBLE', 'FLOAT', 'BIGINT', 'BOOLEAN', 'TIMESTAMP', 'DATE']);
    expect(await sql(`SELECT count(x), count(flag), sum(flag::INT) FROM '${path}'`)).toEqual([
      ['3', '3', '2'],
    ]);
    const csv = await write('typed.csv');
    expect(await sql(`SELECT kol_id, x, day::VARCHAR FROM read_csv('${csv}') LIMIT 2`)).toEqual([
      ['a', 0.1 + 0.2, '1970-01-01'],
      ['x, "y"\nz', -1e-300, '2026-11-23'],
    ]);
  });

  it('writes a table without rows, and the same bytes twice', async () => {
    const path = await write('none.parquet', []);
    expect(await sql(`SELECT count(*) FROM '${path}'`)).toEqual([['0']]);
    const hash = async (name: string) => sql(`SELECT md5(content) FROM read_blob('${await write(name)}')`);
    expect(await hash('one.parquet')).toEqual(await hash('two.parquet'));
  });

  it('keeps the order of many rows within little memory', async () => {
    const path = join(folder, 'many.parquet');
    const writer = await parquetWriter(
      path,
      [
        { name: 'i', type: 'integer' },
        { name: 's', type: 'string' },
      ],
      '100MB',
    );
    const n = 20_000;
    for (let b = 0; b < 15; b++) {
      await writer.write(
        Table.fromColumns({
          i: { type: 'number', values: Float64Array.from({ length: n }, (_, i) => b * n + i) },
          s: {
            type: 'string',
            values: Array.from({ length: n }, (_, i) => `row ${b * n + i} ${'x'.repeat(100)}`),
          },
        }),
      );
    }
    await writer.close();
    expect(
      await sql(
        `SELECT count(*), count_if(i = file_row_number), count_if(s LIKE 'row ' || i || ' %') FROM read_parquet('${path}', file_row_number = true)`,
      ),
    ).toEqual([['300000', '300000', '300000']]);
  });

  it.each(['csv', 'parquet'])(
    'shows no %s file before it is whole, and none after abort',
    async (extension) => {
      const place = join(folder, `abort-${extension}`);
      mkdirSync(place);
      const path = join(place, `t.${extension}`);
      const writer = await tableWriter(path, schema);
      await writer.write(table);
      expect(existsSync(path)).toBe(false);
      await writer.abort();
      await writer.abort();
      expect(readdirSync(place)).toEqual([]);
    },
  );

  it('names what it cannot write', async () => {
    const opening = (path: string, columns = schema) => failure(() => tableWriter(path, columns));
    expect(await opening(join(folder, 't.xlsx'))).toMatch(/^ConfigError: .*ends in \.csv or \.parquet/);
    expect(await opening(join(folder, 'no', 't.csv'))).toMatch(/^ConfigError: .*folder does not exist/);
    expect(await opening(join(folder, 'no', 't.parquet'))).toMatch(/^ConfigError: .*folder does not exist/);
    expect(await opening(join(folder, 't.csv'), [schema[0], schema[0]])).toMatch(
      /column kol_id would be written twice/,
    );
    const full = Object.assign(new Error('ENOSPC: no space left on device, write'), {
      code: 'ENOSPC',
      errno: -28,
    });
    expect(cannotWrite('out.csv', full).message).toMatch(/^out\.csv: the disk is full/);
    expect(
      cannotWrite('out.parquet', new Error('IO Error: Could not write: No space left on device')).message,
    ).toMatch(/disk is full/);
    const denied = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES', errno: -13 });
    expect(cannotWrite('out.csv', denied).message).toMatch(/no permission/);
  });

  it('names the column that does not fit', async () => {
    const writing = (columns: WriteColumn[]) =>
      failure(async () => {
        const writer = await tableWriter(join(folder, 'bad.csv'), columns);
        try {
          await writer.write(table);
        } finally {
          await writer.abort();
        }
      });
    expect(await writing([{ name: 'nope', type: 'number' }])).toMatch(/lack column nope/);
    expect(await writing([{ name: 'kol_id', type: 'number' }])).toMatch(
      /column kol_id holds string values, expected number/,
    );
    expect(await writing([{ name: 'x', type: 'integer' }])).toMatch(
      /column x holds 0\.30000000000000004, expected an integer/,
    );
    expect(await writing([{ name: 'x', type: 'timestamp' }])).toMatch(/expected milliseconds within/);
  });

  it('says so where the folder is not writable', async ({ skip }) => {
    const place = join(folder, 'locked');
    mkdirSync(place);
    chmodSync(place, 0o500);
    if (process.getuid?.() === 0) skip('the superuser may write everywhere');
    expect(await failure(() => tableWriter(join(place, 't.csv'), schema))).toMatch(/no permission/);
  });
});

describe('shortestFloat32', () => {
  it('round-trips every float32 and is as short as the shortest', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true }), (x) => {
        const text = shortestFloat32(x);
        const number = text === 'inf' ? Infinity : text === '-inf' ? -Infinity : Number(text);
        expect(Object.is(Math.fround(number), x)).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(shortestFloat32(Math.fround(0.1))).toBe('0.1');
    expect(shortestFloat32(Math.fround(1 / 3))).toBe('0.33333334');
  });
});
