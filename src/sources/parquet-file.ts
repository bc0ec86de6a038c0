import { resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DataError, KolError } from '../core/errors.js';
import type { ColumnType } from '../core/table.js';
import { shown } from './csv-problems.js';
import { checkRequired, isWanted } from './data-file-columns.js';
import type { DataFile, DataFileOptions } from './data-file-types.js';
import type { SqlColumn } from './duckdb-columns.js';
import { describe, fetchBatches, isWideInteger, tableExpression, tableType } from './duckdb-columns.js';
import { unreadableParquet } from './duckdb-errors.js';
import { openSession, withConnection } from './duckdb-session.js';
import { openRejects } from './rejects.js';
import { quoteIdentifier, quoteText } from './sql-quoting.js';
import type { ColumnSchema } from './table-source.js';

const sqlTypes: Record<ColumnType, string> = {
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
  string: 'VARCHAR',
};

interface Cast {
  readonly name: string;
  readonly type: ColumnType;
  /** DOUBLE (NaN where missing) or VARCHAR. */
  readonly expression: string;
  /** True for a row whose value does not fit a forced type. */
  readonly bad?: string;
}

/**
 * Opens a Parquet file; each use has a DuckDB session of its own.
 * @throws {DataError} for an unreadable file, a type a table cannot hold, and values that do not fit a forced type
 */
export async function openParquet(path: string, options: DataFileOptions): Promise<DataFile> {
  const relation = `read_parquet(${quoteText(resolve(path))}, file_row_number = true)`;
  const { casts, nRows } = await withSession(path, options.signal, async (connection) => {
    const columns = (await describe(connection, `SELECT * FROM ${relation}`)).filter(
      ({ name }) => name !== 'file_row_number',
    );
    checkRequired(
      path,
      columns.map(({ name }) => name),
      options.required ?? [],
    );
    const kept = columns.filter(({ name }) => isWanted(name, options));
    const count = await connection.runAndReadAll(`SELECT count(*) FROM ${relation}`);
    const rows = Number(count.getRowsJson()[0][0]);
    if (rows === 0) throw new DataError(`${path}: holds columns and no rows; expected at least one row`);
    const wide = await wideColumns(connection, relation, kept);
    return { casts: kept.map((column) => castOf(path, column, wide, options)), nRows: rows };
  });

  const schema: ColumnSchema[] = casts.map(({ name, type }) => ({ name, type }));
  const checked = casts.filter((cast) => cast.bad !== undefined);
  const anyBad = checked.map((cast) => `(${cast.bad})`).join(' OR ') || 'false';
  const select = casts.map(({ expression }, j) => `${expression} AS c${j}`).join(', ');
  let rejected = 0;
  return {
    path,
    schema,
    ...(options.skipBadRows === undefined ? { nRows } : {}),
    get rejected() {
      return rejected;
    },
    batches: async function* ({ signal } = {}) {
      const session = await openSession();
      try {
        yield* withConnection(session, signal, async function* (connection) {
          try {
            rejected = 0;
            if (checked.length > 0) {
              rejected = await setAside(connection, path, relation, checked, anyBad, options.skipBadRows);
              if (rejected === nRows) {
                throw new DataError(
                  `${path}: all ${nRows} rows are bad; the reasons stand in ${options.skipBadRows}`,
                );
              }
            } else if (options.skipBadRows !== undefined)
              await (await openRejects(options.skipBadRows)).close();
            yield* fetchBatches(
              connection,
              `SELECT ${select} FROM ${relation} WHERE NOT (${anyBad})`,
              schema,
            );
          } catch (error) {
            throw error instanceof KolError ? error : unreadableParquet(path, error);
          }
        });
      } finally {
        await session.close();
      }
    },
  };
}

async function withSession<T>(
  path: string,
  signal: AbortSignal | undefined,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
  const session = await openSession();
  try {
    for await (const result of withConnection(session, signal, async function* (connection) {
      yield await work(connection);
    })) {
      return result;
    }
    throw new DataError(`${path}: nothing was read`);
  } catch (error) {
    throw error instanceof KolError ? error : unreadableParquet(path, error);
  } finally {
    await session.close();
  }
}

/** Integer columns with a value that a double cannot hold: ids, to be read as text. */
async function wideColumns(
  connection: DuckDBConnection,
  relation: string,
  columns: readonly SqlColumn[],
): Promise<ReadonlySet<string>> {
  const candidates = columns.filter(({ sqlType }) => isWideInteger(sqlType));
  if (candidates.length === 0) return new Set();
  const tests = candidates.map(({ name }) => {
    const column = quoteIdentifier(name);
    return `coalesce(max(${column}) > 9007199254740992 OR min(${column}) < -9007199254740992::HUGEINT, false)`;
  });
  const result = await connection.runAndReadAll(`SELECT ${tests.join(', ')} FROM ${relation}`);
  const [row] = result.getRowsJson();
  return new Set(candidates.filter((_, j) => row[j] === true).map(({ name }) => name));
}

function castOf(path: string, column: SqlColumn, wide: ReadonlySet<string>, options: DataFileOptions): Cast {
  const { name } = column;
  const sqlName = quoteIdentifier(name);
  const forced = options.textColumns?.includes(name) ? 'string' : options.types?.[name];
  const type = forced ?? (wide.has(name) ? 'string' : tableType(column, path));
  if (type === 'string') return { name, type, expression: `CAST(${sqlName} AS VARCHAR)` };
  if (type === tableType(column, path))
    return { name, type, expression: tableExpression(column, sqlName, path) };
  const cast = `TRY_CAST(CAST(${sqlName} AS VARCHAR) AS ${sqlTypes[type]})`;
  const converted: SqlColumn = { name, sqlType: sqlTypes[type] };
  return {
    name,
    type,
    expression: tableExpression(converted, cast, path),
    bad: `${sqlName} IS NOT NULL AND ${cast} IS NULL`,
  };
}

/** Names the first row that does not fit, or writes all of them aside and counts them. */
async function setAside(
  connection: DuckDBConnection,
  path: string,
  relation: string,
  casts: readonly Cast[],
  anyBad: string,
  skipBadRows: string | undefined,
): Promise<number> {
  const first = casts.map((cast, j) => `WHEN ${cast.bad} THEN ${j}`).join(' ');
  const value = casts
    .map(({ name }, j) => `WHEN ${j} THEN CAST(${quoteIdentifier(name)} AS VARCHAR)`)
    .join(' ');
  const result = await connection.stream(
    `SELECT row, which, CASE which ${value} END FROM (SELECT *, file_row_number + 1 AS row, CASE ${first} END AS which ` +
      `FROM ${relation} WHERE ${anyBad})${skipBadRows === undefined ? ' ORDER BY row LIMIT 1' : ''}`,
  );
  const rejects = skipBadRows === undefined ? undefined : await openRejects(skipBadRows);
  try {
    for await (const rows of result.yieldRowsJson()) {
      for (const [row, which, text] of rows) {
        const { name, type } = casts[Number(which)];
        if (rejects === undefined) {
          throw new DataError(
            `${path}: row ${Number(row)}: column ${name} holds ${shown(text as string)}, expected a ${type}; ` +
              `correct the value, leave such rows out with --skip-bad-rows FILE, or declare the column as text with --text ${name}`,
          );
        }
        rejects.addRow(Number(row), name, text as string, `expected a ${type}`);
      }
      await rejects?.flush();
    }
    return (await rejects?.close()) ?? 0;
  } finally {
    await rejects?.abort();
  }
}
