import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { boosterSettings } from '../champion/booster-settings.js';
import { DataError } from '../core/errors.js';
import { sha256 } from '../core/record.js';
import { withProcessLock } from '../registry/process-lock.js';
import { studyTag, type RunRecord } from '../registry/run-record.js';
import type { RunStore } from '../registry/run-store.js';
import type { FinishedTrial, Trial, TrialLog } from '../tuning/search.js';
import type { TrialResult } from '../tuning/trial.js';

const trialFile = 'trial.json';
const marginsFile = 'margins.f32';

const keptTrial = z.object({
  number: z.int().min(0),
  base: z.string(),
  point: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  settings: boosterSettings,
  losses: z.array(z.number()).min(1),
  rounds: z.int().min(1),
  nMargins: z.int().min(0),
  cost: z.object({ bytes: z.number(), milliseconds: z.number() }).exactOptional(),
});

/**
 * Runs `work` with the trials of a search kept in the run store, each a run of its own: its journal begins before the
 * trial and ends after it, so a trial that ended is never made twice, whatever kills the process.
 * @param experiment the runs are kept under
 * @throws {ServiceError} while another process makes trials of the same search
 */
export function withTrialLog<Result>(
  runs: RunStore,
  experiment: string,
  study: string,
  signal: AbortSignal | undefined,
  work: (log: TrialLog) => Promise<Result>,
): Promise<Result> {
  return withProcessLock(
    join(runs.folder, 'studies', `${study}.lock`),
    async () => work(await openTrialLog(runs, experiment, study)),
    {
      busy: (who) => `study ${study} of ${experiment} is already searched by ${who}; wait for it, or stop it`,
      waitMs: 0,
      signal,
    },
  );
}

async function openTrialLog(runs: RunStore, experiment: string, study: string): Promise<TrialLog> {
  const { runs: all } = await runs.listRuns({ experiment });
  const own = all.filter(({ status, tags }) => status === 'finished' && tags[studyTag] === study);
  const finished = new Map<number, FinishedTrial>();
  for (const run of own) {
    const trial = await readTrial(runs, run);
    finished.set(trial.number, trial);
  }
  return {
    finished: [...finished.values()],
    async begin(trial: Trial) {
      const { number, base, settings } = trial;
      const run = await runs.start({
        experiment,
        name: `trial ${number} ${base}`,
        tags: { [studyTag]: study, trial: String(number), base },
      });
      await run.logParams({ base, ...settings });
      return {
        async finish(result: TrialResult) {
          const { margins, losses, ...facts } = result;
          if (margins.length > 0) await run.logArtifact(marginsFile, packed(margins));
          const content = { ...trial, ...facts, losses, nMargins: margins.length };
          await run.logArtifact(trialFile, JSON.stringify(content, null, 2));
          for (const [fold, loss] of losses.entries()) await run.logMetrics({ fold_loss: loss }, fold);
          await run.logMetrics({
            loss: losses.reduce((sum, loss) => sum + loss, 0) / losses.length,
            rounds: result.rounds,
          });
          await run.finish('finished');
        },
        abandon: (why: string) => run.finish('interrupted', why),
      };
    },
  };
}

async function readTrial(runs: RunStore, run: RunRecord): Promise<FinishedTrial> {
  const read = async (path: string): Promise<Buffer> => {
    const file = runs.artifactPath(run.runId, path);
    const bytes = await readFile(file).catch((cause: unknown) => {
      throw new DataError(
        `${file} of a finished trial cannot be read; remove run ${run.runId} to make it again`,
        {
          cause,
        },
      );
    });
    if (sha256(bytes) !== run.artifacts.find((artifact) => artifact.path === path)?.sha256)
      throw new DataError(`${file} was changed after its trial; remove run ${run.runId} to make it again`);
    return bytes;
  };
  const { nMargins, ...trial } = keptTrial.parse(JSON.parse((await read(trialFile)).toString('utf8')));
  return { ...trial, margins: nMargins === 0 ? [] : unpacked(await read(marginsFile), nMargins) };
}

/** Margins one after the other as little-endian float32. */
function packed(margins: readonly Float32Array[]): Uint8Array {
  const nRows = margins[0].length;
  const view = new DataView(new ArrayBuffer(4 * nRows * margins.length));
  margins.forEach((margin, k) => {
    margin.forEach((value, i) => view.setFloat32(4 * (k * nRows + i), value, true));
  });
  return new Uint8Array(view.buffer);
}

function unpacked(bytes: Buffer, nMargins: number): Float32Array[] {
  const nRows = bytes.length / 4 / nMargins;
  return Array.from({ length: nMargins }, (_, k) =>
    Float32Array.from({ length: nRows }, (_, i) => bytes.readFloatLE(4 * (k * nRows + i))),
  );
}
