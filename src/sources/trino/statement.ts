import { setImmediate } from 'node:timers/promises';
import { InterruptedError, throwIfAborted } from '../../core/errors.js';
import type { StatementAnswer, TrinoColumn, TrinoConnection, UnreadAnswer } from './connection.js';
import { queryError, transportFailure } from './query-error.js';
import { createRetries, type Retries, type RetryOptions } from './retry.js';
import { TransportError } from './transport-error.js';

/** Some rows of a result, as the server sent them together. */
export interface TrinoPage {
  readonly columns: readonly TrinoColumn[];
  readonly rows: readonly (readonly unknown[])[];
  readonly queryId: string;
}

export interface StatementOptions {
  readonly signal?: AbortSignal | undefined;
  /** Whether running it twice does no harm: then it is sent again even if the server may have begun it. */
  readonly repeatable?: boolean | undefined;
  readonly retry?: RetryOptions | undefined;
  /** Told the query's id once the server has given one. */
  readonly onQuery?: ((queryId: string) => void) | undefined;
}

/**
 * Runs one statement and gives its pages in order; the first may be without rows, so that columns are known. The next
 * page is fetched while the caller works on one. Requests that fail in passing are repeated: the server keeps a page
 * until the next one is asked for. When the iteration ends early, the query is cancelled on the server.
 * @throws {DataError | ConfigError} for a statement that is wrong
 * @throws {LostQueryError} when the server lost the query or stays away
 * @throws {ServiceError} when the server refuses or cannot do it
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function* runStatement(
  connection: TrinoConnection,
  sql: string,
  options: StatementOptions = {},
): AsyncGenerator<TrinoPage> {
  const { signal } = options;
  throwIfAborted(signal);
  const retries = createRetries(options.retry);
  const starting = createRetries(options.retry);
  const stop = new AbortController();
  const abort = () => stop.abort();
  signal?.addEventListener('abort', abort, { once: true });
  let open: string | undefined;
  try {
    let unread = await begin(connection, sql, options, retries);
    let queryId: string | undefined;
    let columns: readonly TrinoColumn[] | undefined;
    for (;;) {
      open = unread.nextUri;
      const ask = (uri: string) => {
        const asked = follow(connection, uri, queryId, retries, stop.signal);
        // Its error is for the loop's next turn.
        asked.catch(() => undefined);
        return asked;
      };
      // The server makes the next page while this one is parsed and the caller works on it.
      let following = open === undefined ? undefined : ask(open);
      if (following !== undefined) await setImmediate();
      const answer = parse(unread, connection.settings.url, queryId);
      if (queryId === undefined) options.onQuery?.(answer.id);
      queryId = answer.id;
      open = answer.nextUri;
      throwIfAborted(signal);
      if (answer.error !== undefined) {
        open = undefined;
        const failure = queryError(answer.error, answer.id);
        // A server that has just come up has not looked at the statement yet.
        const isStarting = answer.error.errorName === 'SERVER_STARTING_UP';
        if (!isStarting || !(await starting.again(failure.message, signal))) throw failure;
        unread = await begin(connection, sql, options, retries);
        queryId = undefined;
        continue;
      }
      if (open !== undefined) following ??= ask(open);
      const isFirst = columns === undefined;
      columns ??= answer.columns ?? undefined;
      const rows = answer.data ?? [];
      if (columns !== undefined && (isFirst || rows.length > 0)) yield { columns, rows, queryId };
      if (following === undefined || open === undefined) return;
      unread = await following;
    }
  } catch (error) {
    if (signal?.aborted) throw new InterruptedError(undefined, { cause: signal.reason });
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
    stop.abort();
    if (open !== undefined) await cancel(connection, open);
  }
}

/** What a statement that returns no table did. */
export interface StatementResult {
  readonly queryId: string;
  /** Rows written, where the statement writes some. */
  readonly rows?: number;
}

/** Runs a statement that changes something, to its end. Throws as `runStatement`. */
export async function executeStatement(
  connection: TrinoConnection,
  sql: string,
  options: StatementOptions = {},
): Promise<StatementResult> {
  let queryId = '';
  let rows: number | undefined;
  const onQuery = (id: string) => {
    queryId = id;
    options.onQuery?.(id);
  };
  for await (const page of runStatement(connection, sql, { ...options, onQuery })) {
    if (page.columns[0]?.name === 'rows' && typeof page.rows[0]?.[0] === 'number') rows = page.rows[0][0];
  }
  return { queryId, ...(rows !== undefined && { rows }) };
}

/** A page that cannot be parsed is lost: the one after it has been asked for already. */
function parse(unread: UnreadAnswer, url: string, queryId: string | undefined): StatementAnswer {
  try {
    return unread.parse();
  } catch (error) {
    throw error instanceof TransportError ? transportFailure(error, url, queryId) : error;
  }
}

/** Sends the statement. */
async function begin(
  connection: TrinoConnection,
  sql: string,
  { signal, repeatable = false }: StatementOptions,
  retries: Retries,
): Promise<UnreadAnswer> {
  for (;;) {
    try {
      return await post(connection, sql, signal);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const failure = transportFailure(error, connection.settings.url);
      const mayRepeat = error.isPassing && (repeatable || error.isUnheard);
      if (!mayRepeat || !(await retries.again(reasonOf(error), signal, error.retryAfter))) throw failure;
    }
  }
}

/** A query whose id is not known yet cannot be cancelled, so an interrupted request is waited for, but not for ever. */
async function post(
  connection: TrinoConnection,
  sql: string,
  signal: AbortSignal | undefined,
): Promise<UnreadAnswer> {
  throwIfAborted(signal);
  const stop = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const abort = () => (timer = setTimeout(() => stop.abort(), connection.settings.cancel * 1000));
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await connection.post(sql, stop.signal);
  } finally {
    signal?.removeEventListener('abort', abort);
    clearTimeout(timer);
  }
}

/** The answer at `uri`. */
async function follow(
  connection: TrinoConnection,
  uri: string,
  queryId: string | undefined,
  retries: Retries,
  signal: AbortSignal,
): Promise<UnreadAnswer> {
  for (;;) {
    try {
      const answer = await connection.get(uri, signal);
      retries.progressed();
      return answer;
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      const failure = transportFailure(error, connection.settings.url, queryId);
      throwIfAborted(signal);
      if (!error.isPassing || !(await retries.again(reasonOf(error), signal, error.retryAfter)))
        throw failure;
    }
  }
}

/** Best effort: a server that cannot be told will notice by itself that nobody reads. */
async function cancel(connection: TrinoConnection, uri: string): Promise<void> {
  await connection.remove(uri, AbortSignal.timeout(connection.settings.cancel * 1000)).catch(() => undefined);
}

function reasonOf({ message, code, status }: TransportError): string {
  return `trino: ${status === undefined ? `${code ?? 'no answer'}: ${message}` : message}`;
}
