import { Command } from 'commander';
import { createRng } from '../../core/rng.js';
import { checkTuned } from '../../release/config-parts.js';
import { localModelStore } from '../../release/model-store.js';
import { trustConfig } from '../../trust/config.js';
import { trainTrust, type TrustTraining } from '../../trust/pipeline.js';
import { trustTuning } from '../../trust/tuning.js';
import { championJson, releaseInWords } from '../champion-answer.js';
import { readConfig, readPolicy } from '../config-file.js';
import { withLakehouse } from '../lakehouse.js';
import { lakehouseTraining, type LakehouseTrainingOptions } from '../lakehouse-training.js';
import { answerOnce } from '../answer-once.js';
import { boosterEngine, engineOptions, type EngineOptions } from '../booster-engine.js';
import { gateInWords, promotionInWords } from '../promotion.js';
import { checkReleaseFolder, keptFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { comparisonTable, metricsTable, notes, wrap } from '../summary.js';
import { tunedAsAsked } from '../tuned-config.js';
import { wantedSnapshots } from '../wanted-snapshots.js';

type Options = LakehouseTrainingOptions & EngineOptions;

/** `kol train trust` */
export function trainTrustCommand(session: CliSession): Command {
  const command = lakehouseTraining(new Command('trust'), { out: 'write the release here too' })
    .description('train the trust champion from kol_gold.ml_trust_training')
    .addHelpText('after', '\nExample:\n  kol train trust --seed 7 --out release')
    .action(async (options: Options) => {
      const { seed, folds, asOf } = options;
      const snapshots = await wantedSnapshots(options.snapshot, session);
      const config = await readConfig(trustConfig, options.config, {
        seed,
        folds,
        asOf,
        snapshots,
        gate: await readPolicy(options.policy),
      });
      checkTuned(config);
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      const store = localModelStore(session.runs, session.models, options);
      await answerOnce(session, 'train-trust', options, () =>
        withLakehouse(session, options, async ({ source }) => {
          const boosters = boosterEngine(session, options, source);
          const training = await session.withPool(
            options.threads ?? session.environment.threads,
            async (pool) => {
              const context = { pool, progress: session.progress, signal: session.signal };
              const final = await tunedAsAsked(
                config,
                options,
                () => trustTuning(config, source, session),
                session,
                context,
              );
              return trainTrust(final, source, store, {
                ...context,
                ...(boosters && { boosters }),
                rng: createRng(config.seed),
              });
            },
          );
          if (options.out !== undefined) await writeRelease(options.out, training.release);
          const folder = options.out ?? keptFolder(session.runs, training.runId);
          const { version, gate } = training;
          return {
            json: championJson(training, folder),
            summary: summary(config.model, training, folder),
            verdicts: [{ model: config.model, version, gate }],
          };
        }),
      );
    });
  for (const option of engineOptions()) command.addOption(option);
  return command;
}

function summary(name: string, training: TrustTraining, folder: string): string {
  const { release, assessments, gate, version } = training;
  const { card } = release;
  return [
    promotionInWords({ model: name, version, gate }),
    '',
    `The champion is fitted on all ${card.lineage.rows} accounts, ${card.features.length} features.`,
    'What it is worth was measured before, on accounts held out:',
    '',
    metricsTable(assessments),
    '',
    notes(assessments),
    wrap('Intervals are 95 %, over accounts; they know nothing of changes to come.'),
    ...(gate.comparisons.length > 0
      ? [
          '',
          `Against the former champion, on ${gate.nRows} accounts held out from both:`,
          comparisonTable(gate.comparisons),
        ]
      : []),
    '',
    gateInWords(gate),
    '',
    ...releaseInWords(name, training, folder, 'accounts.csv'),
  ].join('\n');
}
