import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Table } from '../../src/core/table.js';
import type { DataFileOptions } from '../../src/sources/data-file-types.js';
import { openDataFile } from '../../src/sources/data-file.js';
import { failure, scratchFolder, sql } from './scratch.js';

const folder = scratchFolder();

async function parquet(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  await sql(`COPY (${select}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  return path;
}

async function read(path: string, options: DataFileOptions = {}) {
  const file = await openDataFile(path, options);
  const batches: Table[] = [];
  for await (const batch of file.batches()) batches.push(batch);
  return { file, table: Table.concat(batches) };
}

describe('openDataFile: Parquet', () => {
  it('reads stored types in file order, and ids beyond 2^53 as text', async () => {
    const path = await parquet(
      'types.parquet',
      "SELECT i AS n, 796216118331310000 + i AS id, i % 2 = 0 AS flag, DATE '2020-01-01' AS day, 'x' || i AS s, 1.25::DECIMAL(4,2) AS d FROM range(50000) t(i)",
    );
    const { file, table } = await read(path);
    expect(file.schema.map(({ type }) => type)).toEqual([
      'number',
      'string',
      'boolean',
      'timestamp',
      'string',
      'number',
    ]);
    expect(file.nRows).toBe(50_000);
    expect(Table.numbers(table, 'n').every((value, i) => value === i)).toBe(true);
    expect(Table.strings(table, 'id')[49_999]).toBe('796216118331359999');
    expect(Table.numbers(table, 'day')[0]).toBe(Date.UTC(2020, 0, 1));
  });

  it('names row, column and value where a forced type does not fit, or sets the rows aside', async () => {
    const path = await parquet(
      'mixed.parquet',
      "SELECT CASE WHEN i % 1000 = 500 THEN 'oops' ELSE i::VARCHAR END AS a, i AS b FROM range(5000) t(i)",
    );
    expect(await failure(() => read(path, { types: { a: 'number' } }))).toMatch(
      /^DataError: .*mixed\.parquet: row 501: column a holds "oops", expected a number; .*--skip-bad-rows FILE/,
    );
    const rejects = join(folder, 'rejects.csv');
    const { file, table } = await read(path, { types: { a: 'number' }, skipBadRows: rejects });
    expect([table.nRows, file.rejected]).toEqual([4995, 5]);
    expect(Table.numbers(table, 'a')[500]).toBe(501);
    const aside = await read(rejects);
    expect(Array.from(Table.numbers(aside.table, 'line')).sort((a, b) => a - b)).toEqual([
      501, 1501, 2501, 3501, 4501,
    ]);
  });

  it('refuses files and columns that make no table', async () => {
    expect(
      await failure(async () => read(await parquet('none.parquet', 'SELECT 1 AS a WHERE false'))),
    ).toMatch(/holds columns and no rows/);
    const nested = await parquet('nested.parquet', 'SELECT [1] AS tags, 1 AS a');
    expect(await failure(() => read(nested))).toMatch(/nested\.parquet: column tags has type INTEGER\[\]/);
    expect((await read(nested, { drop: ['tags'] })).table.nRows).toBe(1);
    expect(await failure(() => read(nested, { required: ['b'] }))).toMatch(
      /column b is missing.*the file has tags, a/,
    );
  });
});
