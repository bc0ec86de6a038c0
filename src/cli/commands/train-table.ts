import { Command } from 'commander';
import { basename } from 'node:path';
import { createRng } from '../../core/rng.js';
import { checkTuned } from '../../release/config-parts.js';
import { fileHash } from '../../sources/file-hash.js';
import { tableConfig } from '../../tabular/config.js';
import { trainTable, type TableTraining } from '../../tabular/pipeline.js';
import { tableTuning } from '../../tabular/tuning.js';
import { GateError } from '../../core/errors.js';
import { readConfig, readPolicy } from '../config-file.js';
import { common } from '../option-types.js';
import { checkReleaseFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { metricsTable, notes, wrap } from '../summary.js';
import { readTrainingTable, tableOptions, tableSettings, type TableOptions } from '../table-training.js';
import { tunedAsAsked } from '../tuned-config.js';

interface Options extends TableOptions {
  out?: string;
  seed?: number;
  threads?: number;
  folds?: number;
  config?: string;
  policy?: string;
  requirePromotion?: boolean;
  tune?: number;
  json?: boolean;
}

/** `kol train table` */
export function trainTableCommand(session: CliSession): Command {
  return tableOptions(new Command('table'), '--time <column>')
    .description('train a champion from any CSV or Parquet file')
    .option('--out <folder>', 'where model.onnx, model.json and report.html go (default: release)')
    .addOption(common.seed())
    .addOption(common.threads())
    .addOption(common.folds())
    .addOption(common.config())
    .addOption(common.policy())
    .addOption(common.requirePromotion())
    .addOption(common.skipBadRows())
    .addOption(common.tune())
    .addOption(common.json())
    .addHelpText(
      'after',
      '\nExample:\n  kol train table --input credit.csv --target default --drop ID --out release',
    )
    .action(async (options: Options) => {
      const { input, seed, folds, out } = options;
      const named = { ...tableSettings(options), seed, folds, out, gate: await readPolicy(options.policy) };
      const config = await readConfig(tableConfig, options.config, named, {
        name: basename(input).replace(/\.\w+$/, ''),
      });
      checkTuned(config);
      await checkReleaseFolder(config.out);
      const table = await readTrainingTable(session, options, config);
      const origin = {
        path: basename(input),
        sha256: await fileHash(input),
        options: [
          ['--categorical', options.categorical?.join(',')],
          ['--drop', options.drop?.join(',')],
        ] as const,
      };
      const training = await session.withPool(
        options.threads ?? session.environment.threads,
        async (pool) => {
          const context = { pool, progress: session.progress, signal: session.signal };
          const final = await tunedAsAsked(
            config,
            options,
            () => tableTuning(config, table, origin.path),
            session,
            context,
          );
          return trainTable(final, table, origin, { ...context, rng: createRng(config.seed) });
        },
      );
      await writeRelease(config.out, training.release);
      session.print(
        options.json ? JSON.stringify(training.release.card, null, 2) : summary(training, config.out),
      );
      const { decision, reason } = training.release.gate;
      if (options.requirePromotion && decision !== 'promote')
        throw new GateError(`${config.name} is not fit to be released (${decision}): ${reason}`);
    });
}

function summary({ release, assessments, plan }: TableTraining, out: string): string {
  const { card, parity, gate } = release;
  const classes = card.classes.length > 0 ? ` (${card.classes.join(', ')})` : '';
  return [
    `${card.name}: ${card.task}${classes}, ${card.lineage.rows} rows, ${plan.inputs.length} columns`,
    '',
    metricsTable(assessments),
    notes(assessments),
    '',
    wrap('Intervals are 95 %, over rows. The released model was then fitted on all rows.'),
    '',
    wrap(`Gate: ${gate.decision}: ${gate.reason}.`, 78, ''),
    `The ONNX graph agrees with the model on ${parity.nRows} rows within ${parity.maxAbsDifference.toExponential(1)}.`,
    `Files:  ${out}/model.onnx, model.json, report.html`,
    'Score:',
    `  npx kol score --model ${out}/model.onnx \\`,
    '    --input rows.csv --output scores.csv',
  ].join('\n');
}
