import type { DuckDBConnection, DuckDBDataChunk } from '@duckdb/node-api';
import { DataError } from '../core/errors.js';
import type { Column, ColumnType } from '../core/table.js';
import { Table } from '../core/table.js';
import type { ColumnSchema } from './table-source.js';
import { quoteIdentifier, quoteText } from './sql-quoting.js';

/** A column as DuckDB declares it. */
export interface SqlColumn {
  readonly name: string;
  readonly sqlType: string;
}

/** Rows in a batch: large enough to spread the cost of a batch, small enough to stay in cache. */
export const batchRows = 16_384;

const integerTypes = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'UTINYINT', 'USMALLINT', 'UINTEGER']);
const wideIntegerTypes = new Set(['BIGINT', 'UBIGINT', 'HUGEINT', 'UHUGEINT']);
const timeTypes = new Set([
  'DATE',
  'TIMESTAMP',
  'TIMESTAMP_S',
  'TIMESTAMP_MS',
  'TIMESTAMP_NS',
  'TIMESTAMP WITH TIME ZONE',
]);

/** Columns of a statement without running it. */
export async function describe(connection: DuckDBConnection, sql: string): Promise<SqlColumn[]> {
  const result = await connection.runAndReadAll(`DESCRIBE ${sql}`);
  return result
    .getRowsJson()
    .map(([name, sqlType]) => ({ name: name as string, sqlType: sqlType as string }));
}

/** Whether a DuckDB type is an integer that may leave the exact range of a double. */
export function isWideInteger(sqlType: string): boolean {
  return wideIntegerTypes.has(sqlType);
}

/**
 * The type a DuckDB column takes in a table.
 * @throws {DataError} for nested, binary and time-of-day types, with the advice to cast or drop them
 */
export function tableType({ name, sqlType }: SqlColumn, where: string): ColumnType {
  if (sqlType === 'BOOLEAN') return 'boolean';
  if (timeTypes.has(sqlType)) return 'timestamp';
  if (sqlType === 'VARCHAR' || sqlType === 'UUID' || sqlType === '"NULL"' || isEnum(sqlType)) return 'string';
  if (integerTypes.has(sqlType) || isWideInteger(sqlType)) return 'number';
  if (sqlType === 'FLOAT' || sqlType === 'DOUBLE' || /^DECIMAL\(\d+,\d+\)$/.test(sqlType)) return 'number';
  throw new DataError(
    `${where}: column ${name} has type ${sqlType}, expected a number, boolean, date, timestamp or text; ` +
      'cast it in the query, or leave the column out',
  );
}

/**
 * SQL that turns a column into what `fetchBatches` reads: DOUBLE (NaN where missing) or VARCHAR.
 * Integers beyond 2^53 and infinite times stop the query with a named error instead of losing digits.
 */
export function tableExpression(column: SqlColumn, sqlName: string, where: string): string {
  const type = tableType(column, where);
  const missing = "'nan'::DOUBLE";
  if (type === 'string') return isVarchar(column) ? sqlName : `CAST(${sqlName} AS VARCHAR)`;
  if (type === 'timestamp') {
    const stop = `error(${quoteText(`${where}: column ${column.name} holds an infinite time, expected a finite one`)})`;
    const milliseconds = `floor(epoch_us(${sqlName}) / 1000)::DOUBLE`;
    return `CASE WHEN ${sqlName} IS NULL THEN ${missing} WHEN isinf(${sqlName}) THEN ${stop} ELSE ${milliseconds} END`;
  }
  if (isWideInteger(column.sqlType)) {
    const start = quoteText(`${where}: column ${column.name} holds `);
    const end = quoteText(
      ', an integer beyond 2^53 that a number cannot hold exactly; read it as text (CAST AS VARCHAR)',
    );
    return (
      `CASE WHEN ${sqlName} IS NULL THEN ${missing} ` +
      `WHEN ${sqlName} > 9007199254740992 ${column.sqlType.startsWith('U') ? '' : `OR ${sqlName} < -9007199254740992 `}` +
      `THEN error(${start} || ${sqlName} || ${end}) ELSE ${sqlName}::DOUBLE END`
    );
  }
  return `coalesce(CAST(${sqlName} AS DOUBLE), ${missing})`;
}

/**
 * Runs `sql`, whose columns are DOUBLE or VARCHAR as `schema` says, and streams batches of `batchRows` rows.
 * A result without rows gives one empty batch, so that its columns are known.
 */
export async function* fetchBatches(
  connection: DuckDBConnection,
  sql: string,
  schema: readonly ColumnSchema[],
): AsyncGenerator<Table> {
  const result = await connection.stream(sql);
  let builder = newBatch(schema);
  let any = false;
  for (;;) {
    const chunk = await result.fetchChunk();
    const nRows = chunk === null ? 0 : chunk.rowCount;
    if (chunk === null || nRows === 0) break;
    if (builder.nRows + nRows > batchRows) {
      yield finish(builder);
      any = true;
      builder = newBatch(schema);
    }
    append(builder, chunk, nRows);
  }
  if (builder.nRows > 0 || !any) yield finish(builder);
}

interface Batch {
  nRows: number;
  readonly schema: readonly ColumnSchema[];
  readonly columns: (Float64Array | (string | null)[])[];
}

function newBatch(schema: readonly ColumnSchema[]): Batch {
  return {
    nRows: 0,
    schema,
    columns: schema.map(({ type }) => (type === 'string' ? [] : new Float64Array(batchRows))),
  };
}

function append(batch: Batch, chunk: DuckDBDataChunk, nRows: number): void {
  batch.columns.forEach((column, j) => {
    const vector = chunk.getColumnVector(j);
    if (Array.isArray(column)) {
      for (let i = 0; i < nRows; i++) column.push(vector.getItem(i) as string | null);
      return;
    }
    // The vector keeps its values in one Float64Array; its accessor would test a validity bit per value, which the
    // query has already turned into NaN.
    const items = (vector as unknown as { items?: unknown }).items;
    if (items instanceof Float64Array) column.set(items.subarray(0, nRows), batch.nRows);
    else
      for (let i = 0; i < nRows; i++) column[batch.nRows + i] = (vector.getItem(i) as number | null) ?? NaN;
  });
  batch.nRows += nRows;
}

function finish({ nRows, schema, columns }: Batch): Table {
  const named: Record<string, Column> = {};
  schema.forEach(({ name, type }, j) => {
    const values = columns[j];
    named[name] =
      type === 'string'
        ? { type, values: values as (string | null)[] }
        : {
            type,
            values: nRows === batchRows ? (values as Float64Array) : (values as Float64Array).slice(0, nRows),
          };
  });
  return Table.fromColumns(named);
}

/**
 * The statement that reads `columns` of `relation` as `fetchBatches` expects them, in the relation's own order.
 * @throws {DataError} for a repeated name or a type that a table cannot hold
 */
export function selectTable(
  columns: readonly SqlColumn[],
  relation: string,
  where: string,
): { readonly sql: string; readonly schema: readonly ColumnSchema[] } {
  const repeated = columns.find(({ name }, j) => columns.findIndex((c) => c.name === name) !== j);
  if (repeated !== undefined) {
    throw new DataError(
      `${where}: column ${repeated.name} appears twice; give each column a name of its own`,
    );
  }
  const inner = columns.map((_, j) => quoteIdentifier(`c${j}`));
  const outer = columns.map((column, j) => `${tableExpression(column, inner[j], where)} AS ${inner[j]}`);
  return {
    sql: `SELECT ${outer.join(', ')} FROM ${relation} AS q(${inner.join(', ')})`,
    schema: columns.map((column) => ({ name: column.name, type: tableType(column, where) })),
  };
}

function isVarchar({ sqlType }: SqlColumn): boolean {
  return sqlType === 'VARCHAR';
}

function isEnum(sqlType: string): boolean {
  return sqlType.startsWith('ENUM(');
}
