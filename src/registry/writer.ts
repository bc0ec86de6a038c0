import { hostname, userInfo } from 'node:os';

/** Who writes into a store: enough to ask the right person, or to see that a process is gone. */
export interface Writer {
  readonly user: string;
  readonly host: string;
  readonly pid: number;
}

/** The user, host and process that run this code. */
export function currentWriter(): Writer {
  return { user: userName(), host: hostname(), pid: process.pid };
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
