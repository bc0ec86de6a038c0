import { quoteIdentifier } from '../../core/sql/identifier.js';
import { connectTrino, type TrinoConnection } from '../../sources/trino/connection.js';
import { trinoLakehouse } from '../../sources/trino/lakehouse.js';
import type { TrinoSettings } from '../../sources/trino/settings.js';
import { runStatement } from '../../sources/trino/statement.js';
import type { TableSnapshot } from '../../sources/table-source.js';
import {
  failed,
  ok,
  plainText,
  publicAddress,
  skipped,
  type Examination,
  type Finding,
  type Steps,
} from './check.js';
import {
  columnsByTable,
  contractTables,
  missingColumns,
  tablesFinding,
  writtenTables,
} from './contract-tables.js';

/** One attempt: a doctor says what is, and does not wait until it is better. */
const once = { attempts: 1 };

/** The lakehouse behind Trino, from the way in to the newest snapshot of each table. */
export function trino(given: TrinoSettings, seconds: number): Examination {
  const settings = { ...given, timeouts: { silence: seconds, cancel: 1 } };
  const { catalog = 'iceberg' } = settings;
  return {
    service: 'trino',
    location: publicAddress(settings.url),
    mend: 'see the log of Trino, and whether the object store and the database behind its catalog answer',
    *steps(): Steps {
      const login = yield { name: 'login', find: (signal) => logIn(settings, signal) };
      if (login.state !== 'ok') return;

      const there = yield { name: 'catalog', find: (signal) => findCatalog(settings, catalog, signal) };
      if (there.state !== 'ok') return;

      let columns: ReadonlyMap<string, ReadonlySet<string>> = new Map();
      const listed = yield {
        name: 'tables',
        find: async (signal) => {
          columns = await readColumns(await connectTrino(settings), catalog, signal);
          return tablesFinding(
            [...columns.keys()],
            'have the platform write them, or load the sample ones into an empty platform (kol load)',
          );
        },
      };
      if (listed.state === 'failed') return;

      for (const table of contractTables.keys()) {
        const names = columns.get(table);
        if (names === undefined) continue;
        yield {
          name: table,
          find: async (signal) =>
            missingColumns(table, names) ?? ok(snapshotText(await newestSnapshot(settings, table, signal))),
        };
      }
      for (const table of writtenTables) {
        yield {
          name: table,
          find: async (signal) => {
            if (!columns.has(table)) return skipped('not there yet; kol train success makes it');
            const snapshot = await newestSnapshot(settings, table, signal);
            return ok(`${snapshotText(snapshot)}; writing to it was not tried`);
          },
        };
      }
    },
  };
}

async function logIn(settings: TrinoSettings, signal: AbortSignal): Promise<Finding> {
  const [[version, user]] = await rowsOf(
    await connectTrino(settings),
    'SELECT version(), current_user',
    signal,
  );
  return ok(`Trino ${plainText(String(version))} as user ${plainText(String(user))}`);
}

async function findCatalog(settings: TrinoSettings, catalog: string, signal: AbortSignal): Promise<Finding> {
  const catalogs = (await rowsOf(await connectTrino(settings), 'SHOW CATALOGS', signal)).map(([name]) =>
    plainText(String(name)),
  );
  if (catalogs.includes(catalog)) return ok(catalog);
  return failed(
    'config',
    `there is no ${catalog}, or user ${settings.user} may not see it; there are ${catalogs.join(', ')}`,
    'set TRINO_CATALOG to the catalog of the Iceberg tables',
  );
}

async function readColumns(
  connection: TrinoConnection,
  catalog: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await rowsOf(
    connection,
    `SELECT table_schema || '.' || table_name, column_name FROM ${quoteIdentifier(catalog)}.information_schema.columns ` +
      "WHERE table_schema IN ('kol_silver', 'kol_gold')",
    signal,
  );
  return columnsByTable(rows.map(([table, column]) => [String(table), String(column)]));
}

async function rowsOf(
  connection: TrinoConnection,
  sql: string,
  signal: AbortSignal,
): Promise<readonly (readonly unknown[])[]> {
  const found: (readonly unknown[])[] = [];
  for await (const { rows } of runStatement(connection, sql, { signal, retry: once })) found.push(...rows);
  return found;
}

async function newestSnapshot(
  settings: TrinoSettings,
  table: string,
  signal: AbortSignal,
): Promise<TableSnapshot> {
  const source = await trinoLakehouse(settings, { retry: once });
  const [snapshot] = await source.snapshot([table], {}, signal);
  return snapshot;
}

function snapshotText({ id, rows, committedAt }: TableSnapshot): string {
  if (committedAt === undefined) return 'nothing was written to it yet';
  const count = rows === undefined ? 'written' : `${rows.toLocaleString('en-US')} rows`;
  return `${count} on ${committedAt.slice(0, 16).replace('T', ' ')}, snapshot ${id}`;
}
