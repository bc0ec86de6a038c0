import { hostname, userInfo } from 'node:os';
import { processMark } from './process-mark.js';

/** Who writes into a store: enough to ask the right person, or to see that a process is gone. */
export interface Writer {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
  /** Tells the process from a later one of the same number, where the system says. */
  readonly mark?: string | undefined;
}

/** The user, host and process that run this code. */
export function currentWriter(): Writer {
  const mark = processMark(process.pid);
  return { user: userName(), host: hostname(), pid: process.pid, ...(mark !== undefined && { mark }) };
}

/** `user@host`. */
export function currentAuthor(): string {
  return `${userName()}@${hostname()}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // In a container the user id may have no name.
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
