import {
  ConfigError,
  DataError,
  type ErrorCode,
  ExportError,
  GateError,
  InterruptedError,
  type KolError,
  ServiceError,
} from './errors.js';

/** What the pool sends to a worker thread. */
export interface TaskRequest {
  readonly id: number;
  readonly task: string;
  readonly payload: unknown;
}

/** What a worker thread sends back, once per request. */
export type TaskReply =
  | { readonly id: number; readonly ok: true; readonly value: unknown }
  | { readonly id: number; readonly ok: false; readonly error: ErrorRecord };

/** An error as plain data: structured clone would drop its class and its code. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly code: ErrorCode | null;
  readonly stack: string | null;
  readonly cause: ErrorRecord | null;
}

const errorClasses = {
  config: ConfigError,
  data: DataError,
  export: ExportError,
  gate: GateError,
  service: ServiceError,
  interrupted: InterruptedError,
} as const satisfies Record<ErrorCode, new (message: string, options?: ErrorOptions) => KolError>;

/** Causes deeper than this are cut: a chain may be a ring. */
const deepestCause = 8;

/** The error, and what caused it, as plain data. */
export function describeError(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), code: null, stack: null, cause: null };
  }
  const hasCause = error.cause !== undefined && error.cause !== null && depth < deepestCause;
  return {
    name: error.name,
    message: error.message,
    code: codeOf(error),
    stack: error.stack ?? null,
    cause: hasCause ? describeError(error.cause, depth + 1) : null,
  };
}

/** By value, not by class: another copy of this module has classes of its own. */
function codeOf(error: Error): ErrorCode | null {
  const code = 'code' in error ? error.code : null;
  return typeof code === 'string' && Object.hasOwn(errorClasses, code) ? (code as ErrorCode) : null;
}

/** The described error as the class of its code; an error of another kind comes back as an Error of that name. */
export function reviveError(record: ErrorRecord): Error {
  const options = record.cause === null ? undefined : { cause: reviveError(record.cause) };
  const error =
    record.code === null
      ? new Error(record.message, options)
      : new errorClasses[record.code](record.message, options);
  error.name = record.name;
  if (record.stack !== null) error.stack = record.stack;
  return error;
}
