import type { ColumnType } from '../core/table.js';
import { Table } from '../core/table.js';

/** What to read, as data: one read-only SQL statement, and the columns the caller counts on. */
export interface Query {
  readonly sql: string;
  /** Output columns that must come, with their types; checked before the first batch. */
  readonly schema?: readonly ColumnSchema[];
}

export interface ColumnSchema {
  readonly name: string;
  readonly type: ColumnType;
}

/** The state of one table at the time of reading: part of a model's lineage. */
export interface TableSnapshot {
  /** `schema.table`. */
  readonly table: string;
  /** Iceberg snapshot id, or the SHA-256 over the file names and file hashes of an embedded table. */
  readonly id: string;
  /** ISO 8601, UTC; where the catalog knows it. */
  readonly committedAt?: string;
  readonly rows?: number;
}

/** Where rows come from: streams batches of typed columns, and pins what it reads. */
export interface TableSource {
  /** Batches in the order of the query; memory is bounded by the batch. Stopping the iteration stops the query. */
  read(query: Query, options?: { signal?: AbortSignal }): AsyncIterable<Table>;
  snapshot(tables: readonly string[]): Promise<readonly TableSnapshot[]>;
  close(): Promise<void>;
}

/**
 * All batches of a query as one table; a query without rows gives its columns, empty.
 * @throws {DataError} as the source does
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function readAll(
  source: TableSource,
  query: Query,
  options: { signal?: AbortSignal } = {},
): Promise<Table> {
  const batches: Table[] = [];
  for await (const batch of source.read(query, options)) batches.push(batch);
  return Table.concat(batches);
}
