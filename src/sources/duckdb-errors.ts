import { ConfigError, DataError, KolError } from '../core/errors.js';
import { listNames, nearestHint } from '../core/nearest-name.js';

/**
 * What a failed DuckDB statement means to the person who can mend it.
 * @param tables the tables that exist, as `schema.table`
 * @param broken tables that exist but cannot be read, with the reason
 */
export function explainDuckdbError(
  error: unknown,
  tables: readonly string[],
  broken: ReadonlyMap<string, KolError>,
  sql: string,
): KolError {
  if (error instanceof KolError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const first = message.split('\n')[0];
  const options = { cause: error };

  const table = /^Catalog Error: Table with name "?([^"]+?)"? does not exist/.exec(first)?.[1];
  if (table !== undefined) {
    for (const [name, reason] of broken) {
      if (name === table || name.split('.')[1] === table) return reason;
    }
    const name = mention(sql, table);
    return new DataError(
      `table ${name} does not exist in the lakehouse${nearestHint(name, tables)}; it holds ${listNames(tables)}`,
      options,
    );
  }
  const column =
    /^Binder Error: Referenced column "(.+?)" not found/.exec(first)?.[1] ??
    /^Binder Error: .* does not have a column named "(.+?)"/.exec(first)?.[1];
  if (column !== undefined) {
    const candidates = [...(/Candidate bindings: (.*)/.exec(message)?.[1] ?? '').matchAll(/"([^"]+)"/g)].map(
      (match) => match[1].replace(/^.*\./, ''),
    );
    return new DataError(
      `column ${column} does not exist in ${mentionedTables(sql, tables)}${nearestHint(column, candidates)}`,
      options,
    );
  }
  if (/^(Parser|Catalog|Binder) Error/.test(first))
    return new ConfigError(`query refused: ${first}`, options);
  // The reader's own checks arrive through the SQL function error().
  const own = /^Invalid Input Error: (.*)$/.exec(first)?.[1];
  return new DataError(own ?? `query failed: ${first}`, options);
}

/** The reason why a Parquet file cannot be read, naming the file. */
export function unreadableParquet(path: string, error: unknown): DataError {
  const message = error instanceof Error ? error.message : String(error);
  const reason = message.split('\n')[0].replace(/^[A-Za-z /]+ Error: /, '');
  return new DataError(
    `${path}: not a readable Parquet file (${reason}); write the file again, or remove it from the folder`,
    { cause: error },
  );
}

function mention(sql: string, table: string): string {
  const escaped = table.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`"?([\\w-]+)"?\\."?${escaped}"?(?![\\w])`, 'i').exec(sql);
  return found === null || table.includes('.') ? table : `${found[1]}.${table}`;
}

function mentionedTables(sql: string, tables: readonly string[]): string {
  const plain = sql.replaceAll('"', '').toLowerCase();
  const found = tables.filter((name) => plain.includes(name.toLowerCase()));
  return found.length === 0 ? 'the query' : found.join(', ');
}
