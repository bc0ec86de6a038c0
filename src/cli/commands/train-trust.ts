import { Command } from 'commander';
import { createRng } from '../../core/rng.js';
import { localModelStore } from '../../release/model-store.js';
import { trustConfig } from '../../trust/config.js';
import { trainTrust, type TrustTraining } from '../../trust/pipeline.js';
import { readConfig, readPolicy } from '../config-file.js';
import { withLakehouse } from '../lakehouse.js';
import { sendTraining } from '../mlflow-sync.js';
import { common } from '../option-types.js';
import { promotionInWords, requirePromotion } from '../promotion.js';
import { checkReleaseFolder, keptFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { comparisonTable, metricsTable, notes, wrap } from '../summary.js';
import { wantedSnapshots } from '../wanted-snapshots.js';

interface Options {
  seed?: number;
  threads?: number;
  folds?: number;
  config?: string;
  source?: 'duckdb' | 'trino';
  lakehouse?: string;
  asOf?: string;
  snapshot?: string[];
  out?: string;
  policy?: string;
  requirePromotion?: boolean;
  json?: boolean;
}

/** `kol train trust` */
export function trainTrustCommand(session: CliSession): Command {
  return new Command('trust')
    .description('train the trust champion from kol_gold.ml_trust_training')
    .addOption(common.source())
    .addOption(common.lakehouse())
    .addOption(common.seed())
    .addOption(common.threads())
    .addOption(common.folds())
    .addOption(common.asOf())
    .addOption(common.snapshot())
    .addOption(common.config())
    .option('--out <folder>', 'write the release here too')
    .addOption(common.policy())
    .addOption(common.requirePromotion())
    .addOption(common.json())
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
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      await withLakehouse(session, options, async ({ source }) => {
        const training = await session.withPool(options.threads ?? session.environment.threads, (pool) =>
          trainTrust(config, source, localModelStore(session.runs, session.models), {
            pool,
            rng: createRng(config.seed),
            progress: session.progress,
            signal: session.signal,
          }),
        );
        if (options.out !== undefined) await writeRelease(options.out, training.release);
        const folder = options.out ?? keptFolder(session.runs, training.runId);
        session.print(options.json ? json(training, folder) : summary(config.model, training, folder));
        await sendTraining(session);
        if (options.requirePromotion) requirePromotion([{ model: config.model, ...training }]);
      });
    });
}

function json({ release, gate, version, runId }: TrustTraining, folder: string): string {
  const { card, parity } = release;
  return JSON.stringify(
    { model: card.name, version, runId, folder, gate, parity, assessments: card.assessments },
    null,
    2,
  );
}

function summary(name: string, training: TrustTraining, folder: string): string {
  const { release, assessments, gate, version } = training;
  const { card, parity } = release;
  const promoted = gate.decision === 'promote';
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
    ...release.conclusions.map((sentence) => wrap(sentence, 78, '')),
    '',
    `The ONNX graph agrees with the model on ${parity.nRows} rows within ${parity.maxAbsDifference.toExponential(1)}.`,
    `Files:  ${folder}`,
    `Report: ${folder}/report.html`,
    'Score:',
    `  npx kol score --model models:/${name}${promoted ? '@champion' : `/${version}`} \\`,
    '    --input accounts.csv --output scores.csv',
  ].join('\n');
}
