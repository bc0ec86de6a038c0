import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Progress } from '../core/progress.js';

/** What Spark's REST API says of a job, as far as we look. */
interface Job {
  readonly jobGroup?: string;
  readonly status: string;
  readonly numFailedStages?: number;
}

/**
 * Follows a running application by Spark's REST API until `ended`: one step a fit. What cannot be asked is not shown;
 * the outcome does not depend on it.
 */
export async function followApplication(
  folder: string,
  { label, nFits }: { readonly label: string; readonly nFits: number },
  progress: Progress,
  ended: AbortSignal,
): Promise<void> {
  const stage = progress.stage(`${label}: Spark`, nFits);
  let done = 0;
  let repeated = 0;
  while (!ended.aborted) {
    const jobs = await jobsOf(folder, ended);
    const fits = jobs.filter(({ jobGroup }) => jobGroup?.startsWith('fit-'));
    const now = new Set(fits.filter(({ status }) => status === 'SUCCEEDED').map(({ jobGroup }) => jobGroup))
      .size;
    const failed = fits.reduce((sum, { numFailedStages = 0 }) => sum + numFailedStages, 0);
    if (failed > repeated) progress.note('Spark lost an executor or a task: the fit is tried once more');
    repeated = Math.max(repeated, failed);
    if (now > done) stage.advance(now - done);
    done = Math.max(done, now);
    await sleep(1000, undefined, { signal: ended }).catch(() => undefined);
  }
  if (done < nFits) stage.advance(nFits - done);
  stage.done();
}

async function jobsOf(folder: string, signal: AbortSignal): Promise<readonly Job[]> {
  try {
    const text = await readFile(join(folder, 'application.json'), 'utf8');
    const { id, ui } = JSON.parse(text) as { id: string; ui: string };
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(5000)]);
    const response = await fetch(`${ui}/api/v1/applications/${id}/jobs`, { signal: timeout });
    return response.ok ? ((await response.json()) as Job[]) : [];
  } catch {
    return [];
  }
}
