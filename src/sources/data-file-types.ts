import type { ColumnType, Table } from '../core/table.js';
import type { Delimiter } from './csv-dialect.js';
import type { ColumnSchema } from './table-source.js';

export interface DataFileOptions {
  /** Forced types, where the schema is known (scoring, importing); columns the file lacks are ignored. */
  readonly types?: Readonly<Record<string, ColumnType>>;
  /** Columns without which the file is of no use. */
  readonly required?: readonly string[];
  /** Columns to read as text whatever they hold. */
  readonly textColumns?: readonly string[];
  /** The only columns to read, as far as the file has them; all when left out. */
  readonly only?: readonly string[];
  /** Columns not to read at all. */
  readonly drop?: readonly string[];
  /** A file for bad rows, with line and reason; without it the first bad row is an error. */
  readonly skipBadRows?: string;
  /** Field delimiter of a text file; found from its first records when left out. */
  readonly delimiter?: Delimiter;
  readonly signal?: AbortSignal;
}

/** A CSV, TSV or Parquet file as a typed table in file order. */
export interface DataFile {
  readonly path: string;
  readonly schema: readonly ColumnSchema[];
  /** Where it is known before reading. */
  readonly nRows?: number;
  /** Rows set aside by the latest reading. */
  readonly rejected: number;
  /** Streams the rows; each call reads the file anew. Memory is bounded by the batch. */
  batches(options?: { signal?: AbortSignal }): AsyncIterable<Table>;
}
