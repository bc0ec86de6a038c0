import { Command } from 'commander';
import type { ColumnType } from '../../core/table.js';
import { openSession } from '../../onnx/session.js';
import type { ServingCard } from '../../release/card.js';
import { scoredColumns, scoreTable } from '../../release/score-table.js';
import { openDataFile } from '../../sources/data-file.js';
import type { DataFile } from '../../sources/data-file-types.js';
import { tableWriter } from '../../sources/write-table.js';
import { openModel } from '../model-file.js';
import { common, list } from '../option-types.js';
import type { CliSession } from '../session.js';

interface Options {
  model: string;
  input: string;
  output: string;
  id?: string[];
  threads?: number;
  skipBadRows?: string;
  json?: boolean;
}

/** `kol score` */
export function scoreCommand(session: CliSession): Command {
  return new Command('file')
    .description('score a CSV or Parquet file, batch by batch, one line a row in input order')
    .requiredOption('--model <model>', 'model.onnx, its folder, models:/name@champion or models:/name/3')
    .requiredOption('--input <file>', 'CSV or Parquet file with the raw columns of the model')
    .requiredOption('--output <file>', 'file to write, .csv or .parquet')
    .option(
      '--id <columns>',
      'columns to copy through (default: those the model names, where they are there)',
      list,
    )
    .addOption(common.threads())
    .addOption(common.skipBadRows())
    .addOption(common.json())
    .addHelpText(
      'after',
      '\nExample:\n  kol score --model models:/kol-trust@champion \\\n    --input accounts.csv --output scores.csv',
    )
    .action(async (options: Options) => {
      const model = await openModel(options.model, session);
      const file = await openModelInput(options.input, model.card, options, session.signal);
      const ids =
        options.id ??
        model.card.idColumns.filter((name) => file.schema.some((column) => column.name === name));
      const graph = await openSession(model.onnx, {
        threads: options.threads ?? session.environment.threads,
      });
      const writer = await tableWriter(options.output, scoredColumns(model.card, ids));
      const stage = session.progress.stage('scoring', file.nRows);
      let rows = 0;
      try {
        for await (const batch of file.batches({ signal: session.signal })) {
          await writer.write(await scoreTable(graph, model.card, ids, batch));
          rows += batch.nRows;
          stage.advance(batch.nRows);
        }
        await writer.close();
      } catch (error) {
        await writer.abort();
        throw error;
      } finally {
        stage.done();
        await graph.close();
      }
      const rejected =
        file.rejected > 0 ? `, ${file.rejected} bad rows set aside in ${options.skipBadRows}` : '';
      session.print(
        options.json
          ? JSON.stringify({ rows, rejected: file.rejected, output: options.output, model: model.card.name })
          : `${rows} rows scored into ${options.output}${rejected}`,
      );
    });
}

/** Opens a file as the model reads it: types forced, inputs required, ids as text. */
export async function openModelInput(
  path: string,
  card: ServingCard,
  options: {
    readonly id?: readonly string[];
    readonly skipBadRows?: string;
    /** Columns to read besides, with their types. */
    readonly also?: Readonly<Record<string, ColumnType>>;
  },
  signal: AbortSignal,
): Promise<DataFile> {
  const inputs = card.inputs.map(({ name }) => name);
  const ids = (options.id ?? card.idColumns).filter((name) => !inputs.includes(name));
  const also = Object.keys(options.also ?? {});
  return openDataFile(path, {
    types: {
      ...Object.fromEntries(ids.map((name) => [name, 'string' as const])),
      ...options.also,
      ...Object.fromEntries(card.inputs.map(({ name, type }) => [name, type])),
    },
    required: [...inputs, ...(options.id ?? []), ...also],
    only: [...new Set([...inputs, ...ids, ...also])],
    ...(options.skipBadRows !== undefined && { skipBadRows: options.skipBadRows }),
    signal,
  });
}
