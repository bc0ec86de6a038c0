import { Command } from 'commander';
import { join } from 'node:path';
import { answerOnce } from '../answer-once.js';
import { boosterEngine, engineOptions, type EngineOptions } from '../booster-engine.js';
import { readConfig, readPolicy } from '../config-file.js';
import { withLakehouse } from '../lakehouse.js';
import { lakehouseTraining, type LakehouseTrainingOptions } from '../lakehouse-training.js';
import { checkReleaseFolder, keptFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { checkTuned } from '../../release/config-parts.js';
import { campaignTuning } from '../../success/campaign/tuning.js';
import { campaignSettings, successConfig } from '../../success/config.js';
import { campaignTraining, forecastTraining, type SuccessOutcome } from '../success-trainings.js';
import { tunedAsAsked } from '../tuned-config.js';
import { wantedSnapshots } from '../wanted-snapshots.js';

type Options = LakehouseTrainingOptions & EngineOptions;

/** What is trained, in this order. */
const trainings = [campaignTraining, forecastTraining] as const;

/** `kol train success` */
export function trainSuccessCommand(session: CliSession): Command {
  const command = lakehouseTraining(new Command('success'), {
    out: 'write every release into a folder of its name here too',
  })
    .description(
      'train the champions of success from the silver tables: campaigns (and score all KOLs into kol_gold.kol_scores), views, engagement and orders (and forecast them into kol_gold.kol_forecasts)',
    )
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
      checkTuned(config);
      await answerOnce(session, 'train-success', options, async () => {
        const done: { readonly folder: string; readonly outcome: SuccessOutcome }[] = [];
        await withLakehouse(session, options, ({ source, target }) =>
          session.withPool(options.threads ?? session.environment.threads, async (pool) => {
            const boosters = boosterEngine(session, options, source);
            const local = { pool, progress: session.progress, signal: session.signal };
            const final = await tunedAsAsked(
              config,
              options,
              () => campaignTuning(campaignSettings(config), source, session),
              session,
              local,
            );
            const context = { ...local, ...(boosters && { boosters }) };
            for (const train of trainings) {
              for (const outcome of await train({
                config: final,
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
