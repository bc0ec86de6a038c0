import { hostname } from 'node:os';
import type { MlflowStatus } from '../mlflow/runs.js';
import { isAlive } from '../process-mark.js';
import type { RunRecord } from '../run-record.js';

/** A run of another machine that has said nothing for so long counts as dead. Milliseconds. */
const longestSilence = 24 * 3_600_000;

/**
 * How a run stands. One that did not end itself is RUNNING while its process lives, and KILLED, as of its last word,
 * when that is gone.
 * @param lastWord when its last entry was written, milliseconds since 1970-01-01 UTC
 */
export function statusOf(
  { status, endedAt, writer }: RunRecord,
  lastWord: number,
  now: number,
): { readonly status: MlflowStatus; readonly endedAt: number | null } {
  if (status === 'finished') return { status: 'FINISHED', endedAt };
  if (status === 'failed') return { status: 'FAILED', endedAt };
  if (status === 'interrupted') return { status: 'KILLED', endedAt };
  const lives =
    writer.host === hostname() ? isAlive(writer.pid, writer.mark) : now - lastWord < longestSilence;
  return lives ? { status: 'RUNNING', endedAt: null } : { status: 'KILLED', endedAt: lastWord };
}
