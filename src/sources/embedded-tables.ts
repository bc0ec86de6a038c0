import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../core/errors.js';

/** One table of an embedded lakehouse. */
export interface StoredTable {
  /** `schema.table`. */
  readonly name: string;
  /** Absolute paths of its Parquet files, sorted. */
  readonly files: readonly string[];
}

/**
 * The tables of an embedded lakehouse, sorted by name.
 * @param folder what messages call it
 * @throws {DataError} when the folder is missing or holds no table
 */
export async function findTables(root: string, folder: string): Promise<StoredTable[]> {
  const found = await stat(root).catch(() => undefined);
  if (found === undefined) {
    throw new DataError(
      `lakehouse ${folder} does not exist; make one with \`kol sample\`, or name another with --lakehouse`,
    );
  }
  if (!found.isDirectory())
    throw new DataError(`lakehouse ${folder} is a file, expected a folder of schemas`);
  const tables: StoredTable[] = [];
  for (const schema of await subfolders(root)) {
    for (const table of await subfolders(join(root, schema))) {
      const path = join(root, schema, table);
      const files = (await readdir(path)).filter((file) => file.endsWith('.parquet')).sort();
      if (files.length > 0) {
        tables.push({ name: `${schema}.${table}`, files: files.map((file) => join(path, file)) });
      }
    }
  }
  if (tables.length === 0) {
    throw new DataError(
      `lakehouse ${folder} holds no table; expected <schema>/<table>/*.parquet below it (\`kol sample\` makes one)`,
    );
  }
  return tables;
}

async function subfolders(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map((entry) => entry.name)
    .sort();
}
