import { Command } from 'commander';
import { createRng } from '../../core/rng.js';
import { localModelStore } from '../../release/model-store.js';
import { sentimentConfig } from '../../sentiment/config.js';
import { trainSentiment, type SentimentTraining } from '../../sentiment/pipeline.js';
import { measureTraining } from '../answer-once.js';
import { championJson, releaseInWords } from '../champion-answer.js';
import { readConfig } from '../config-file.js';
import { withLakehouse } from '../lakehouse.js';
import { sendTraining } from '../mlflow-sync.js';
import { common } from '../option-types.js';
import { gateInWords, promotionInWords, requirePromotion } from '../promotion.js';
import { checkReleaseFolder, keptFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { metricsTable, notes, wrap } from '../summary.js';
import { wantedSnapshots } from '../wanted-snapshots.js';

interface Options {
  seed?: number;
  threads?: number;
  folds?: number;
  config?: string;
  source?: 'duckdb' | 'trino';
  lakehouse?: string;
  snapshot?: string[];
  out?: string;
  requirePromotion?: boolean;
  json?: boolean;
}

/** `kol train sentiment` */
export function trainSentimentCommand(session: CliSession): Command {
  return new Command('sentiment')
    .description('train the sentiment champion from kol_gold.ml_text_sentiment')
    .addOption(common.source())
    .addOption(common.lakehouse())
    .addOption(common.seed())
    .addOption(common.threads())
    .addOption(common.folds())
    .addOption(common.snapshot())
    .addOption(common.config())
    .option('--out <folder>', 'write the release here too')
    .addOption(common.requirePromotion())
    .addOption(common.json())
    .addHelpText('after', '\nExample:\n  kol train sentiment --seed 7 --out release')
    .action(async (options: Options) => {
      const { seed, folds } = options;
      const snapshots = await wantedSnapshots(options.snapshot, session);
      const config = await readConfig(sentimentConfig, options.config, { seed, folds, snapshots });
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      await withLakehouse(session, options, async ({ source }) => {
        const { training } = await measureTraining(session, async () => {
          const training = await session.withPool(options.threads ?? session.environment.threads, (pool) =>
            trainSentiment(config, source, localModelStore(session.runs, session.models), {
              pool,
              rng: createRng(config.seed),
              progress: session.progress,
              signal: session.signal,
            }),
          );
          return { training, verdicts: [{ model: config.model, ...training }] };
        });
        if (options.out !== undefined) await writeRelease(options.out, training.release);
        const folder = options.out ?? keptFolder(session.runs, training.runId);
        session.print(
          options.json ? championJson(training, folder) : summary(config.model, training, folder),
        );
        await sendTraining(session);
        if (options.requirePromotion) requirePromotion([{ model: config.model, ...training }]);
      });
    });
}

function summary(name: string, training: SentimentTraining, folder: string): string {
  const { release, assessments, gate, version } = training;
  const { card } = release;
  return [
    promotionInWords({ model: name, version, gate }),
    '',
    `The champion is fitted on all ${card.lineage.rows} texts.`,
    'What it is worth was measured before, on texts held out:',
    '',
    metricsTable(assessments),
    ...(training.spam === undefined ? [] : ['', metricsTable([training.spam])]),
    '',
    notes(assessments),
    wrap('Intervals are 95 %, over texts; they know nothing of changes to come.'),
    '',
    gateInWords(gate),
    '',
    ...releaseInWords(name, training, folder, 'texts.csv'),
  ].join('\n');
}
