import { DuckDBInstance, type DuckDBConnection, timestampValue } from '@duckdb/node-api';
import { sanitizeText } from '../../src/core/sanitize-text.js';
import type { Table } from '../../src/core/table.js';

const sqlTypes = { number: 'DOUBLE', boolean: 'BOOLEAN', timestamp: 'TIMESTAMP', string: 'VARCHAR' } as const;

/** A connection to an in-memory DuckDB that holds the table as `raw_rows`, with its row number as `row_id`. */
export async function loadInDuckDB(table: Table): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  const columns = Object.entries(table.columns);
  const definitions = columns.map(([name, { type }]) => `"${name}" ${sqlTypes[type]}`);
  await connection.run(`CREATE TABLE raw_rows (row_id INTEGER, ${definitions.join(', ')})`);
  const appender = await connection.createAppender('raw_rows');
  for (let row = 0; row < table.nRows; row++) {
    appender.appendInteger(row);
    for (const [, column] of columns) {
      const value = column.values[row];
      if (value === null) appender.appendNull();
      else if (typeof value === 'string') appender.appendVarchar(sanitizeText(value));
      else if (column.type === 'number') {
        // Half of the missing numbers arrive as NaN, half as NULL.
        if (Number.isNaN(value) && row % 2 === 0) appender.appendNull();
        else appender.appendDouble(value);
      } else if (Number.isNaN(value)) appender.appendNull();
      else if (column.type === 'boolean') appender.appendBoolean(value === 1);
      else appender.appendTimestamp(timestampValue(BigInt(value) * 1000n));
    }
    appender.endRow();
  }
  appender.closeSync();
  return connection;
}

/**
 * Lets DuckDB run the Trino text of features: the functions that only Trino has, as macros. Lambdas, and so entropy
 * and infinities that meet, need a real Trino.
 */
export async function imitateTrino(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE MACRO regexp_count(t, p) AS len(regexp_extract_all(t, p))');
}

/** The columns of a query, NaN for NULL. */
export async function columnsOf(connection: DuckDBConnection, sql: string): Promise<number[][]> {
  const columns = (await connection.runAndReadAll(sql)).getColumnsJS();
  return columns.map((column) => column.map((value) => (value === null ? NaN : Number(value))));
}
