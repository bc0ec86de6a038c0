import { createHash } from 'node:crypto';
import { cp, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeSampleLakehouse } from '../../src/sources/sample/write-sample.js';
import { sql } from '../sources/scratch.js';

const accounts = fileURLToPath(new URL('../../data/trust-accounts.parquet', import.meta.url));

/** The tables that dbt builds. */
export const built = ['dim_kol', 'fact_kol_performance'] as const;

/** A small sample lakehouse at `folder`, with every 20th of the real accounts. */
export async function smallSample(folder: string): Promise<void> {
  const some = `${folder}.accounts.parquet`;
  await sql(
    `COPY (SELECT * EXCLUDE (r) FROM (SELECT *, row_number() OVER () AS r FROM '${accounts}') WHERE r % 20 = 0 ORDER BY r) TO '${some}'`,
  );
  await writeSampleLakehouse(folder, { seed: 5, accountsFile: some, nKols: 60, nTexts: 20 });
}

/** A copy of a lakehouse, without what dbt keeps in it. */
export async function copyOf(lakehouse: string, folder: string): Promise<string> {
  await cp(lakehouse, folder, { recursive: true, filter: (path) => !path.endsWith('/.dbt') });
  return folder;
}

export const fileOf = (lakehouse: string, table: string): string =>
  join(lakehouse, table.replace('.', '/'), 'part-00000.parquet');

/** Puts what `query` gives, which may read the table as `old`, in the place of a table. */
export async function rewrite(lakehouse: string, table: string, query: string): Promise<void> {
  const file = fileOf(lakehouse, table);
  await sql(`COPY (WITH old AS (SELECT * FROM '${file}') ${query}) TO '${file}.new' (FORMAT parquet)`);
  await rename(`${file}.new`, file);
}

/** SHA-256 of the gold tables' files. */
export function hashes(lakehouse: string): Promise<string[]> {
  return Promise.all(
    built.map(async (table) =>
      createHash('sha256')
        .update(await readFile(fileOf(lakehouse, `kol_gold.${table}`)))
        .digest('hex'),
    ),
  );
}

/** Rows of `a` that `b` lacks and the other way round, and the rows of both; columns and their types must be the same. */
export async function difference(a: string, b: string, table: string): Promise<unknown[]> {
  const [x, y] = [a, b].map((lakehouse) => `'${fileOf(lakehouse, `kol_gold.${table}`)}'`);
  const [types, others] = [await sql(`DESCRIBE FROM ${x}`), await sql(`DESCRIBE FROM ${y}`)];
  if (JSON.stringify(types) !== JSON.stringify(others)) return ['other columns', types, others];
  const [row] = await sql(
    `SELECT (SELECT count(*) FROM (FROM ${x} EXCEPT ALL FROM ${y}))::INT, (SELECT count(*) FROM (FROM ${y} EXCEPT ALL FROM ${x}))::INT, (SELECT count(*) FROM ${y})::INT`,
  );
  return row;
}
