import { Command } from 'commander';
import { join } from 'node:path';
import { answerOnce } from '../answer-once.js';
import { boosterEngine, engineOptions, type EngineOptions } from '../booster-engine.js';
import { readConfig, readPolicy } from '../config-file.js';
import { withLakehouse } from '../lakehouse.js';
import { common } from '../option-types.js';
import { checkReleaseFolder, keptFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { successConfig } from '../../success/config.js';
import { campaignTraining, forecastTraining, type SuccessOutcome } from '../success-trainings.js';
import { wantedSnapshots } from '../wanted-snapshots.js';

interface Options extends EngineOptions {
  seed?: number;
  threads?: number;
  folds?: number;
  config?: string;
  source?: 'duckdb' | 'trino';
  lakehouse?: string;
  asOf?: string;
  snapshot?: string[];
  out?: string;
  runKey?: string;
  hold?: boolean;
  policy?: string;
  requirePromotion?: boolean;
  json?: boolean;
}

/** What is trained, in this order. */
const trainings = [campaignTraining, forecastTraining] as const;

/** `kol train success` */
export function trainSuccessCommand(session: CliSession): Command {
  const command = new Command('success')
    .description(
      'train the champions of success from the silver tables: campaigns (and score all KOLs into kol_gold.kol_scores), views, engagement and orders (and forecast them into kol_gold.kol_forecasts)',
    )
    .addOption(common.source())
    .addOption(common.lakehouse())
    .addOption(common.seed())
    .addOption(common.threads())
    .addOption(common.folds())
    .addOption(common.asOf())
    .addOption(common.snapshot())
    .addOption(common.config())
    .option('--out <folder>', 'write every release into a folder of its name here too')
    .addOption(common.runKey())
    .addOption(common.hold())
    .addOption(common.policy())
    .addOption(common.requirePromotion())
    .addOption(common.json())
    .addHelpText('after', '\nExample:\n  kol train success --seed 7 --out releases')
    .action(async (options: Options) => {
      const { seed, folds, asOf } = options;
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      const snapshots = await wantedSnapshots(options.snapshot, session);
      const config = await readConfig(successConfig, options.config, {
        seed,
        folds,
        asOf,
        snapshots,
        gate: await readPolicy(options.policy),
      });
      await answerOnce(session, 'train-success', options, async () => {
        const done: { readonly folder: string; readonly outcome: SuccessOutcome }[] = [];
        await withLakehouse(session, options, ({ source, target }) =>
          session.withPool(options.threads ?? session.environment.threads, async (pool) => {
            const boosters = boosterEngine(session, options, source);
            const context = {
              pool,
              ...(boosters && { boosters }),
              progress: session.progress,
              signal: session.signal,
            };
            for (const train of trainings) {
              for (const outcome of await train({
                config,
                session,
                source,
                target,
                context,
                keeping: options,
              })) {
                const folder = options.out && join(options.out, outcome.model);
                if (folder !== undefined) await writeRelease(folder, outcome.release);
                done.push({ folder: folder ?? keptFolder(session.runs, outcome.runId), outcome });
              }
            }
          }),
        );
        return {
          json: json(done),
          summary: done.map(({ folder, outcome }) => outcome.summary(folder)).join('\n\n'),
          verdicts: done.map(({ outcome: { model, version, gate } }) => ({ model, version, gate })),
        };
      });
    });
  for (const option of engineOptions()) command.addOption(option);
  return command;
}

function json(done: readonly { readonly folder: string; readonly outcome: SuccessOutcome }[]): string {
  const rows = done.map(({ folder, outcome }) => {
    const { model, version, runId, gate, parity, assessments, written } = outcome;
    return { model, version, runId, folder, gate, parity, assessments, written };
  });
  return JSON.stringify(rows, null, 2);
}
