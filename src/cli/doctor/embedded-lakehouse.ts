import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Table } from '../../core/table.js';
import { duckdbLakehouse } from '../../sources/duckdb.js';
import { findTables } from '../../sources/embedded-tables.js';
import { readAll, type TableSource } from '../../sources/table-source.js';
import { ok, skipped, type Examination, type Finding, type Steps } from './check.js';
import { columnsByTable, contractTables, missingColumns, tablesFinding } from './contract-tables.js';
import { freeSpace } from './disk.js';

/** The lakehouse in a folder. One that is not there is a failure only where it was asked for. */
export function embeddedLakehouse(folder: string, isNamed: boolean): Examination {
  return {
    service: 'lakehouse',
    location: folder,
    mend: 'write the table anew, or name another lakehouse with --lakehouse',
    *steps(): Steps {
      yield { name: 'free space', find: () => freeSpace(folder) };
      let columns: ReadonlyMap<string, ReadonlySet<string>> = new Map();
      let stored: readonly string[] = [];
      const opened = yield {
        name: 'folder',
        find: async (signal) => {
          if (!isNamed && (await stat(folder).catch(() => undefined)) === undefined)
            return skipped('not made yet; commands that read it write the sample one (kol sample)');
          columns = await withSource(folder, (source) => readColumns(source, signal));
          stored = (await findTables(resolve(folder), folder)).map(({ name }) => name);
          return ok(`${stored.length} tables: ${stored.join(', ')}`);
        },
      };
      if (opened.state !== 'ok') return;
      yield {
        name: 'tables',
        find: () =>
          Promise.resolve(
            tablesFinding(
              stored,
              'kol sample writes a lakehouse with all of them, kol import one of accounts',
            ),
          ),
      };
      for (const table of contractTables.keys()) {
        if (!stored.includes(table)) continue;
        yield {
          name: table,
          find: (signal) => examineTable(folder, table, columns.get(table) ?? new Set(), signal),
        };
      }
    },
  };
}

async function examineTable(
  folder: string,
  table: string,
  columns: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<Finding> {
  // First, as it names the file of a table that cannot be read.
  const rows = await withSource(folder, (source) => countRows(source, table, signal));
  return missingColumns(table, columns) ?? ok(`${rows} rows, ${columns.size} columns`);
}

async function withSource<Result>(
  folder: string,
  work: (source: TableSource) => Promise<Result>,
): Promise<Result> {
  const source = await duckdbLakehouse(folder);
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}

async function readColumns(
  source: TableSource,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const sql = () =>
    "SELECT table_schema || '.' || table_name AS place, column_name AS name FROM information_schema.columns";
  const rows = await readAll(source, { sql }, { signal });
  const [tables, names] = ['place', 'name'].map((column) => Table.strings(rows, column));
  return columnsByTable(tables.map((table, i) => [table ?? '', names[i] ?? '']));
}

async function countRows(source: TableSource, table: string, signal: AbortSignal): Promise<string> {
  const rows = await readAll(
    source,
    { sql: (engine) => `SELECT CAST(count(*) AS VARCHAR) AS n FROM ${engine.table(table)}` },
    { signal },
  );
  return Number(Table.strings(rows, 'n')[0]).toLocaleString('en-US');
}
