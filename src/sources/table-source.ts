import type { Dialect } from '../core/sql/dialect.js';
import type { ColumnType } from '../core/table.js';
import { Table } from '../core/table.js';

/** What a query is printed for: the dialect, and what each table is called there. */
export interface SqlEngine {
  readonly dialect: Dialect;
  /** `schema.table` as SQL, pinned to the snapshot that is read. */
  readonly table: (name: string) => string;
}

/** What to read, as data: one read-only statement, and the columns the caller counts on. */
export interface Query {
  /** The statement, named tables through `engine.table` alone. Pure: it is printed more than once. */
  readonly sql: (engine: SqlEngine) => string;
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

/** A statement as it ran. */
export interface QueryRun {
  readonly sql: string;
  /** What the server calls it, where there is one. */
  readonly queryId?: string;
}

export interface ReadOptions {
  readonly signal?: AbortSignal;
  /** Tables to read as they were then; others are read as they are now. */
  readonly snapshots?: readonly TableSnapshot[];
  /** Told of the statement before the first batch; again when it had to be repeated. */
  readonly onRun?: (run: QueryRun) => void;
}

/** Where rows come from: streams batches of typed columns, and pins what it reads. */
export interface TableSource {
  /** The SQL it speaks. */
  readonly dialect: Dialect;
  /** Where it reads from, for people: a folder, or the address of a server. */
  readonly location: string;
  /** Batches in the order of the query; memory is bounded by the batch. Stopping the iteration stops the query. */
  read(query: Query, options?: ReadOptions): AsyncIterable<Table>;
  /**
   * The newest snapshot of each table, or the one whose id `wanted` names by table.
   * @throws {DataError} for a table that is not there, and for a wanted snapshot that is no longer kept
   */
  snapshot(
    tables: readonly string[],
    wanted?: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<readonly TableSnapshot[]>;
  /** Gives back its connections; the source cannot be read any more. */
  close(): Promise<void>;
}

/** The tables a query names, each once, sorted. */
export function tablesOf(query: Query, dialect: Dialect): readonly string[] {
  const tables = new Set<string>();
  query.sql({
    dialect,
    table: (name) => {
      tables.add(name);
      return name;
    },
  });
  return [...tables].sort();
}

/**
 * All batches of a query as one table; a query without rows gives its columns, empty.
 * @throws {DataError} as the source does
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function readAll(source: TableSource, query: Query, options: ReadOptions = {}): Promise<Table> {
  const batches: Table[] = [];
  for await (const batch of source.read(query, options)) batches.push(batch);
  return Table.concat(batches);
}
