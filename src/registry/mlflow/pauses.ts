import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InterruptedError } from '../../core/errors.js';

const longestPause = 30;

/**
 * Waits before attempt number `attempt` + 1: exponentially longer, drawn from the upper half of its range, so that
 * clients do not come back together.
 * @param atLeast seconds that the server asked for
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function pauseBefore(
  attempt: number,
  firstPause: number,
  signal: AbortSignal | undefined,
  atLeast = 0,
): Promise<number> {
  const longest = Math.min(longestPause, firstPause * 2 ** (attempt - 1));
  const seconds = Math.max(Math.min(atLeast, 4 * longestPause), longest * (0.5 + randomInt(1_000) / 2_000));
  try {
    await sleep(seconds * 1_000, undefined, signal && { signal });
  } catch (error) {
    throw new InterruptedError(undefined, { cause: error });
  }
  return seconds;
}

/** Seconds that a Retry-After header asks for; 0 without one. */
export function retryAfter(header: string | string[] | undefined, now: number): number {
  const text = Array.isArray(header) ? header[0] : header;
  if (text === undefined) return 0;
  if (/^\d+$/.test(text)) return Number(text);
  const until = Date.parse(text);
  return Number.isNaN(until) ? 0 : Math.max(0, (until - now) / 1_000);
}
