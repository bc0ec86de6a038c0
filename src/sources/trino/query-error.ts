import { ConfigError, DataError, ServiceError, type KolError } from '../../core/errors.js';
import { MissingTableError } from '../missing-table.js';
import type { StatementAnswer } from './connection.js';
import type { TransportError } from './transport-error.js';

/** A query that ended for a reason of the server's, and may succeed when it is run anew. */
export class LostQueryError extends ServiceError {}

/** A query names a column that none of its tables has. */
export class MissingColumnError extends DataError {
  readonly missing: string;

  constructor(message: string, missing: string) {
    super(message);
    this.missing = missing;
  }
}

/** Ends of a query that have nothing to do with the query, by Trino's names. */
const passingNames = new Set([
  'SERVER_SHUTTING_DOWN',
  'SERVER_STARTING_UP',
  'NO_NODES_AVAILABLE',
  'REMOTE_TASK_ERROR',
  'REMOTE_TASK_MISMATCH',
  'REMOTE_TASK_FAILED',
  'REMOTE_HOST_GONE',
  'PAGE_TRANSPORT_ERROR',
  'PAGE_TRANSPORT_TIMEOUT',
  'TOO_MANY_REQUESTS_FAILED',
  'ABANDONED_QUERY',
  'ABANDONED_TASK',
  'QUERY_QUEUE_FULL',
  'CLUSTER_OUT_OF_MEMORY',
]);

/** How connectors say that what lies behind them does not answer. */
const storageNames =
  /_(FILESYSTEM_ERROR|CANNOT_OPEN_SPLIT|CURSOR_ERROR|METASTORE_ERROR|CATALOG_ERROR|MISSING_DATA)$/;
const storageMessages =
  /error accessing metadata file|update SQL schema|connection (refused|reset|timed out)|connect timed out|socket (is )?closed|unable to execute http request/i;

/** What a failed query means to the person who can mend it; always names the query. */
export function queryError(error: NonNullable<StatementAnswer['error']>, queryId: string): KolError {
  const { errorName: name, errorType: type } = error;
  const message = firstLine(error.message);
  const where = `(query ${queryId}, ${name})`;
  if (name === 'USER_CANCELED') {
    return new ServiceError(`trino: the query was cancelled on the server ${where}; run it again`);
  }
  if (name === 'ADMINISTRATIVELY_KILLED') {
    return new ServiceError(`trino: an administrator ended the query ${where}: ${message}`);
  }
  if (
    passingNames.has(name) ||
    (type !== 'USER_ERROR' && (storageNames.test(name) || storageMessages.test(message)))
  ) {
    return new LostQueryError(
      `trino: the query was lost to a failure of the server or its storage ${where}: ${message}`,
    );
  }
  if (type === 'INSUFFICIENT_RESOURCES') {
    return new ServiceError(
      `trino: the query needs more than the server gives it ${where}: ${message}; ` +
        'read fewer rows or columns, or have its limit raised',
    );
  }
  if (type !== 'USER_ERROR') {
    return new ServiceError(`trino: the server failed ${where}: ${message}`);
  }
  return userError(name, message, where);
}

function userError(name: string, message: string, where: string): KolError {
  const place = message.replace(/^line \d+:\d+: /, '');
  switch (name) {
    case 'TABLE_NOT_FOUND':
    case 'SCHEMA_NOT_FOUND': {
      const missing = /'([^']+)'/.exec(place)?.[1] ?? '';
      return new MissingTableError(`${lowerFirst(place)} ${where}`, missing);
    }
    case 'COLUMN_NOT_FOUND': {
      const missing = /Column '([^']+)'/.exec(place)?.[1] ?? '';
      return new MissingColumnError(`column ${missing} does not exist ${where}`, missing);
    }
    case 'CATALOG_NOT_FOUND':
      return new ConfigError(
        `trino: ${lowerFirst(place)} ${where}; set the catalog to one that the server has`,
      );
    case 'PERMISSION_DENIED':
      return new ServiceError(`trino: ${lowerFirst(place)} ${where}; ask for the right, or use another user`);
    case 'TYPE_MISMATCH':
      return new DataError(`query refused: ${message} ${where}; cast the column in the query`);
    case 'INVALID_ARGUMENTS': {
      const id = /snapshot ID does not exists?: (\d+)/i.exec(place)?.[1];
      if (id !== undefined) {
        return new DataError(
          `snapshot ${id} is no longer kept ${where}: it has expired since; read the newest one, or keep snapshots longer`,
        );
      }
      return new DataError(`query failed: ${message} ${where}`);
    }
    case 'SYNTAX_ERROR':
    case 'FUNCTION_NOT_FOUND':
    case 'AMBIGUOUS_NAME':
    case 'NOT_SUPPORTED':
    case 'EXPRESSION_NOT_AGGREGATE':
    case 'INVALID_SESSION_PROPERTY':
      return new ConfigError(`query refused: ${message} ${where}`);
    default:
      return new DataError(`query failed: ${message} ${where}`);
  }
}

/** What a request without an answer means, after the retries. */
export function transportFailure(error: TransportError, url: string, queryId?: string): ServiceError {
  const query = queryId === undefined ? '' : ` (query ${queryId})`;
  const { status, message } = error;
  if (status === 401) {
    return new ServiceError(
      `trino at ${url} does not accept the password or token${query}: ${message}; check them and that they have not expired`,
    );
  }
  if (status === 403) {
    return new ServiceError(`trino at ${url} does not admit this user${query}: ${message}`);
  }
  if (status !== undefined && status >= 300 && status < 400) {
    return new ServiceError(`trino at ${url} ${message}${query}; name the address it redirects to`);
  }
  if (error.isGone && queryId !== undefined) {
    return new LostQueryError(
      `trino at ${url} does not know query ${queryId} any more: it was restarted meanwhile`,
    );
  }
  if (error.isRefusedTrust) {
    const [reason, mend] = explainNoEntry(error);
    return new ServiceError(`trino at ${url} could not be reached: ${reason}${query}; ${mend}`);
  }
  if (error.isPassing) {
    const text = `trino at ${url} could not be reached: ${message || error.code}${query}; check that it runs and that the address is right`;
    // Without an id there is no query that could be lost, only a server that stays away.
    return queryId === undefined ? new ServiceError(text) : new LostQueryError(text);
  }
  return new ServiceError(`trino at ${url} refused the request${query}: ${message}`);
}

/** Why there was no connection to speak over, and what helps. */
function explainNoEntry({ code, message }: TransportError): readonly [string, string] {
  if (code === 'ENOTFOUND') return [message, 'check the host name'];
  if (code === 'EPROTO') return ['it does not speak https there', 'check protocol and port of the url'];
  return [firstLine(message), 'name the certificate authority that it is signed by, or check the host name'];
}

function firstLine(message: string): string {
  const line = message.split('\n')[0];
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
