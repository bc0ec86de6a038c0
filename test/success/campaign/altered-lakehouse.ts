import { cp, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { sql } from '../../sources/scratch.js';

/**
 * A copy of the lakehouse `from` at `to` in which some tables, named as `schema.table`, are what a SELECT over `t`, the
 * table as it was, gives.
 */
export async function alteredLakehouse(
  from: string,
  to: string,
  changes: Readonly<Record<string, string>>,
): Promise<string> {
  await cp(from, to, { recursive: true });
  for (const [table, select] of Object.entries(changes)) {
    const path = join(to, ...table.split('.'));
    expect(await readdir(path)).toEqual(['part-00000.parquet']);
    const part = join(path, 'part-00000.parquet');
    await sql(`COPY (WITH t AS (SELECT * FROM '${part}') ${select}) TO '${part}.new' (FORMAT parquet)`);
    await rename(`${part}.new`, part);
  }
  return to;
}
