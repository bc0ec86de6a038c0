import { DataError } from '../../core/errors.js';
import { quoteIdentifier } from '../../core/sql/identifier.js';
import { MissingTableError } from '../missing-table.js';
import { quoteText } from '../sql-quoting.js';
import type { TableSnapshot } from '../table-source.js';
import type { TrinoConnection } from './connection.js';
import { runStatement, type StatementOptions } from './statement.js';
import { parseTimestampText } from './timestamp-text.js';

/** The id of a table that has no snapshot because nothing was ever written to it. */
export const emptySnapshot = 'empty';

/** Catalog, schema and table of `schema.table` or `catalog.schema.table`. */
export function tableParts(name: string, catalog: string): readonly [string, string, string] {
  const parts = name.split('.');
  if (parts.length < 2 || parts.length > 3) {
    throw new DataError(`table ${JSON.stringify(name)} must be named schema.table or catalog.schema.table`);
  }
  return (parts.length === 3 ? parts : [catalog, ...parts]) as [string, string, string];
}

/** A table as a query names it, in the state of `snapshot` where one is given. */
export function pinnedTable(name: string, catalog: string, snapshot: TableSnapshot | undefined): string {
  const table = tableParts(name, catalog).map(quoteIdentifier).join('.');
  if (snapshot === undefined) return table;
  // There is no version to name, and what is written later must not be seen.
  if (snapshot.id === emptySnapshot) return `(SELECT * FROM ${table} WHERE false)`;
  return `${table} FOR VERSION AS OF ${checkId(snapshot.id, name)}`;
}

/**
 * The current snapshot of an Iceberg table, also after a rollback, or the one named `wanted`.
 * @throws {DataError} for a table that is not there or no Iceberg table, and for a snapshot that is no longer kept
 */
export async function readSnapshot(
  connection: TrinoConnection,
  name: string,
  wanted: string | undefined,
  options: StatementOptions,
): Promise<TableSnapshot> {
  const parts = tableParts(name, connection.settings.catalog);
  const current = await oneRow(connection, currentSql(parts), options).catch(async (error: unknown) => {
    if (await isView(connection, parts, options)) {
      throw new DataError(`${name} is a view, so it ${noSnapshots}; name the tables that it reads`);
    }
    if (error instanceof MissingTableError && error.missing.includes('$')) {
      throw new MissingTableError(`table ${name} does not exist, or ${noSnapshots}`, parts.join('.'));
    }
    throw error;
  });
  const newest =
    current === undefined ? { table: name, id: emptySnapshot, rows: 0 } : snapshotOf(name, current);
  if (wanted === undefined || wanted === newest.id) return newest;
  // An empty state has no id of its own, but it can be read at any time.
  if (wanted === emptySnapshot) return { table: name, id: emptySnapshot, rows: 0 };
  const found = await oneRow(connection, snapshotSql(parts, checkId(wanted, name)), options);
  if (found === undefined) {
    const at = newest.committedAt === undefined ? '' : ` of ${newest.committedAt}`;
    throw new DataError(
      `snapshot ${wanted} of table ${name} is no longer kept (expired, or of another table); the newest is ${newest.id}${at}`,
    );
  }
  return snapshotOf(name, found);
}

const noSnapshots = 'is no Iceberg table whose state could be pinned';

const columns =
  "CAST(s.snapshot_id AS varchar), CAST(s.committed_at AT TIME ZONE 'UTC' AS timestamp(3)), element_at(s.summary, 'total-records')";

function metadataTable([catalog, schema, table]: readonly [string, string, string], kind: string): string {
  return [catalog, schema, `${table}$${kind}`].map(quoteIdentifier).join('.');
}

/** The newest snapshot by time is not the current one after a rollback; the main branch points at that. */
function currentSql(parts: readonly [string, string, string]): string {
  return (
    `SELECT ${columns} FROM ${metadataTable(parts, 'snapshots')} s JOIN ${metadataTable(parts, 'refs')} r ` +
    `ON s.snapshot_id = r.snapshot_id WHERE r.name = 'main' AND r.type = 'BRANCH'`
  );
}

function snapshotSql(parts: readonly [string, string, string], id: string): string {
  return `SELECT ${columns} FROM ${metadataTable(parts, 'snapshots')} s WHERE s.snapshot_id = ${id}`;
}

/** What the server says when asked for the snapshots of a view depends on the catalog, and never that it is one. */
async function isView(
  connection: TrinoConnection,
  [catalog, schema, table]: readonly [string, string, string],
  options: StatementOptions,
): Promise<boolean> {
  const sql =
    `SELECT 1 FROM ${quoteIdentifier(catalog)}.information_schema.views ` +
    `WHERE table_schema = ${quoteText(schema)} AND table_name = ${quoteText(table)}`;
  return (await oneRow(connection, sql, options).catch(() => undefined)) !== undefined;
}

async function oneRow(
  connection: TrinoConnection,
  sql: string,
  options: StatementOptions,
): Promise<readonly unknown[] | undefined> {
  let row: readonly unknown[] | undefined;
  for await (const { rows } of runStatement(connection, sql, { ...options, repeatable: true }))
    row ??= rows[0];
  return row;
}

function snapshotOf(table: string, [id, committedAt, records]: readonly unknown[]): TableSnapshot {
  const rows = typeof records === 'string' ? Number(records) : NaN;
  return {
    table,
    id: id as string,
    committedAt: new Date(parseTimestampText(committedAt as string)).toISOString(),
    ...(Number.isSafeInteger(rows) && { rows }),
  };
}

function checkId(id: string, table: string): string {
  if (!/^\d{1,19}$/.test(id)) {
    throw new DataError(
      `snapshot ${JSON.stringify(id)} of table ${table} must be the number that Iceberg gave it, such as 8954597067493422955`,
    );
  }
  return id;
}
