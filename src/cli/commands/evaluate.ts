import { Command } from 'commander';
import { join } from 'node:path';
import { ConfigError, DataError, GateError } from '../../core/errors.js';
import { createRng } from '../../core/rng.js';
import { Table, type ColumnType } from '../../core/table.js';
import type { Gate } from '../../evaluation/gate/gate.js';
import { compareBinary, type Comparison } from '../../evaluation/compare.js';
import {
  evaluateBinary,
  evaluateMulticlass,
  evaluateRegression,
  type Evaluation,
} from '../../evaluation/evaluate.js';
import { renderReport } from '../../evaluation/report-html.js';
import { openSession } from '../../onnx/session.js';
import { makeFolder, writeFileAtomically } from '../../registry/atomic-file.js';
import type { ServingCard } from '../../release/card.js';
import { chartRuntime } from '../../release/chart-runtime.js';
import { runBatches } from '../../release/run-batches.js';
import { judgeModels } from '../gate-models.js';
import { readPolicy } from '../gate-policy-file.js';
import { openModel, type ModelFile } from '../model-file.js';
import { common, list, wholeNumber } from '../option-types.js';
import { gateTable } from '../promotion.js';
import { checkReleaseFolder } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { comparisonTable, metricsTable, wrap } from '../summary.js';
import { openModelInput } from './score.js';

interface Options {
  model: string;
  input: string;
  target: string;
  against?: string;
  policy?: string;
  slice?: string[];
  out?: string;
  seed?: number;
  threads?: number;
  json?: boolean;
}

/** A model's answers on labelled rows. */
interface Judged {
  readonly file: ModelFile;
  /** The rows as they were read. */
  readonly table: Table;
  readonly card: ServingCard;
  /** `[nRows]` class index or value. */
  readonly y: Float64Array;
  /** The primary outputs, `[nOutputs][nRows]`. */
  readonly scores: readonly Float64Array[];
}

/** `kol evaluate` */
export function evaluateCommand(session: CliSession): Command {
  return new Command('evaluate')
    .description('judge a model on labelled rows, and against another model where one is named')
    .requiredOption('--model <model>', 'model.onnx, its folder, models:/name@champion or models:/name/3')
    .requiredOption('--input <file>', 'labelled CSV or Parquet file')
    .requiredOption('--target <column>', 'the column that holds the truth')
    .option(
      '--against <model>',
      'the champion to compare it with on the same rows, by the gate; exit code 4 where that says no',
    )
    .option('--policy <file>', 'YAML file with thresholds of the gate (docs/gate.md)')
    .option('--slice <columns>', 'columns whose values are slices that must not be harmed', list)
    .option('--out <folder>', 'write report.html and report.json here')
    .option('--seed <n>', 'seed of the intervals', wholeNumber(0, 4_294_967_295))
    .addOption(common.threads())
    .addOption(common.json())
    .action(async (options: Options) => {
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      const judged = await judge(options.model, options, session);
      checkClasses(judged, options);
      const rng = createRng(options.seed ?? 7);
      const evaluation = evaluationOf(judged, rng.split('evaluate'));
      const rival =
        options.against === undefined ? undefined : await judge(options.against, options, session);
      const comparisons = rival === undefined ? [] : compare(judged, rival, rng.split('compare'));
      const policy = await readPolicy(options.policy);
      const gate =
        rival && options.against !== undefined
          ? await judgeModels(
              { uri: options.model, ...judged, p: judged.scores[0] },
              { uri: options.against, ...rival, p: rival.scores[0] },
              evaluation,
              { y: judged.y, table: judged.table, slices: options.slice ?? [] },
              policy,
              session,
              rng.split('gate'),
            )
          : undefined;
      if (options.out !== undefined)
        await writeReport(options.out, options, judged.card, evaluation, comparisons, gate);
      session.print(
        options.json
          ? JSON.stringify(
              { model: options.model, rows: judged.y.length, evaluation, comparisons, gate },
              null,
              2,
            )
          : [
              `${judged.card.name} (${options.model})`,
              `on ${judged.y.length} rows of ${options.input}`,
              '',
              metricsTable([{ title: 'all rows', evaluation }]),
              ...(comparisons.length > 0
                ? ['', `Against ${options.against}:`, comparisonTable(comparisons, 'against')]
                : []),
              ...(gate === undefined
                ? []
                : ['', wrap(`Gate: ${gate.decision}: ${gate.reason}`, 78, ''), '', gateTable(gate)]),
            ].join('\n'),
      );
      if (gate !== undefined && gate.decision !== 'promote')
        throw new GateError(`${options.model} against ${options.against}: ${gate.decision}: ${gate.reason}`);
    });
}

async function judge(uri: string, options: Options, session: CliSession): Promise<Judged> {
  const model = await openModel(uri, session.models);
  const { onnx, card } = model;
  const type = card.task === 'regression' ? 'number' : 'string';
  const file = await openModelInput(
    options.input,
    card,
    { also: { ...sliceTypes(card, options.slice), [options.target]: type } },
    session.signal,
  );
  const graph = await openSession(onnx, { threads: options.threads ?? session.environment.threads });
  const targets: Float64Array[] = [];
  const outputs: Float64Array[][] = [];
  const batches: Table[] = [];
  let before = 0;
  try {
    for await (const batch of file.batches({ signal: session.signal })) {
      const scored = await runBatches(graph, card.inputs, batch);
      outputs.push(card.primaryOutputs.map((name) => Float64Array.from(scored[name])));
      targets.push(targetsOf(batch, card, options, before));
      batches.push(batch);
      before += batch.nRows;
    }
  } finally {
    await graph.close();
  }
  const y = concat(targets);
  if (y.length === 0) throw new DataError(`${options.input} has no rows to judge`);
  return {
    file: model,
    card,
    y,
    table: Table.concat(batches),
    scores: card.primaryOutputs.map((_, k) => concat(outputs.map((batch) => batch[k]))),
  };
}

/** Slices that are no inputs are read as text. */
function sliceTypes(card: ServingCard, slices: readonly string[] = []): Record<string, ColumnType> {
  const inputs = card.inputs.map(({ name }) => name);
  return Object.fromEntries(
    slices.filter((name) => !inputs.includes(name)).map((name) => [name, 'string' as const]),
  );
}

/** @param before rows of the file that earlier batches held */
function targetsOf(
  batch: Table,
  card: ServingCard,
  { input, target }: Options,
  before: number,
): Float64Array {
  const missing = (i: number): DataError =>
    new DataError(
      `${input}: row ${before + i + 1} has no value in target ${target}; fill it in or leave the row out`,
    );
  if (card.task === 'regression') {
    return Table.numbers(batch, target).map((value, i) => {
      if (Number.isNaN(value)) throw missing(i);
      if (!Number.isFinite(value)) {
        throw new DataError(
          `${input}: row ${before + i + 1}: target ${target} is ${value}, expected a finite number; correct the value`,
        );
      }
      return value;
    });
  }
  return Float64Array.from(Table.strings(batch, target), (text, i) => {
    if (text === null || text === '') throw missing(i);
    const index = classIndex(card, text);
    if (index < 0) {
      throw new DataError(
        `${input}: row ${before + i + 1}: target ${target} holds ${JSON.stringify(text)}, expected ${card.classes.join(' or ')}; correct the value or leave the row out`,
      );
    }
    return index;
  });
}

/** A class by its label; 0 and 1 stand for the two classes of a binary model. */
function classIndex(card: ServingCard, text: string): number {
  const byLabel = card.classes.indexOf(text);
  if (byLabel >= 0 || card.task !== 'binary') return byLabel;
  return ['0', 'false'].includes(text.toLowerCase())
    ? 0
    : ['1', 'true'].includes(text.toLowerCase())
      ? 1
      : -1;
}

function evaluationOf({ card, y, scores }: Judged, rng: ReturnType<typeof createRng>): Evaluation {
  switch (card.task) {
    case 'binary':
      return evaluateBinary({ y, p: scores[0], threshold: card.threshold, rng });
    case 'multiclass':
      return evaluateMulticlass({ y, P: scores, classes: card.classes, rng });
    case 'regression':
      return evaluateRegression({ y, prediction: scores[0], rng });
  }
}

/** Metrics that rank or separate need two sides. */
function checkClasses({ card, y }: Judged, { input, target }: Options): void {
  if (card.task === 'regression' || y.some((label) => label !== y[0])) return;
  throw new DataError(
    `${input}: target ${target} is ${card.classes[y[0]]} in every row, expected at least two of ${card.classes.join(', ')}; judge on rows of both kinds`,
  );
}

function compare(model: Judged, rival: Judged, rng: ReturnType<typeof createRng>): readonly Comparison[] {
  if (model.card.task !== 'binary' || rival.card.task !== 'binary') {
    throw new ConfigError(
      `--against compares two binary models, not ${model.card.task} with ${rival.card.task}`,
    );
  }
  return compareBinary({ y: model.y, a: model.scores[0], b: rival.scores[0], rng });
}

async function writeReport(
  folder: string,
  options: Options,
  card: ServingCard,
  evaluation: Evaluation,
  comparison: readonly Comparison[],
  gate: Gate | undefined,
): Promise<void> {
  const report = {
    title: `${card.name} on ${options.input}`,
    subtitle: `${card.task}, judged on ${evaluation.nRows} rows`,
    facts: [],
    verdict: gate === undefined ? '' : `${gate.decision}: ${gate.reason}`,
    ...(gate && { gate }),
    sections: [{ title: 'all rows', note: options.input, evaluation }],
    comparison,
    importance: [],
    lineage: [['model', options.model] as const, ['toolkit', card.toolkitVersion] as const],
    howToUse: [],
  };
  await makeFolder(folder);
  await writeFileAtomically(join(folder, 'report.html'), renderReport(report, await chartRuntime()));
  await writeFileAtomically(join(folder, 'report.json'), `${JSON.stringify(report)}\n`);
}

function concat(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}
