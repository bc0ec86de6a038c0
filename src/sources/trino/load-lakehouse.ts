import { resolve } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { throwIfAborted } from '../../core/errors.js';
import type { Progress } from '../../core/progress.js';
import { quoteIdentifier } from '../../core/sql/identifier.js';
import { describe } from '../duckdb-columns.js';
import { findTables, type StoredTable } from '../embedded-tables.js';
import { fileHash } from '../file-hash.js';
import type { ObjectStore } from '../object-store.js';
import { quoteText } from '../sql-quoting.js';
import { icebergType } from './column-types.js';
import { connectTrino } from './connection.js';
import type { TrinoSettings } from './settings.js';
import { pinnedTable } from './snapshots.js';
import { executeStatement } from './statement.js';

/** What loading is told. */
export interface LoadOptions {
  readonly trino: TrinoSettings;
  readonly store: ObjectStore;
  /** Bucket of the files of a schema: `kol_silver` lies in silver, `kol_gold` in gold, unless this says otherwise. */
  readonly bucketOf?: (schema: string) => string;
  readonly progress: Progress;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one table. */
export interface LoadedTable {
  readonly table: string;
  readonly files: number;
}

/**
 * Makes every table of an embedded lakehouse a table of Iceberg of the same name: its Parquet files are put beside each
 * other into the object store, under the hash of their content, and become the table's data as they are. A table that
 * is there is replaced; its former snapshots stay readable.
 * @throws {DataError} for a folder without tables or a type that Iceberg has no like of
 * @throws {ServiceError} when Trino or the store cannot be reached
 */
export async function loadLakehouse(folder: string, options: LoadOptions): Promise<readonly LoadedTable[]> {
  const { trino, store, progress, signal, bucketOf = platformBucket } = options;
  const connection = await connectTrino(trino);
  const run = (sql: string): Promise<unknown> =>
    executeStatement(connection, sql, { signal, repeatable: true });
  const done: LoadedTable[] = [];
  for (const table of await findTables(resolve(folder), folder)) {
    throwIfAborted(signal);
    const [schema, name] = table.name.split('.');
    const bucket = bucketOf(schema);
    const { catalog } = connection.settings;
    await run(
      `CREATE SCHEMA IF NOT EXISTS ${[catalog, schema].map(quoteIdentifier).join('.')} WITH (location = ${quoteText(`s3://${bucket}/${schema}`)})`,
    );
    const at = pinnedTable(table.name, catalog, undefined);
    await run(`CREATE OR REPLACE TABLE ${at} (${(await declared(table)).join(', ')})`);
    // A folder of its own per content: adding takes all files of a folder.
    const hashes = await Promise.all(table.files.map(fileHash));
    for (const [i, path] of table.files.entries()) {
      const key = `loaded/${schema}/${name}/${hashes[i]}`;
      await store.putFile(bucket, `${key}/part.parquet`, path, signal);
      // Not repeatable: the files would be in the table twice.
      await executeStatement(
        connection,
        `ALTER TABLE ${at} EXECUTE add_files(location => ${quoteText(`s3://${bucket}/${key}/`)}, format => 'PARQUET')`,
        { signal },
      );
    }
    done.push({ table: table.name, files: table.files.length });
    progress.note(`${table.name}: ${table.files.length} file${table.files.length === 1 ? '' : 's'}`);
  }
  return done;
}

function platformBucket(schema: string): string {
  return /^kol_(bronze|silver|gold)$/.exec(schema)?.[1] ?? 'lakehouse';
}

/** Columns of all files of a table, older files lacking some included. */
async function declared({ name, files }: StoredTable): Promise<string[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    const columns = await describe(
      connection,
      `SELECT * FROM read_parquet([${files.map(quoteText).join(', ')}], union_by_name = true)`,
    );
    return columns.map((column) => `${quoteIdentifier(column.name)} ${icebergType(column, name)}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
