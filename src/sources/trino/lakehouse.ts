import { ConfigError, KolError } from '../../core/errors.js';
import type { Progress } from '../../core/progress.js';
import type { Table } from '../../core/table.js';
import { checkSchema } from '../query-schema.js';
import { tablesOf, type Query, type ReadOptions, type TableSource } from '../table-source.js';
import { connectTrino } from './connection.js';
import { withNearNames } from './missing-names.js';
import { createBatchBuilder, type BatchBuilder } from './page-batches.js';
import { readRepeatable } from './repeatable-read.js';
import type { RetryOptions } from './retry.js';
import type { TrinoSettings } from './settings.js';
import { pinnedTable, readSnapshot } from './snapshots.js';
import { runStatement, type StatementOptions } from './statement.js';
import { columnReaders } from './trino-columns.js';

/** What a lakehouse behind Trino may be told beside its address. */
export interface TrinoLakehouseOptions {
  /** Hears of every retry. */
  readonly progress?: Progress | undefined;
  readonly retry?: RetryOptions | undefined;
}

/**
 * The lakehouse of a platform, read through Trino. Nothing is asked of the server until something is read.
 * @throws {ConfigError} for settings that cannot work
 */
export async function trinoLakehouse(
  settings: TrinoSettings,
  options: TrinoLakehouseOptions = {},
): Promise<TableSource> {
  const connection = await connectTrino(settings);
  const { url, catalog } = connection.settings;
  const { progress } = options;
  const retry: RetryOptions = {
    ...(progress && { onRetry: (message: string) => progress.note(message) }),
    ...options.retry,
  };

  /** One run of a query, from its first row. */
  async function* run(query: Query, sql: string, { signal, onRun }: ReadOptions): AsyncGenerator<Table> {
    let builder: BatchBuilder | undefined;
    const statement: StatementOptions = {
      signal,
      retry,
      repeatable: true,
      onQuery: (queryId) => onRun?.({ sql, queryId }),
    };
    for await (const { columns, rows } of runStatement(connection, sql, statement)) {
      if (builder === undefined) {
        const readers = columnReaders(columns);
        checkSchema(query, readers);
        builder = createBatchBuilder(readers);
      }
      yield* builder.add(rows);
    }
    if (builder === undefined)
      throw new ConfigError('query gives no table, expected one that starts with SELECT');
    const rest = builder.rest();
    if (rest !== undefined) yield rest;
  }

  const explain = (error: unknown, tables: readonly string[], signal?: AbortSignal): unknown =>
    error instanceof KolError ? withNearNames(error, connection, tables, { signal, retry }) : error;

  return {
    dialect: 'trino',
    location: url,
    async *read(query, read = {}) {
      const { signal, snapshots = [] } = read;
      const sql = checkReadOnly(
        query.sql({
          dialect: 'trino',
          table: (name) =>
            pinnedTable(
              name,
              catalog,
              snapshots.find(({ table }) => table === name),
            ),
        }),
      );
      try {
        yield* readRepeatable(() => run(query, sql, read), signal, retry);
      } catch (error) {
        throw await explain(error, tablesOf(query, 'trino'), signal);
      }
    },
    snapshot: async (tables, wanted = {}, signal) => {
      try {
        return await Promise.all(
          tables.map((table) =>
            readSnapshot(connection, table, Object.hasOwn(wanted, table) ? wanted[table] : undefined, {
              signal,
              retry,
            }),
          ),
        );
      } catch (error) {
        throw await explain(error, tables, signal);
      }
    },
    close: () => Promise.resolve(),
  };
}

/**
 * The statement without its last semicolon. Anything but a query is refused: it would be run again after a failure.
 * @throws {ConfigError} for another kind of statement
 */
export function checkReadOnly(sql: string): string {
  const text = sql.trim().replace(/;\s*$/, '');
  const bare = text.replace(/^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/|\()+/, '');
  if (!/^(?:select|with|values|table)\b/i.test(bare)) {
    throw new ConfigError(
      `query must read only and start with SELECT or WITH, not ${JSON.stringify(bare.slice(0, 20))}`,
    );
  }
  return text;
}
