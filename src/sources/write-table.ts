import { ConfigError } from '../core/errors.js';
import { csvWriter } from './csv-writer.js';
import { parquetWriter } from './parquet-writer.js';
import type { TableWriter, WriteColumn } from './table-writer.js';

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
