import { assess, type Assessment } from '../champion/assess.js';
import { chooseRounds } from '../champion/choose-rounds.js';
import { refitChampion, type ChampionSpec, type FitContext } from '../champion/fit.js';
import type { ChampionModel } from '../champion/model.js';
import { tableDigest } from '../core/table-digest.js';
import { Table } from '../core/table.js';
import { outputColumns } from '../onnx/outputs.js';
import { buildRelease, type Release } from '../release/build-release.js';
import { judgeTraining } from '../release/judge.js';
import type { RowTimes } from '../release/report-figures.js';
import { commandLine, type CommandPart } from '../release/reproduce.js';
import type { OutputColumn, UseInWords } from '../release/card.js';
import { tablePartings } from './partings.js';
import type { ColumnPlan } from './columns.js';
import type { TableConfig } from './config.js';
import { tableRows } from './rows.js';

/** What a training on any table did. */
export interface TableTraining {
  readonly release: Release;
  readonly assessments: readonly Assessment[];
  readonly plan: ColumnPlan;
}

/**
 * Any labelled table → features and encoders → rounds → base models out of fold → stack → calibration → judged on
 * held-out rows, at random and by time where a time is named → refitted on all rows → one ONNX graph.
 *
 * @param table all rows, target included
 * @param origin what to call the file in messages, what pins its content, and how it was read beside the config
 */
export async function trainTable(
  config: TableConfig,
  table: Table,
  origin: { readonly path: string; readonly sha256: string; readonly options?: readonly CommandPart[] },
  context: FitContext,
): Promise<TableTraining> {
  const rows = tableRows(config, table, origin.path);
  const { plan, data, spec, splits } = rows;
  const { keys, y } = data;
  for (const { name, reason } of plan.leftOut) context.progress.note(`column ${name} is left out: ${reason}`);
  const assessments: Assessment[] = [];
  const tuned: ChampionSpec[] = [];
  for (const { split, title, note, time } of splits) {
    const dated = time === undefined ? data : { ...data, time };
    tuned.push(await chooseRounds(dated, spec, split.train, context, title));
    assessments.push(await assess(dated, tuned[tuned.length - 1], split, { title, note }, context));
  }
  const all = Uint32Array.from(y.keys());
  // Who names a time means to go on from there: the model is then the one chosen forward in time.
  const chosen = assessments.length - 1;
  const model = await refitChampion(
    data,
    tuned[chosen],
    all,
    assessments[chosen].fitted.model,
    context,
    'champion on all rows',
  );
  const lineage = {
    sources: [{ name: origin.path, id: origin.sha256, rows: table.nRows }],
    rows: table.nRows,
    digest: tableDigest(table),
  };
  const release = await buildRelease({
    model,
    plan: tablePlan,
    facts: {
      name: config.name,
      outputs: tableOutputs(model),
      primaryOutputs: outputColumns(model, tablePlan).map(({ name: output }) => output),
      idColumns: plan.leftOut.filter(({ reason }) => reason === 'names the row').map(({ name }) => name),
      seed: config.seed,
      lineage,
    },
    assessments,
    chosen,
    table,
    y,
    keys,
    judge: judgeTraining({
      policy: config.gate,
      name: config.name,
      assessments,
      table,
      y,
      keys,
      time: splits.at(-1)?.time,
      lineage,
      seed: config.seed,
      // Nothing is registered under a file's name, so there is no champion to beat.
      champion: undefined,
      looks: undefined,
      rng: context.rng.split('gate'),
    }),
    words: {
      conclusions: [],
      usage: [`kol score --model ${config.out}/model.onnx --input rows.csv --output scores.csv`],
      use: tableUse(config, origin.path),
    },
    command: commandLine([
      'kol train table',
      ['--input', origin.path],
      ...tableOptions(config),
      ...(origin.options ?? []),
    ]),
    partings: tablePartings(table, plan.categorical),
    ...(config.time !== undefined && { time: rowTimes(table, config.time, splits.at(-1)!.time!) }),
    rng: context.rng.split('release'),
  });
  return { release, assessments, plan };
}

const tablePlan = {
  probabilities: [{ name: 'probability', of: 'positive', scale: 1 }],
  baseScores: false,
} as const;

function tableOutputs(model: ChampionModel): OutputColumn[] {
  const positive = model.classes.at(-1);
  return outputColumns(model, tablePlan).map((output) => {
    switch (output.kind) {
      case 'probability':
        return { name: output.name, description: `probability that the row is ${positive}, 0 to 1` };
      case 'class-probability':
        return {
          name: output.name,
          description: `probability that the row is ${model.classes[output.class]}, 0 to 1`,
        };
      case 'prediction':
      case 'class-mean':
      case 'decision':
      case 'base-score':
        return { name: output.name, description: 'predicted value, in the unit of the target' };
    }
  });
}

/** The options that a config stands for. */
function tableOptions({
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
}: TableConfig): CommandPart[] {
  return [
    ['--target', target],
    ['--task', task],
    ['--positive', positive],
    ['--weight', weight],
    ['--group', group],
    ['--time', time],
    ['--text', text.length === 0 ? undefined : text.join(',')],
    ['--seed', seed],
    ['--folds', folds],
    ['--out', out],
  ];
}

function tableUse({ target }: TableConfig, path: string): UseInWords {
  return {
    intended: [`Tells ${target} of rows like those of ${path}, from the same columns.`],
    limits: [
      'Rows unlike the training rows are guessed: compare them by kol drift before relying on the answers.',
      'It tells what goes together, not what causes what.',
      'Whether it may be used on people, and for what, is for those to say who know the columns and how the target came about.',
    ],
  };
}

function rowTimes(table: Table, column: string, values: Float64Array): RowTimes {
  const isMoment = Table.column(table, column).type === 'timestamp';
  return {
    by: column,
    values,
    format: (time) => (isMoment ? new Date(time).toISOString().slice(0, 10) : String(time)),
  };
}
