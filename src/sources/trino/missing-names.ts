import { MissingTableError } from '../missing-table.js';
import { DataError, type KolError } from '../../core/errors.js';
import { quoteText } from '../sql-quoting.js';
import { listNames, nearestHint } from '../../core/nearest-name.js';
import type { TrinoConnection } from './connection.js';
import { quoteIdentifier } from '../../core/sql/identifier.js';
import { MissingColumnError } from './query-error.js';
import { tableParts } from './snapshots.js';
import { runStatement, type StatementOptions } from './statement.js';

/**
 * The same error with the names that there are. Looking them up is an extra: when it fails, the error stays as it is.
 * @param tables what the query reads, as `schema.table`
 */
export async function withNearNames(
  error: KolError,
  connection: TrinoConnection,
  tables: readonly string[],
  options: StatementOptions,
): Promise<KolError> {
  if (!(error instanceof MissingTableError || error instanceof MissingColumnError)) return error;
  const { catalog } = connection.settings;
  try {
    if (error instanceof MissingTableError) {
      const parts = error.missing.split('.');
      const [inCatalog, schema] = parts.length === 3 ? parts : [catalog, parts[0]];
      const wanted = parts.length === 1 ? schema : parts.slice(-2).join('.');
      const known = await tableNames(connection, inCatalog, schema, options);
      return new DataError(
        `${error.message}${nearestHint(wanted, known)}; ${inCatalog} holds ${listNames(known)}`,
      );
    }
    const known = (await Promise.all(tables.map((table) => columnNames(connection, table, options)))).flat();
    if (known.includes(error.missing)) {
      return new DataError(
        `${error.message} in the snapshot that is read: it was added or renamed after that was written; ` +
          'read it under its old name, or write to the table first',
      );
    }
    return new DataError(
      `${error.message}${nearestHint(error.missing, known)}; ${tables.join(', ')} holds ${listNames([...new Set(known)])}`,
    );
  } catch {
    return error;
  }
}

/** `schema.table` of one schema, or the catalog's schemas where there is no such one. */
async function tableNames(
  connection: TrinoConnection,
  catalog: string,
  schema: string,
  options: StatementOptions,
): Promise<readonly string[]> {
  const information = `${quoteIdentifier(catalog)}.information_schema`;
  const tables = await texts(
    connection,
    `SELECT table_schema || '.' || table_name FROM ${information}.tables WHERE table_schema = ${quoteText(schema)} ORDER BY 1 LIMIT 1000`,
    options,
  );
  if (tables.length > 0) return tables;
  return texts(connection, `SELECT schema_name FROM ${information}.schemata ORDER BY 1 LIMIT 1000`, options);
}

async function columnNames(
  connection: TrinoConnection,
  name: string,
  options: StatementOptions,
): Promise<readonly string[]> {
  const [catalog, schema, table] = tableParts(name, connection.settings.catalog);
  return texts(
    connection,
    `SELECT column_name FROM ${quoteIdentifier(catalog)}.information_schema.columns ` +
      `WHERE table_schema = ${quoteText(schema)} AND table_name = ${quoteText(table)} ORDER BY ordinal_position`,
    options,
  );
}

async function texts(connection: TrinoConnection, sql: string, options: StatementOptions): Promise<string[]> {
  const found: string[] = [];
  for await (const { rows } of runStatement(connection, sql, { ...options, repeatable: true })) {
    for (const [text] of rows) found.push(text as string);
  }
  return found;
}
