import { Command } from 'commander';
import { explainChampion, type Contribution } from '../../champion/explain.js';
import type { ChampionModel } from '../../champion/model.js';
import { scoreChampion } from '../../champion/predict.js';
import { ConfigError, DataError } from '../../core/errors.js';
import { decodeRecord } from '../../core/record.js';
import { Table, type Column } from '../../core/table.js';
import { formatDifference, formatNumber } from '../../evaluation/format-number.js';
import { marginUnit, reasonsOf } from '../../release/explanation.js';
import type { DataFile } from '../../sources/data-file-types.js';
import type { WriteColumn } from '../../sources/table-writer.js';
import { tableWriter } from '../../sources/write-table.js';
import { openModel, type ModelFile } from '../model-file.js';
import { common, list, wholeNumber } from '../option-types.js';
import type { CliSession } from '../session.js';
import { openModelInput } from './score.js';

interface Options {
  model: string;
  input: string;
  output?: string;
  id?: string[];
  top: number;
  rows: number;
  class?: string;
  json?: boolean;
}

/** Why one row has its score. */
interface ExplainedRow {
  readonly row: number;
  readonly id: Readonly<Record<string, string | null>>;
  readonly score: number;
  readonly reasons: ReturnType<typeof reasonsOf>;
}

/** `kol explain` */
export function explainCommand(session: CliSession): Command {
  return new Command('explain')
    .description('say why rows have their scores: the weightiest features of each (SHAP values)')
    .requiredOption('--model <model>', 'folder of a release, models:/name@champion or models:/name/3')
    .requiredOption('--input <file>', 'CSV or Parquet file with the raw columns of the model')
    .option('--output <file>', 'write every contribution to every row, .csv or .parquet: columns shap_…')
    .option('--id <columns>', 'columns that name the rows (default: those the model names)', list)
    .option('--top <n>', 'reasons a row', wholeNumber(1, 100), 5)
    .option('--rows <n>', 'rows to print', wholeNumber(1, 1_000_000), 10)
    .option('--class <label>', 'the class to explain, for models of more than two')
    .addOption(common.json())
    .addHelpText(
      'after',
      `
Contributions are in the units of the model's margin (log-odds for classes), before
calibration. Together with "expected", they add up to it.

Example:
  kol explain --model models:/kol-trust@champion --input accounts.csv --top 3`,
    )
    .action(async (options: Options) => {
      const file = await openModel(options.model, session);
      const model = await readChampion(file, options.model);
      const margin = marginOf(model, options);
      const input = await openModelInput(options.input, file.card, options, session.signal);
      const ids =
        options.id ??
        file.card.idColumns.filter((name) => input.schema.some((column) => column.name === name));
      const explained = await explainFile(model, margin, input, ids, options, session);
      const unit = marginUnit(model);
      session.print(
        options.json
          ? JSON.stringify({ model: file.card.name, unit, ...explained }, null, 2)
          : inWords(file.card.name, unit, explained, options),
      );
    });
}

/** @throws {ConfigError | DataError} for a model that has no features to explain, or no file to explain from */
async function readChampion(file: ModelFile, uri: string): Promise<ChampionModel> {
  // A forecaster's card has no columns.
  if (!Array.isArray(file.card.features)) {
    throw new ConfigError(`--model ${uri} is a forecaster: it has no features to explain`);
  }
  const bytes = await file.sibling('champion.kolr').catch((cause: unknown) => {
    throw new DataError(
      `--model ${uri}: contributions are computed from champion.kolr, which is not beside the graph; name the folder of the release`,
      { cause },
    );
  });
  return decodeRecord(bytes) as ChampionModel;
}

function marginOf(model: ChampionModel, options: Options): number {
  if (model.task !== 'multiclass') {
    if (options.class === undefined) return 0;
    throw new ConfigError(`--class ${options.class}: this model has no more than two classes`);
  }
  const index = model.classes.indexOf(options.class ?? '');
  if (index >= 0) return index;
  throw new ConfigError(`--class must name one of ${model.classes.join(', ')}`);
}

async function explainFile(
  model: ChampionModel,
  margin: number,
  input: DataFile,
  ids: readonly string[],
  options: Options,
  session: CliSession,
): Promise<{ nRows: number; expected: number; rows: ExplainedRow[] }> {
  const rows: ExplainedRow[] = [];
  let expected = NaN;
  let nRows = 0;
  let writer: Awaited<ReturnType<typeof tableWriter>> | undefined;
  const stage = session.progress.stage('explaining', input.nRows);
  try {
    for await (const batch of input.batches({ signal: session.signal })) {
      const explanation = explainChampion(model, batch, margin);
      expected = explanation.expected;
      const scores = scoresOf(model, batch, margin);
      for (let i = 0; i < batch.nRows && rows.length < options.rows; i++) {
        rows.push({
          row: nRows + i + 1,
          id: Object.fromEntries(ids.map((name) => [name, Table.strings(batch, name)[i]])),
          score: scores[i],
          reasons: reasonsOf(explanation.parts, i, options.top),
        });
      }
      if (options.output !== undefined) {
        writer ??= await tableWriter(options.output, writtenColumns(ids, explanation.parts));
        await writer.write(writtenTable(batch, ids, scores, explanation.expected, explanation.parts));
      }
      nRows += batch.nRows;
      stage.advance(batch.nRows);
      if (options.output === undefined && rows.length >= options.rows) break;
    }
    await writer?.close();
  } catch (error) {
    await writer?.abort();
    throw error;
  } finally {
    stage.done();
  }
  return { nRows, expected, rows };
}

function scoresOf(model: ChampionModel, batch: Table, margin: number): Float64Array {
  const { values, classProbabilities } = scoreChampion(model, batch);
  return model.task === 'multiclass' ? classProbabilities[margin] : values;
}

function writtenColumns(ids: readonly string[], parts: readonly Contribution[]): WriteColumn[] {
  return [
    ...ids.map((name) => ({ name, type: 'string' as const })),
    ...['score', 'expected', ...parts.map(shapName)].map((name) => ({ name, type: 'number' as const })),
  ];
}

function writtenTable(
  batch: Table,
  ids: readonly string[],
  scores: Float64Array,
  expected: number,
  parts: readonly Contribution[],
): Table {
  const columns: Record<string, Column> = {};
  for (const name of ids) columns[name] = { type: 'string', values: Table.strings(batch, name) };
  columns.score = { type: 'number', values: scores };
  columns.expected = { type: 'number', values: new Float64Array(batch.nRows).fill(expected) };
  for (const part of parts) columns[shapName(part)] = { type: 'number', values: part.contributions };
  return Table.fromColumns(columns);
}

function shapName({ name }: Contribution): string {
  return `shap_${name.replaceAll(' ', '_')}`;
}

function inWords(
  name: string,
  unit: string,
  { rows, expected }: { readonly rows: readonly ExplainedRow[]; readonly expected: number },
  { output }: Options,
): string {
  const lines = [
    `${name}: contributions to the ${unit}; ${formatNumber(expected)} where nothing is known`,
    ...rows.flatMap(({ row, id, score, reasons }) => [
      '',
      `${Object.values(id)[0] ?? `row ${row}`}  score ${formatNumber(score)}`,
      ...reasons.map(
        ({ name: part, value, contribution }) =>
          `  ${formatDifference(contribution).padStart(9)}  ${part}${value === null ? '' : ` = ${formatNumber(value)}`}`,
      ),
    ]),
    ...(output === undefined ? [] : ['', `every contribution: ${output}`]),
  ];
  return lines.join('\n');
}
