import { KolError, type ErrorCode } from '../../core/errors.js';

export type CheckState = 'ok' | 'warning' | 'failed' | 'skipped';

/** What was found out about one thing. */
export interface Finding {
  readonly state: CheckState;
  readonly detail: string;
  /** What to do about it. */
  readonly mend?: string;
  /** What kind of failure it is: decides the exit code. */
  readonly code?: ErrorCode;
}

/** A finding by name, as it is shown. */
export interface Check extends Finding {
  readonly service: string;
  readonly name: string;
}

/** One thing to find out. What `find` throws becomes a failure. */
export interface Step {
  readonly name: string;
  find(signal: AbortSignal): Promise<Finding>;
}

/** Steps one after the other: each is told what the one before it found, so that it can stop there. */
export type Steps = Generator<Step, void, Finding>;

/** All that is to be found out about one service. */
export interface Examination {
  readonly service: string;
  /** Folder or address, without credentials. */
  readonly location: string;
  /** What to do about a failure that does not say it itself. */
  readonly mend: string;
  steps(): Steps;
}

/** All is well. */
export function ok(detail: string): Finding {
  return { state: 'ok', detail };
}

/** Not looked into, for a reason that is no fault. */
export function skipped(detail: string): Finding {
  return { state: 'skipped', detail };
}

/** Something works, but not for everything. */
export function warning(detail: string, mend: string): Finding {
  return { state: 'warning', detail, mend };
}

/** Something does not work; `code` decides the exit code. */
export function failed(code: ErrorCode, detail: string, mend: string): Finding {
  return { state: 'failed', detail, mend, code };
}

/** What a thrown error means: our own errors end with what helps. */
export function failureOf(error: unknown): Finding {
  const message = plainText(error instanceof Error ? error.message : String(error), 600);
  const code = error instanceof KolError ? error.code : 'export';
  const at = error instanceof KolError ? message.lastIndexOf('; ') : -1;
  if (at < 0) return { state: 'failed', detail: message, code };
  return failed(code, message.slice(0, at), message.slice(at + 2));
}

/** Text of a server on one line, without what could steer a terminal. */
export function plainText(text: string, longest = 160): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length > longest ? `${line.slice(0, longest)}…` : line;
}

/** An address without credentials, query and fragment. */
export function publicAddress(text: string): string {
  if (!URL.canParse(text)) return '(no address)';
  const { protocol, host, pathname } = new URL(text);
  return `${protocol}//${host}${pathname.replace(/\/+$/, '')}`;
}
