import { Command, Option } from 'commander';
import { basename } from 'node:path';
import { createRng } from '../../core/rng.js';
import type { Table } from '../../core/table.js';
import { openDataFile, readWhole } from '../../sources/data-file.js';
import { fileHash } from '../../sources/file-hash.js';
import { tableConfig } from '../../tabular/config.js';
import { trainTable, type TableTraining } from '../../tabular/pipeline.js';
import { GateError } from '../../core/errors.js';
import { readConfig, readPolicy } from '../config-file.js';
import { common, list, wholeNumber } from '../option-types.js';
import { checkReleaseFolder, writeRelease } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { metricsTable, notes, wrap } from '../summary.js';

interface Options {
  input: string;
  target?: string;
  task?: string;
  positive?: string;
  weight?: string;
  group?: string;
  time?: string;
  text?: string[];
  categorical?: string[];
  drop?: string[];
  out?: string;
  seed?: number;
  threads?: number;
  folds?: number;
  config?: string;
  policy?: string;
  requirePromotion?: boolean;
  skipBadRows?: string;
  json?: boolean;
}

/** `kol train table` */
export function trainTableCommand(session: CliSession): Command {
  return new Command('table')
    .description('train a champion from any CSV or Parquet file')
    .requiredOption('--input <file>', 'CSV or Parquet file with a header')
    .option('--target <column>', 'the column to predict')
    .addOption(new Option('--task <task>', 'what to predict').choices(['binary', 'multiclass', 'regression']))
    .option(
      '--positive <label>',
      'the class whose probability is asked for (default: the one that sorts last)',
    )
    .option('--weight <column>', 'sample weights')
    .option('--group <column>', 'rows of one group are never on both sides of a split')
    .option('--time <column>', 'also hold out the newest rows by this column')
    .option('--text <columns>', 'text columns to read word by word', list)
    .option('--categorical <columns>', 'columns to read as categories whatever they hold', list)
    .option('--drop <columns>', 'columns to leave out, ids for example', list)
    .option('--out <folder>', 'where model.onnx, model.json and report.html go (default: release)')
    .addOption(common.seed())
    .addOption(common.threads())
    .option('--folds <n>', 'folds of stack and calibrator', wholeNumber(2, 20))
    .addOption(common.config())
    .addOption(common.policy())
    .addOption(common.requirePromotion())
    .addOption(common.skipBadRows())
    .addOption(common.json())
    .addHelpText(
      'after',
      '\nExample:\n  kol train table --input credit.csv --target default --drop ID --out release',
    )
    .action(async (options: Options) => {
      const { input, target, task, positive, weight, group, time, text, seed, folds, out } = options;
      const named = {
        target,
        task,
        positive,
        weight,
        group,
        time,
        text,
        seed,
        folds,
        out,
        gate: await readPolicy(options.policy),
      };
      const config = await readConfig(tableConfig, options.config, named, {
        name: basename(input).replace(/\.\w+$/, ''),
      });
      await checkReleaseFolder(config.out);
      const table = await readTable(session, options, config);
      const origin = {
        path: basename(input),
        sha256: await fileHash(input),
        options: [
          ['--categorical', options.categorical?.join(',')],
          ['--drop', options.drop?.join(',')],
        ] as const,
      };
      const training = await session.withPool(options.threads ?? session.environment.threads, (pool) =>
        trainTable(config, table, origin, {
          pool,
          rng: createRng(config.seed),
          progress: session.progress,
          signal: session.signal,
        }),
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

async function readTable(
  session: CliSession,
  options: Options,
  config: {
    target: string;
    weight?: string | undefined;
    group?: string | undefined;
    time?: string | undefined;
    text: readonly string[];
  },
): Promise<Table> {
  const named = [config.target, config.weight, config.group, config.time].filter(
    (name) => name !== undefined,
  );
  const file = await openDataFile(options.input, {
    required: [...named, ...config.text],
    textColumns: [...config.text, ...(options.categorical ?? [])],
    ...(options.drop && { drop: options.drop }),
    ...(options.skipBadRows !== undefined && { skipBadRows: options.skipBadRows }),
    signal: session.signal,
  });
  const table = await readWhole(file, session.signal);
  if (file.rejected > 0)
    session.progress.note(`${file.rejected} bad rows were set aside in ${options.skipBadRows}`);
  return table;
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
