import { ConfigError } from '../core/errors.js';
import type { ColumnType, Table } from '../core/table.js';
import { csvWriter } from './csv-writer.js';
import { parquetWriter } from './parquet-writer.js';

/** A column to write: `float32` in its shortest form, `integer` as BIGINT, `date` a timestamp without its time of day. */
export interface WriteColumn {
  readonly name: string;
  readonly type: ColumnType | 'float32' | 'integer' | 'date';
}

/** Writes a table batch by batch; the file appears under its name on `close`, whole, or never. */
export interface TableWriter {
  /**
   * @throws {DataError} when the batch lacks a column of the schema or holds it with another type
   * @throws {ConfigError} when the disk is full
   */
  write(batch: Table): Promise<void>;
  close(): Promise<void>;
  /** Leaves nothing behind; harmless after `close`. */
  abort(): Promise<void>;
}

/**
 * Opens a CSV (`.csv`, RFC 4180) or Parquet (`.parquet`, zstd) file for writing. Memory is bounded by the
 * batch. Numbers are written so that reading gives the same double (or float32); NaN and null become missing values.
 * @throws {ConfigError} for another extension, a missing folder, or one that is not writable
 */
export async function tableWriter(path: string, schema: readonly WriteColumn[]): Promise<TableWriter> {
  if (schema.length === 0) throw new ConfigError(`${path}: a table needs at least one column`);
  const repeated = schema.find(({ name }, j) => schema.findIndex((other) => other.name === name) !== j);
  if (repeated !== undefined)
    throw new ConfigError(`${path}: column ${repeated.name} would be written twice`);
  if (/\.csv$/i.test(path)) return csvWriter(path, schema);
  if (/\.parquet$/i.test(path)) return parquetWriter(path, schema);
  throw new ConfigError(`${path}: expected a file name that ends in .csv or .parquet`);
}
