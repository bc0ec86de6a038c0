import { throwIfAborted } from '../../core/errors.js';
import { sha256 } from '../../core/record.js';
import { quoteIdentifier } from '../../core/sql/identifier.js';
import { tableDigest } from '../../core/table-digest.js';
import { batchValues, type Batch, type BatchTarget } from '../batch-target.js';
import type { WriteColumn } from '../table-writer.js';
import { writtenValues } from '../written-values.js';
import { writtenTypes } from './column-types.js';
import { connectTrino, type TrinoConnection } from './connection.js';
import type { TrinoLakehouseOptions } from './lakehouse.js';
import type { TrinoSettings } from './settings.js';
import { executeStatement, runStatement, type StatementOptions } from './statement.js';
import { pinnedTable } from './snapshots.js';

/** Trino refuses statements of more than 1,000,000 characters unless it was told otherwise. */
const longestRows = 900_000;

/**
 * Writes batches into Iceberg tables through Trino. The rows go in chunks into a table of their own beside the target,
 * and from there in one MERGE into the target, which also removes what an earlier batch of the same name had more: one
 * commit, seen whole or not at all. Every statement can be sent twice without harm, so that each is repeated when its
 * answer is lost: rows that came twice into the table beside are merged once.
 * @throws {ConfigError} for settings that cannot work
 */
export async function trinoTarget(
  settings: TrinoSettings,
  { progress, retry: given }: TrinoLakehouseOptions = {},
): Promise<BatchTarget> {
  const connection = await connectTrino(settings);
  const { catalog, url } = connection.settings;
  const retry = { ...(progress && { onRetry: (message: string) => progress.note(message) }), ...given };
  return {
    async replace(batch, signal) {
      const options: StatementOptions = { signal, retry, repeatable: true };
      const run = (sql: string): Promise<unknown> => executeStatement(connection, sql, options);
      const target = pinnedTable(batch.table, catalog, undefined);
      const beside = pinnedTable(`${batch.table}__${batchName(batch)}`, catalog, undefined);
      const declared = batch.columns.map(
        ({ name, type }) => `${quoteIdentifier(name)} ${writtenTypes[type]}`,
      );
      await run(`CREATE TABLE IF NOT EXISTS ${target} (${declared.join(', ')})`);
      try {
        await executeStatement(connection, `CREATE OR REPLACE TABLE ${beside} (${declared.join(', ')})`, {
          ...options,
          // Not cancelled: a table whose creation was cancelled can still appear, after it was dropped.
          signal: undefined,
          retry: {
            ...retry,
            onRetry: (message) => {
              throwIfAborted(signal);
              retry.onRetry?.(message);
            },
          },
        });
        throwIfAborted(signal);
        for (const rows of chunks(batch)) await run(insertRows(beside, batch.columns, rows));
        await checkCount(connection, beside, batch.rows.nRows, options);
        await run(mergeBatch(target, beside, batch));
      } finally {
        // Also after an interruption, by a request of its own.
        await executeStatement(connection, `DROP TABLE IF EXISTS ${beside}`, { repeatable: true }).catch(
          () => undefined,
        );
      }
      return { where: `${batch.table} at ${url}`, nRows: batch.rows.nRows };
    },
  };
}

/** The same for the same rows, so that a repeated write uses the table that an interrupted one left. */
function batchName(batch: Batch): string {
  return sha256(`${batchValues(batch).join('\n')}\n${tableDigest(batch.rows)}`).slice(0, 16);
}

/** Rows as JSON arrays, as many to a text as one statement holds. */
function* chunks({ columns, rows, table }: Batch): Generator<string> {
  const written = columns.map((column) => writtenValues(rows, column, table));
  const cell = ({ type }: WriteColumn, value: string | number | null): string | number | boolean | null => {
    if (value === null || typeof value === 'string') return value;
    if (Number.isNaN(value)) return null;
    if (type === 'boolean') return value !== 0;
    if (type === 'timestamp') return new Date(value).toISOString().replace('T', ' ').replace('Z', '');
    if (type === 'date') return new Date(value).toISOString().slice(0, 10);
    // JSON knows no infinity; Trino reads it out of a text.
    return Number.isFinite(value) ? value : String(value);
  };
  let texts: string[] = [];
  let length = 0;
  for (let i = 0; i < rows.nRows; i++) {
    const text = JSON.stringify(columns.map((column, j) => cell(column, written[j].values[i])));
    const size = text.length + (text.match(/'/g)?.length ?? 0) + 1;
    if (length + size > longestRows && texts.length > 0) {
      yield `[${texts.join(',')}]`;
      [texts, length] = [[], 0];
    }
    texts.push(text);
    length += size;
  }
  if (texts.length > 0) yield `[${texts.join(',')}]`;
}

/** One literal for all rows: a VALUES of thousands of expressions takes Trino many times as long to plan. */
function insertRows(table: string, columns: readonly WriteColumn[], json: string): string {
  const asText = ({ type }: WriteColumn): boolean => type === 'timestamp' || type === 'date';
  const read = columns.map((column, j) => `c${j} ${asText(column) ? 'varchar' : writtenTypes[column.type]}`);
  const cast = columns.map((column, j) =>
    asText(column) ? `CAST(c${j} AS ${writtenTypes[column.type]})` : `c${j}`,
  );
  return (
    `INSERT INTO ${table} SELECT ${cast.join(', ')} FROM UNNEST(CAST(json_parse('${json.replaceAll("'", "''")}') ` +
    `AS array(row(${read.join(', ')})))) AS t(${columns.map((_, j) => `c${j}`).join(', ')})`
  );
}

/** @throws {Error} when rows are missing, which no known fault leads to */
async function checkCount(
  connection: TrinoConnection,
  table: string,
  nRows: number,
  options: StatementOptions,
): Promise<void> {
  const sql = `SELECT count(*) FROM (SELECT DISTINCT * FROM ${table})`;
  for await (const { rows } of runStatement(connection, sql, options)) {
    if (rows.length > 0 && rows[0][0] !== nRows)
      throw new Error(`${table} holds ${String(rows[0][0])} different rows, expected ${nRows}`);
  }
}

/** What is in the batch is updated or inserted; what an earlier one had more is deleted. */
function mergeBatch(target: string, beside: string, { columns, within, key }: Batch): string {
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const on = (left: string, right: string, of: readonly string[]): string =>
    of.map((name) => `${left}.${quoteIdentifier(name)} = ${right}.${quoteIdentifier(name)}`).join(' AND ');
  const same = [...within, ...key];
  const all = (of: string): string => names.map((name) => `${of}.${name}`).join(', ');
  return `MERGE INTO ${target} t USING (
  SELECT ${all('b')}, false AS stale FROM (SELECT DISTINCT * FROM ${beside}) b
  UNION ALL
  SELECT ${all('o')}, true FROM ${target} o
  WHERE EXISTS (SELECT 1 FROM ${beside} b WHERE ${on('o', 'b', within)})
    AND NOT EXISTS (SELECT 1 FROM ${beside} b WHERE ${on('o', 'b', same)})
) s ON ${on('t', 's', same)}
WHEN MATCHED AND s.stale THEN DELETE
WHEN MATCHED THEN UPDATE SET ${names.map((name) => `${name} = s.${name}`).join(', ')}
WHEN NOT MATCHED AND NOT s.stale THEN INSERT (${names.join(', ')}) VALUES (${all('s')})`;
}
