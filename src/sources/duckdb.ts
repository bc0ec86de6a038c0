import { resolve } from 'node:path';
import { DataError } from '../core/errors.js';
import type { KolError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import { checkSchema } from './query-schema.js';
import { describe, fetchBatches, selectTable } from './duckdb-columns.js';
import { findTables, type StoredTable } from './embedded-tables.js';
import { fileHash } from './file-hash.js';
import { explainDuckdbError, unreadableParquet } from './duckdb-errors.js';
import type { Session, SessionOptions } from './duckdb-session.js';
import { openSession, withConnection } from './duckdb-session.js';
import { MissingTableError } from './missing-table.js';
import { listNames, nearestHint } from '../core/nearest-name.js';
import { quoteTable } from '../core/sql/identifier.js';
import { quoteIdentifier, quoteText } from './sql-quoting.js';
import type { TableSnapshot, TableSource } from './table-source.js';

/**
 * The embedded lakehouse: every `<folder>/<schema>/<table>/*.parquet` is the table `schema.table`, read by DuckDB in
 * UTC. Queries can read nothing outside `folder`. A table whose files cannot be read fails only the queries that
 * name it.
 * @throws {DataError} when the folder is missing or holds no table
 */
export async function duckdbLakehouse(folder: string, options: SessionOptions = {}): Promise<TableSource> {
  const root = resolve(folder);
  const tables = await findTables(root, folder);
  const names = tables.map((table) => table.name);
  const session = await openSession(options);
  const broken = await createViews(session, tables, root).catch(async (error: unknown) => {
    await session.close();
    throw error;
  });

  return {
    dialect: 'duckdb',
    location: folder,
    read: (query, { signal, onRun } = {}) =>
      withConnection(session, signal, async function* (connection) {
        const sql = query.sql({ dialect: 'duckdb', table: quoteTable }).trim().replace(/;\s*$/, '');
        try {
          onRun?.({ sql });
          const relation = `(${sql}\n)`;
          const statement = selectTable(await describe(connection, relation), relation, 'query');
          checkSchema(query, statement.schema);
          yield* fetchBatches(connection, statement.sql, statement.schema);
        } catch (error) {
          throw explainDuckdbError(error, names, broken, sql);
        }
      }),
    snapshot: (asked, wanted = {}) =>
      Promise.all(
        asked.map(async (name) => {
          const table = tables.find((candidate) => candidate.name === name);
          if (table === undefined) {
            throw new MissingTableError(
              `table ${name} does not exist in ${folder}${nearestHint(name, names)}; it holds ${listNames(names)}`,
              name,
            );
          }
          const unreadable = broken.get(name);
          if (unreadable !== undefined) throw unreadable;
          const found = await snapshotOf(table, session);
          if (Object.hasOwn(wanted, name) && wanted[name] !== found.id) {
            throw new DataError(
              `table ${name} of ${folder} is no longer in snapshot ${wanted[name]} but in ${found.id}; ` +
                'an embedded lakehouse keeps no past ones: restore its files, or read it as it is now',
            );
          }
          return found;
        }),
      ),
    close: () => session.close(),
  };
}

async function createViews(
  session: Session,
  tables: readonly StoredTable[],
  root: string,
): Promise<Map<string, KolError>> {
  const broken = new Map<string, KolError>();
  const connection = await session.connect();
  try {
    for (const { name, files } of tables) {
      const dot = name.indexOf('.');
      const schema = quoteIdentifier(name.slice(0, dot));
      const view = `${schema}.${quoteIdentifier(name.slice(dot + 1))}`;
      await connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
      try {
        // Files of one table may differ by added columns: the older ones read as null.
        const list = files.map(quoteText).join(', ');
        await connection.run(
          `CREATE VIEW ${view} AS SELECT * FROM read_parquet([${list}], union_by_name = true)`,
        );
      } catch (error) {
        const culprit = files.find((file) => String(error).includes(file)) ?? files[0];
        broken.set(name, unreadableParquet(culprit, error));
      }
    }
    await connection.run(`SET allowed_directories = [${quoteText(root + '/')}]`);
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
  } finally {
    connection.closeSync();
  }
  return broken;
}

async function snapshotOf(table: StoredTable, session: Session): Promise<TableSnapshot> {
  const hashes: string[] = [];
  for (const file of table.files)
    hashes.push(`${file.slice(file.lastIndexOf('/') + 1)} ${await fileHash(file)}`);
  const connection = await session.connect();
  try {
    const [schema, name] = table.name.split('.').map(quoteIdentifier);
    const result = await connection.runAndReadAll(`SELECT count(*) FROM ${schema}.${name}`);
    return { table: table.name, id: sha256(hashes.join('\n')), rows: Number(result.getRowsJson()[0][0]) };
  } finally {
    connection.closeSync();
  }
}
