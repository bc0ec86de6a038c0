import { type Command, Option } from 'commander';
import type { Table } from '../core/table.js';
import { openDataFile, readWhole } from '../sources/data-file.js';
import type { TableConfig } from '../tabular/config.js';
import { list } from './option-types.js';
import type { CliSession } from './session.js';

/** What a person may say of a table to learn from. */
export interface TableOptions {
  readonly input: string;
  readonly target?: string;
  readonly task?: string;
  readonly positive?: string;
  readonly weight?: string;
  readonly group?: string;
  readonly time?: string | number;
  readonly timeColumn?: string;
  readonly text?: string[];
  readonly categorical?: string[];
  readonly drop?: string[];
  readonly skipBadRows?: string;
}

/** The options that say what the columns of a table are. */
export function tableOptions(command: Command, time = '--time-column <column>'): Command {
  return command
    .requiredOption('--input <file>', 'CSV or Parquet file with a header')
    .option('--target <column>', 'the column to predict')
    .addOption(new Option('--task <task>', 'what to predict').choices(['binary', 'multiclass', 'regression']))
    .option(
      '--positive <label>',
      'the class whose probability is asked for (default: the one that sorts last)',
    )
    .option('--weight <column>', 'sample weights')
    .option('--group <column>', 'rows of one group are never on both sides of a split')
    .option(time, 'also hold out the newest rows by this column')
    .option('--text <columns>', 'text columns to read word by word', list)
    .option('--categorical <columns>', 'columns to read as categories whatever they hold', list)
    .option('--drop <columns>', 'columns to leave out, ids for example', list);
}

/** Those of the options that are keys of the configuration. */
export function tableSettings(options: TableOptions): Readonly<Record<string, unknown>> {
  const { target, task, positive, weight, group, text } = options;
  const time = typeof options.time === 'string' ? options.time : options.timeColumn;
  return { target, task, positive, weight, group, time, text };
}

/** Reads the file with what its columns are known to be. */
export async function readTrainingTable(
  session: CliSession,
  options: TableOptions,
  config: Pick<TableConfig, 'target' | 'weight' | 'group' | 'time' | 'text'>,
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
