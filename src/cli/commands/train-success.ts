import { Command } from 'commander';
import { join } from 'node:path';
import { duckdbLakehouse } from '../../sources/duckdb.js';
import { readConfig } from '../config-file.js';
import { lakehouseOrSample } from '../lakehouse.js';
import { common } from '../option-types.js';
import { requirePromotion } from '../promotion.js';
import { checkReleaseFolder, keptFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { successConfig } from '../../success/config.js';
import { campaignTraining, forecastTraining, type SuccessOutcome } from '../success-trainings.js';

interface Options {
  seed?: number;
  threads?: number;
  folds?: number;
  config?: string;
  lakehouse?: string;
  asOf?: string;
  out?: string;
  requirePromotion?: boolean;
  json?: boolean;
}

/** What is trained, in this order. */
const trainings = [campaignTraining, forecastTraining] as const;

/** `kol train success` */
export function trainSuccessCommand(session: CliSession): Command {
  return new Command('success')
    .description(
      'train the champions of success from the silver tables: campaigns (and score all KOLs into kol_gold.kol_scores), views, engagement and orders (and forecast them into kol_gold.kol_forecasts)',
    )
    .addOption(common.lakehouse())
    .addOption(common.seed())
    .addOption(common.threads())
    .addOption(common.folds())
    .option('--as-of <time>', 'use only rows processed up to this moment, and score for it (ISO 8601)')
    .addOption(common.config())
    .option('--out <folder>', 'write every release into a folder of its name here too')
    .addOption(common.requirePromotion())
    .addOption(common.json())
    .addHelpText('after', '\nExample:\n  kol train success --seed 7 --out releases')
    .action(async (options: Options) => {
      const { seed, folds, asOf } = options;
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      const config = await readConfig(successConfig, options.config, { seed, folds, asOf });
      const lakehouse = await lakehouseOrSample(session, options.lakehouse);
      const source = await duckdbLakehouse(lakehouse);
      const done: { readonly folder: string; readonly outcome: SuccessOutcome }[] = [];
      try {
        await session.withPool(options.threads ?? session.environment.threads, async (pool) => {
          const context = { pool, progress: session.progress, signal: session.signal };
          for (const train of trainings) {
            for (const outcome of await train({ config, session, source, lakehouse, context })) {
              const folder = options.out && join(options.out, outcome.model);
              if (folder !== undefined) await writeRelease(folder, outcome.release);
              done.push({ folder: folder ?? keptFolder(session.runs, outcome.runId), outcome });
            }
          }
        });
      } finally {
        await source.close();
      }
      session.print(
        options.json ? json(done) : done.map(({ folder, outcome }) => outcome.summary(folder)).join('\n\n'),
      );
      if (options.requirePromotion) requirePromotion(done.map(({ outcome }) => outcome));
    });
}

function json(done: readonly { readonly folder: string; readonly outcome: SuccessOutcome }[]): string {
  const rows = done.map(({ folder, outcome }) => {
    const { model, version, runId, challenge, parity, assessments, written } = outcome;
    return { model, version, runId, folder, challenge, parity, assessments, written };
  });
  return JSON.stringify(rows, null, 2);
}
