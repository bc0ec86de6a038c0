import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DuckDBType } from '@duckdb/node-api';
import { DOUBLE, DuckDBDataChunk, VARCHAR } from '@duckdb/node-api';
import type { Column } from '../core/table.js';
import { cannotWrite, moveIntoPlace, temporaryName } from './atomic-file.js';
import { KolError } from '../core/errors.js';
import { openSession } from './duckdb-session.js';
import { quoteIdentifier, quoteText } from './sql-quoting.js';
import type { TableWriter, WriteColumn } from './table-writer.js';
import { writtenValues } from './written-values.js';

const chunkRows = 2048;

/**
 * Writes Parquet (zstd) through DuckDB: rows are appended as DOUBLE and VARCHAR to a table that spills to disk beyond
 * `memoryLimit`, and cast to their types when the file is written.
 */
export async function parquetWriter(
  path: string,
  schema: readonly WriteColumn[],
  memoryLimit = '512MB',
): Promise<TableWriter> {
  const temporary = temporaryName(path);
  await open(temporary, 'w').then(
    (handle) => handle.close(),
    (error: unknown) => {
      throw cannotWrite(path, error);
    },
  );
  // One thread holds one row group at a time: bounded memory, and the same bytes on every machine.
  const session = await openSession({ memoryLimit, threads: 1 });
  const connection = await session.connect();
  const types: DuckDBType[] = schema.map(({ type }) => (type === 'string' ? VARCHAR : DOUBLE));
  await connection.run(
    `CREATE TABLE t (${schema.map(({ type }, j) => `c${j} ${type === 'string' ? 'VARCHAR' : 'DOUBLE'}`).join(', ')})`,
  );
  const appender = await connection.createAppender('t');
  let finished = false;

  async function guard<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw error instanceof KolError ? error : cannotWrite(path, error);
    }
  }
  async function release(): Promise<void> {
    finished = true;
    connection.closeSync();
    await session.close();
  }

  return {
    write: (batch) =>
      guard(() => {
        const columns = schema.map((column) => writtenValues(batch, column, path));
        for (let from = 0; from < batch.nRows; from += chunkRows) {
          const chunk = DuckDBDataChunk.create(types, Math.min(chunkRows, batch.nRows - from));
          columns.forEach((column, j) => fillVector(chunk, j, column, from));
          appender.appendDataChunk(chunk);
        }
      }),
    close: () =>
      guard(async () => {
        appender.closeSync();
        const select = schema.map(
          (column, j) => `${cast(column, `c${j}`)} AS ${quoteIdentifier(column.name)}`,
        );
        await connection.run(
          `COPY (SELECT ${select.join(', ')} FROM t) TO ${quoteText(resolve(temporary))} (FORMAT parquet, COMPRESSION zstd)`,
        );
        await release();
        await moveIntoPlace(temporary, path);
      }),
    abort: async () => {
      if (finished) return;
      await release();
      await rm(temporary, { force: true });
    },
  };
}

function fillVector(chunk: DuckDBDataChunk, j: number, column: Column, from: number): void {
  const vector = chunk.getColumnVector(j);
  const nRows = vector.itemCount;
  if (column.type === 'string') {
    for (let i = 0; i < nRows; i++) vector.setItem(i, column.values[from + i]?.toWellFormed() ?? null);
  } else {
    // As in reading: the vector's own array takes a block at once, where its accessor takes one value.
    const items = (vector as unknown as { items?: unknown }).items;
    if (items instanceof Float64Array) items.set(column.values.subarray(from, from + nRows));
    else for (let i = 0; i < nRows; i++) vector.setItem(i, column.values[from + i]);
  }
  vector.flush();
}

function cast({ type }: WriteColumn, sqlName: string): string {
  const present = (expression: string) => `CASE WHEN isnan(${sqlName}) THEN NULL ELSE ${expression} END`;
  switch (type) {
    case 'string':
      return sqlName;
    case 'number':
      return present(sqlName);
    case 'float32':
      return present(`${sqlName}::FLOAT`);
    case 'integer':
      return present(`${sqlName}::BIGINT`);
    case 'boolean':
      return present(`${sqlName} <> 0`);
    case 'timestamp':
      return present(`make_timestamp((${sqlName} * 1000)::BIGINT)`);
    case 'date':
      return present(`make_timestamp((${sqlName} * 1000)::BIGINT)::DATE`);
  }
}
