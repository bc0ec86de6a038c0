import { Table } from '../../src/core/table.js';
import { connectTrino } from '../../src/sources/trino/connection.js';
import { trinoLakehouse } from '../../src/sources/trino/lakehouse.js';
import type { RetryOptions } from '../../src/sources/trino/retry.js';
import type { TrinoSettings } from '../../src/sources/trino/settings.js';
import { executeStatement } from '../../src/sources/trino/statement.js';
import { readAll, type ReadOptions, type TableSource } from '../../src/sources/table-source.js';

/** The Trino under test. */
export const trinoUrl = process.env['TRINO_URL'] ?? 'http://127.0.0.1:8080';
export const trinoUser = process.env['TRINO_USER'] ?? 'kol';
export const settings: TrinoSettings = { url: trinoUrl, user: trinoUser };

/** Runs a statement that changes something; rows written. */
export async function execute(
  sql: string,
  session: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const { rows } = await executeStatement(await connectTrino({ ...settings, session }), sql);
  return rows;
}

/** A schema of the suite's own, made anew. */
export async function freshSchema(name: string): Promise<void> {
  await execute(`DROP SCHEMA IF EXISTS ${name} CASCADE`);
  await execute(`CREATE SCHEMA ${name} WITH (location = 's3://lakehouse/${name}')`);
}

/** A source that tells its retries. */
export async function source(
  url = trinoUrl,
  more: Partial<TrinoSettings> = {},
  retry: RetryOptions = {},
): Promise<TableSource & { readonly told: string[] }> {
  const told: string[] = [];
  const onRetry = (message: string) => told.push(message);
  return { ...(await trinoLakehouse({ ...settings, url, ...more }, { retry: { ...retry, onRetry } })), told };
}

/** All rows of a statement, column by column. */
export async function readColumns(
  from: TableSource,
  sql: string,
  options: ReadOptions = {},
): Promise<Record<string, unknown[]>> {
  const { columns } = await readAll(from, { sql: () => sql }, options);
  return Object.fromEntries(Object.entries(columns).map(([name, { values }]) => [name, [...values]]));
}

/** One text of the first row. */
export async function readText(sql: string): Promise<string> {
  const { columns } = await readAll(await source(), { sql: () => sql });
  return Table.strings(Table.fromColumns(columns), Object.keys(columns)[0])[0] ?? '';
}
