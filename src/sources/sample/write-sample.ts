import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { ConfigError, throwIfAborted } from '../../core/errors.js';
import type { Progress } from '../../core/progress.js';
import { silent } from '../../core/progress.js';
import { createRng } from '../../core/rng.js';
import { cannotWrite } from '../atomic-file.js';
import { isErrnoException } from '../errno.js';
import { hiddenBeside, replaceFolder } from '../replace-folder.js';
import { simulate } from './activity.js';
import { addCampaigns } from './campaigns.js';
import { dayFactors, nDays } from './calendar.js';
import { addComments } from './comments.js';
import { addContent } from './content.js';
import { addDailyMetrics } from './daily-metrics.js';
import { drawKol } from './kols.js';
import type { PartWriter } from '../part-writer.js';
import { partWriter } from '../part-writer.js';
import { writePerformance } from './performance.js';
import { addProfiles, profileVersions } from './profiles.js';
import { sampleReadme } from './readme.js';
import type { SampleTable } from './schemas.js';
import { schemas } from './schemas.js';
import { writeSentiment, writeSpam } from './sentiment.js';
import { writeTrustAccounts } from './trust-accounts.js';

export interface SampleOptions {
  readonly seed: number;
  /** The labelled accounts to copy, as `data/trust-accounts.parquet`. */
  readonly accountsFile: string;
  /** Simulated KOLs; 2,000 when left out. */
  readonly nKols?: number;
  /** Texts of the sentiment corpus; 6,000 when left out. */
  readonly nTexts?: number;
  /** Whether an existing folder is replaced. */
  readonly overwrite?: boolean;
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
}

/**
 * Writes the sample lakehouse: every silver and gold table of the platform as Parquet, with real trust accounts and
 * simulated KOLs (the README in the folder tells the causal story). Same options, same tables. The folder appears
 * whole or not at all.
 * @throws {ConfigError} when the folder exists and `overwrite` is not set, or cannot be written
 * @throws {DataError} when `accountsFile` cannot be read
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function writeSampleLakehouse(folder: string, options: SampleOptions): Promise<void> {
  const { seed, accountsFile, nKols = 2000, nTexts = 6000, overwrite = false, signal } = options;
  if (!Number.isInteger(nKols) || nKols < 1 || nKols > 999_999) {
    throw new ConfigError(`nKols=${nKols} must be an integer from 1 to 999999`);
  }
  const target = resolve(folder);
  const exists = (await stat(target).catch(() => undefined)) !== undefined;
  if (exists && !overwrite) {
    throw new ConfigError(
      `${folder} exists already; name another folder, or allow to replace it with --overwrite`,
    );
  }
  const temporary = hiddenBeside(target, 'partial');
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary, { recursive: true });
    await writeTrustAccounts(accountsFile, temporary, signal);
    await writeSimulation(temporary, seed, nKols, nTexts, options.progress ?? silent, signal);
    await writePerformance(temporary, signal);
    await writeFile(join(temporary, 'README.md'), sampleReadme(seed, nKols));
    throwIfAborted(signal);
    await replaceFolder(temporary, target);
  } catch (error) {
    throw isErrnoException(error) ? cannotWrite(folder, error) : error;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

async function writeSimulation(
  folder: string,
  seed: number,
  nKols: number,
  nTexts: number,
  progress: Progress,
  signal: AbortSignal | undefined,
): Promise<void> {
  const simulated = (Object.keys(schemas) as SampleTable[]).filter(
    (name) => name !== 'kol_gold.fact_kol_performance',
  );
  const writers = {} as Record<SampleTable, PartWriter>;
  const stage = progress.stage('simulating KOLs', nKols);
  try {
    for (const name of simulated) writers[name] = await partWriter(folder, name, schemas[name]);
    const root = createRng(seed);
    const days = Array.from({ length: nDays }, (_, d) => dayFactors(d));
    let key = 1;
    for (let index = 0; index < nKols; index++) {
      throwIfAborted(signal);
      // A stream of its own for each KOL and table: more KOLs, or another table, change none of the others.
      const rng = root.split(`kol/${index}`);
      const kol = drawKol(index, rng.split('causes'));
      const activity = simulate(kol, days, rng.split('activity'));
      const versions = profileVersions(kol, activity, rng.split('versions'));
      key = addProfiles(
        kol,
        activity,
        versions,
        key,
        rng.split('profiles'),
        writers['kol_silver.kol_profiles'],
        writers['kol_gold.dim_kol'],
      );
      addDailyMetrics(kol, activity, days, rng.split('daily'), writers['kol_silver.kol_daily_metrics']);
      const posts = addContent(kol, activity, rng.split('content'), writers['kol_silver.kol_content']);
      addComments(kol, posts, rng.split('comments'), writers['kol_silver.kol_comments']);
      addCampaigns(kol, activity, days, rng.split('campaigns'), writers['kol_silver.kol_campaigns']);
      for (const name of simulated) await writers[name].flush();
      stage.advance();
    }
    await writeSentiment(root.split('sentiment'), nTexts, writers['kol_gold.ml_text_sentiment']);
    await writeSpam(root.split('spam'), nTexts, writers['kol_gold.ml_text_spam']);
    for (const name of simulated) await writers[name].close();
  } finally {
    stage.done();
    for (const name of simulated) await writers[name]?.abort();
  }
}
