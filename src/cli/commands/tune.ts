import { Command } from 'commander';
import { basename } from 'node:path';
import type { z } from 'zod';
import { createRng } from '../../core/rng.js';
import {
  assessTuned,
  type TunedAssessment,
  type Tuning,
  type TuningTask,
} from '../../release/tune-champion.js';
import { commandLine } from '../../release/reproduce.js';
import { writeFileAtomically } from '../../registry/atomic-file.js';
import { campaignTuning } from '../../success/campaign/tuning.js';
import { campaignSettings, successConfig } from '../../success/config.js';
import { tableConfig } from '../../tabular/config.js';
import { tableTuning } from '../../tabular/tuning.js';
import { trustConfig } from '../../trust/config.js';
import { trustTuning } from '../../trust/tuning.js';
import { meanLoss } from '../../tuning/observation.js';
import { readConfig } from '../config-file.js';
import { withLakehouse, type LakehouseOptions } from '../lakehouse.js';
import { common, duration, positiveNumber, wholeNumber } from '../option-types.js';
import type { CliSession } from '../session.js';
import { comparisonTable, metricsTable, notes, wrap } from '../summary.js';
import { readTrainingTable, tableOptions, tableSettings, type TableOptions } from '../table-training.js';
import { configYaml, tunedConfig, type SearchOptions, type TunableConfig } from '../tuned-config.js';
import { wantedSnapshots } from '../wanted-snapshots.js';

interface Options extends SearchOptions {
  seed?: number;
  threads?: number;
  folds?: number;
  config?: string;
  out?: string;
  json?: boolean;
}

interface LakehouseTuningOptions extends Options, LakehouseOptions {
  asOf?: string;
  snapshot?: string[];
}

/** `kol tune` */
export function tuneCommand(session: CliSession): Command {
  return new Command('tune')
    .description('search the parameters of the boosters, and which of them a champion should have')
    .addCommand(lakehouseTuning(session, 'trust', trustConfig, trustTuning))
    .addCommand(
      lakehouseTuning(session, 'success', successConfig, (config, source, context) =>
        campaignTuning(campaignSettings(config), source, context),
      ),
    )
    .addCommand(tableTuningCommand(session))
    .addHelpText(
      'after',
      `
Examples:
  kol tune trust --time 30m --out tuned.yaml
  kol train trust --config tuned.yaml
  kol tune table --input credit.csv --target default --trials 40`,
    );
}

function searchOptions(command: Command): Command {
  return command
    .option(
      '--trials <n>',
      'end after so many trials, finished ones of earlier calls included',
      wholeNumber(1, 100_000),
    )
    .option(
      '--time <time>',
      'begin no further trial after so long, such as 30m (default: 10m, or no limit with --trials)',
      duration,
    )
    .option('--max-latency <ms>', 'milliseconds that a row may take in the ONNX graph', positiveNumber)
    .option('--max-size <MB>', 'megabytes that the ONNX graph may have', positiveNumber)
    .addOption(common.threads())
    .option('--out <file>', 'write the configuration here instead of printing it')
    .addOption(common.json());
}

function lakehouseTuning<Schema extends z.ZodObject>(
  session: CliSession,
  name: 'trust' | 'success',
  schema: Schema,
  taskOf: (
    config: z.infer<Schema>,
    source: Parameters<typeof trustTuning>[1],
    context: { readonly signal: AbortSignal },
  ) => Promise<TuningTask>,
): Command {
  const command = new Command(name)
    .description(`search the boosters of ${name === 'trust' ? 'trust' : 'campaign success'}`)
    .addOption(common.source())
    .addOption(common.lakehouse())
    .addOption(common.seed())
    .addOption(common.folds())
    .addOption(common.asOf())
    .addOption(common.snapshot())
    .addOption(common.config());
  return searchOptions(command)
    .addHelpText('after', `\nExample:\n  kol tune ${name} --time 30m --out tuned.yaml`)
    .action(async (options: LakehouseTuningOptions) => {
      const { seed, folds, asOf } = options;
      const snapshots = await wantedSnapshots(options.snapshot, session);
      const config = await readConfig(schema, options.config, { seed, folds, asOf, snapshots });
      const task = await withLakehouse(session, options, ({ source }) => taskOf(config, source, session));
      await tune(session, options, `train ${name}`, schema, config, task);
    });
}

function tableTuningCommand(session: CliSession): Command {
  const command = tableOptions(new Command('table'))
    .description('search the boosters of a champion from any CSV or Parquet file')
    .addOption(common.seed())
    .addOption(common.folds())
    .addOption(common.config())
    .addOption(common.skipBadRows());
  return searchOptions(command)
    .addHelpText(
      'after',
      '\nExample:\n  kol tune table --input credit.csv --target default --drop ID --trials 40',
    )
    .action(async (options: TableOptions & Options) => {
      const { seed, folds } = options;
      const config = await readConfig(
        tableConfig,
        options.config,
        { ...tableSettings(options), seed, folds },
        { name: basename(options.input).replace(/\.\w+$/, '') },
      );
      const table = await readTrainingTable(session, options, config);
      const task = tableTuning(config, table, basename(options.input));
      const training = commandLine([
        'train table',
        ['--input', options.input],
        ['--categorical', options.categorical?.join(',')],
        ['--drop', options.drop?.join(',')],
        ['--skip-bad-rows', options.skipBadRows],
      ]);
      await tune(session, options, training, tableConfig, config, task);
    });
}

async function tune(
  session: CliSession,
  options: Options,
  training: string,
  schema: z.ZodObject,
  given: Readonly<Record<string, unknown>>,
  task: TuningTask,
): Promise<void> {
  const { progress, signal } = session;
  const config = given as Readonly<Record<string, unknown>> & TunableConfig;
  await session.withPool(options.threads ?? session.environment.threads, async (pool) => {
    const context = { pool, progress, signal };
    const found = await tunedConfig(config, task, options, session, context);
    const assessed = await assessTuned(task, found.tuning, { ...context, rng: createRng(config.seed) });
    const yaml = configYaml(schema, found.config, [
      `kol ${training} --config ${options.out ?? 'tuned.yaml'}`,
      `Boosters found by kol tune in ${found.tuning.trials.length} trials (study ${found.tuning.study}).`,
      'Seed and hold-out are part of it: rows that they hold out were not seen by the search.',
    ]);
    if (options.out !== undefined) await writeFileAtomically(options.out, yaml);
    if (options.json) {
      session.print(JSON.stringify(outcome(found.tuning, found.config, assessed), null, 2));
      return;
    }
    const words = summary(found.tuning, assessed);
    // The configuration is the result: it alone goes to stdout, unless a file has it.
    if (options.out === undefined) {
      progress.note(words);
      session.print(yaml);
    } else
      session.print(
        `${words}\n\nConfiguration: ${options.out}\n  npx kol ${training} --config ${options.out}`,
      );
  });
}

function outcome(tuning: Tuning, config: unknown, assessed: readonly TunedAssessment[]): unknown {
  const { study, ended, resumed, loss, trials, best } = tuning;
  return {
    ...{ study, ended, resumed, loss, config },
    trials: trials.map(({ margins: _, ...trial }) => ({ ...trial, loss: meanLoss(trial) })),
    best: best.map(({ number }) => number),
    assessments: assessed.map(({ tuned, before, comparisons }) => ({
      title: tuned.title,
      rows: tuned.rows.length,
      tuned: tuned.evaluation.metrics,
      before: before.evaluation.metrics,
      comparisons,
    })),
  };
}

function summary(tuning: Tuning, assessed: readonly TunedAssessment[]): string {
  const { trials, ended, resumed, best, choice } = tuning;
  const nFolds = Math.max(...trials.map(({ losses }) => losses.length));
  const stopped = trials.filter(({ losses }) => losses.length < nFolds).length;
  const tried = best.map(({ base }) => base);
  const kept = tried.filter((base) => choice[base] !== false);
  const untried = Object.keys(choice).filter((name) => !tried.includes(name));
  return [
    wrap(
      `${trials.length} trials${resumed > 0 ? ` (${resumed} of earlier calls)` : ''}, ${stopped} of them stopped after their first folds; ended by ${ended}.`,
      78,
      '',
    ),
    ...best.map(
      (trial) => `  ${trial.base.padEnd(14)} loss ${meanLoss(trial).toFixed(5)}  trial ${trial.number}`,
    ),
    wrap(`Kept: ${kept.join(', ')}; their mean has loss ${tuning.loss.toFixed(5)} out of fold.`, 78, ''),
    ...(untried.length > 0 ? [wrap(`Not tried yet: ${untried.join(', ')}.`, 78, '')] : []),
    '',
    'On held-out rows that the search never saw:',
    ...assessed.flatMap(({ tuned, before, comparisons }) => [
      '',
      comparisons.length > 0
        ? `${tuned.title}\n${comparisonTable(comparisons, 'before')}`
        : metricsTable([tuned, { ...before, title: 'before' }]),
    ]),
    '',
    notes(assessed.map(({ tuned }) => tuned)),
    wrap('Intervals are 95 %, over rows; losses above were searched over, so they flatter.'),
  ].join('\n');
}
