import { Command } from 'commander';
import { join } from 'node:path';
import { ConfigError, DataError, GateError } from '../../core/errors.js';
import { createRng } from '../../core/rng.js';
import { Table } from '../../core/table.js';
import type { Gate } from '../../evaluation/gate/gate.js';
import { defaultPolicy, type GatePolicy } from '../../evaluation/gate/policy.js';
import {
  evaluateBinary,
  evaluateMulticlass,
  evaluateRegression,
  type Evaluation,
} from '../../evaluation/evaluate.js';
import { renderReport } from '../../evaluation/report-html.js';
import { openSession } from '../../onnx/session.js';
import { makeFolder, writeFileAtomically } from '../../registry/atomic-file.js';
import { openLooksLedger } from '../../registry/looks-ledger.js';
import type { ServingCard } from '../../release/card.js';
import { chartRuntime } from '../../release/chart-runtime.js';
import { runBatches } from '../../release/run-batches.js';
import { readPolicy } from '../config-file.js';
import { judgeAgainst, type Judged } from '../evaluation-gate.js';
import { openModel } from '../model-file.js';
import { common, wholeNumber } from '../option-types.js';
import { gateInWords } from '../promotion.js';
import { checkReleaseFolder } from '../release-folder.js';
import type { CliSession } from '../session.js';
import { comparisonTable, metricsTable } from '../summary.js';
import { openModelInput } from './score.js';

interface Options {
  model: string;
  input: string;
  target: string;
  against?: string;
  policy?: string;
  time?: string;
  out?: string;
  seed?: number;
  threads?: number;
  json?: boolean;
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
      'the champion of today, on the same rows; exit code 4 where the gate does not let --model replace it',
    )
    .addOption(common.policy())
    .option('--time <column>', 'when the rows came about: the gate also compares the newest fifth of them')
    .option('--out <folder>', 'write report.html and report.json here')
    .option('--seed <n>', 'seed of the intervals', wholeNumber(0, 4_294_967_295))
    .addOption(common.threads())
    .addOption(common.json())
    .action(async (options: Options) => {
      if (options.out !== undefined) await checkReleaseFolder(options.out);
      const policy = (await readPolicy(options.policy)) ?? defaultPolicy;
      const also = columnsBeside(options, policy.slices.columns);
      const judged = await judge(options.model, options, also, session);
      checkClasses(judged, options);
      const rng = createRng(options.seed ?? 7);
      const evaluation = evaluationOf(judged, rng.split('evaluate'));
      const gate = await gateOf(judged, options, also, policy, session);
      if (options.out !== undefined) await writeReport(options.out, options, judged.card, evaluation, gate);
      const comparisons = gate?.comparisons ?? [];
      session.print(
        options.json
          ? JSON.stringify(
              { model: options.model, rows: judged.y.length, evaluation, comparisons, ...(gate && { gate }) },
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
              ...(gate === undefined ? [] : ['', gateInWords(gate)]),
            ].join('\n'),
      );
      if (gate !== undefined && gate.decision !== 'promote')
        throw new GateError(
          `${options.model} may not replace ${options.against} (${gate.decision}): ${gate.reason}`,
        );
    });
}

/** Columns that the gate reads beside the inputs. */
function columnsBeside(
  { against, time }: Options,
  slices: readonly string[],
): Readonly<Record<string, 'string' | 'timestamp'>> {
  if (against === undefined) return {};
  return {
    ...Object.fromEntries(slices.map((name) => [name, 'string' as const])),
    ...(time !== undefined && { [time]: 'timestamp' as const }),
  };
}

/** The gate where another model is named. */
async function gateOf(
  judged: Judged,
  options: Options,
  also: ReturnType<typeof columnsBeside>,
  policy: GatePolicy,
  session: CliSession,
): Promise<Gate | undefined> {
  const { against, model, time } = options;
  if (against === undefined) return undefined;
  const rival = await judge(against, options, also, session);
  const [own, other] = [judged.card, rival.card];
  if (own.task !== other.task || own.classes.join('\n') !== other.classes.join('\n')) {
    throw new ConfigError(
      `--against ${against} answers another question: it is a ${other.task} model${other.classes.length > 0 ? ` of ${other.classes.join(', ')}` : ''}, ${model} a ${own.task} model${own.classes.length > 0 ? ` of ${own.classes.join(', ')}` : ''}`,
    );
  }
  return judgeAgainst(judged, rival, {
    names: { model, against },
    policy,
    time,
    looks: openLooksLedger(session.runs.folder),
    rng: createRng(options.seed ?? 7).split('gate'),
  });
}

async function judge(
  uri: string,
  options: Options,
  also: ReturnType<typeof columnsBeside>,
  session: CliSession,
): Promise<Judged> {
  const opened = await openModel(uri, session);
  const { onnx, card } = opened;
  const type = card.task === 'regression' ? 'number' : 'string';
  const file = await openModelInput(
    options.input,
    card,
    { also: { ...withoutInputs(also, card), [options.target]: type } },
    session.signal,
  );
  const graph = await openSession(onnx, { threads: options.threads ?? session.environment.threads });
  const targets: Float64Array[] = [];
  const outputs: Float64Array[][] = [];
  const tables: Table[] = [];
  let before = 0;
  try {
    for await (const batch of file.batches({ signal: session.signal })) {
      const scored = await runBatches(graph, card.inputs, batch);
      outputs.push(card.primaryOutputs.map((name) => Float64Array.from(scored[name])));
      targets.push(targetsOf(batch, card, options, before));
      tables.push(batch);
      before += batch.nRows;
    }
  } finally {
    await graph.close();
  }
  const y = concat(targets);
  if (y.length === 0) throw new DataError(`${options.input} has no rows to judge`);
  const scores = card.primaryOutputs.map((_, k) => concat(outputs.map((batch) => batch[k])));
  return { file: opened, card, y, scores, table: Table.concat(tables) };
}

/** An input keeps the type that the model reads it with. */
function withoutInputs<Type>(
  columns: Readonly<Record<string, Type>>,
  card: ServingCard,
): Record<string, Type> {
  return Object.fromEntries(
    Object.entries(columns).filter(([name]) => card.inputs.every((input) => input.name !== name)),
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

async function writeReport(
  folder: string,
  options: Options,
  card: ServingCard,
  evaluation: Evaluation,
  gate: Gate | undefined,
): Promise<void> {
  const report = {
    title: `${card.name} on ${options.input}`,
    subtitle: `${card.task}, judged on ${evaluation.nRows} rows`,
    facts: [],
    verdict: gate === undefined ? '' : `${gate.decision}: ${gate.reason}.`,
    ...(gate && { gate }),
    sections: [{ title: 'all rows', note: options.input, evaluation }],
    comparison: gate?.comparisons ?? [],
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
