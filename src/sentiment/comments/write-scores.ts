import { DataError } from '../../core/errors.js';
import type { Progress } from '../../core/progress.js';
import { Table, type Column } from '../../core/table.js';
import { openSession, type Session } from '../../onnx/session.js';
import type { ServingCard } from '../../release/card.js';
import { readCard } from '../../release/read-card.js';
import { runBatches } from '../../release/run-batches.js';
import type { BatchTarget } from '../../sources/batch-target.js';
import type { TableSource } from '../../sources/table-source.js';
import type { WriteColumn } from '../../sources/table-writer.js';
import { likenessKeys, nearKeys } from './likeness.js';
import { byMonth, monthOf } from './months.js';
import { commentsQuery, commentsTable } from './query.js';

/** What scoring the comments is given. */
export interface CommentScoring {
  readonly source: TableSource;
  /** The sentiment champion. */
  readonly model: { readonly name: string; readonly version: number; readonly onnx: Uint8Array };
  readonly target: BatchTarget;
  /** Only comments posted from the start of the month of this moment on (ISO 8601); all when left out. */
  readonly since?: string;
  readonly progress: Progress;
  readonly signal?: AbortSignal;
}

/** What was written. */
export interface WrittenComments {
  readonly table: string;
  readonly nRows: number;
  readonly months: number;
  /** Different texts that the graph was asked about, month by month. */
  readonly nTexts: number;
}

/** What the toolkit knows of every version of every comment. */
export const commentScoresTable = 'kol_gold.kol_comment_scores';

const scores = ['probability_negative', 'probability_neutral', 'probability_positive', 'sentiment'] as const;
const optional = 'spam_probability';
const nearColumns = Array.from({ length: nearKeys }, (_, k) => `near_key_${k + 1}`);

/** The columns of `kol_gold.kol_comment_scores`. */
export const commentScoreColumns: readonly WriteColumn[] = [
  { name: 'comment_id', type: 'string' },
  { name: 'content_id', type: 'string' },
  { name: 'kol_id', type: 'string' },
  { name: 'lang', type: 'string' },
  { name: 'posted_at', type: 'timestamp' },
  { name: 'processed_at', type: 'timestamp' },
  { name: 'posted_month', type: 'date' },
  ...[...scores, optional].map((name) => ({ name, type: 'number' as const })),
  ...['text_key', ...nearColumns].map((name) => ({ name, type: 'integer' as const })),
  { name: 'model_name', type: 'string' },
  { name: 'model_version', type: 'string' },
];

/**
 * Scores every version of every comment and writes `kol_gold.kol_comment_scores`, a batch a month of posting: a month
 * written again takes the place of what stood there, whole or not at all. Times are those of the comment, so that
 * whoever reads the table can tell what was known when.
 *
 * @throws {ConfigError} when the lakehouse cannot be written
 * @throws {DataError} when it has no comments table, or the model is none of sentiment
 */
export async function writeCommentScores(scoring: CommentScoring): Promise<WrittenComments> {
  const { source, model, target, since, progress, signal } = scoring;
  const card = sentimentCard(model);
  const from = since === undefined ? undefined : new Date(monthOf(Date.parse(since))).toISOString();
  const snapshots = await source.snapshot([commentsTable], undefined, signal);
  const batches = source.read(commentsQuery(from), { snapshots, ...(signal && { signal }) });
  const session = await openSession(model.onnx);
  const stage = progress.stage('scoring comments', snapshots[0].rows);
  let [nRows, months, nTexts] = [0, 0, 0];
  try {
    for await (const { month, rows } of byMonth(batches, 'posted_at')) {
      const { columns, texts } = await scored(rows, session, card);
      const ofAll = (value: string): Column => ({
        type: 'string',
        values: new Array<string>(rows.nRows).fill(value),
      });
      const table = Table.fromColumns({
        ...Table.select(rows, ['comment_id', 'content_id', 'kol_id', 'lang', 'posted_at', 'processed_at'])
          .columns,
        posted_month: { type: 'timestamp', values: new Float64Array(rows.nRows).fill(month) },
        ...columns,
        model_name: ofAll(model.name),
        model_version: ofAll(String(model.version)),
      });
      await target.replace(
        {
          table: commentScoresTable,
          columns: commentScoreColumns,
          within: ['posted_month'],
          key: ['comment_id', 'processed_at'],
          rows: table,
        },
        signal,
      );
      nRows += rows.nRows;
      months++;
      nTexts += texts;
      stage.advance(rows.nRows);
    }
  } finally {
    stage.done();
    await session.close();
  }
  return { table: commentScoresTable, nRows, months, nTexts };
}

function sentimentCard({ onnx, name }: CommentScoring['model']): ServingCard {
  const card = readCard(onnx, name);
  const missing = scores.filter((wanted) => !card.outputs.some((output) => output.name === wanted));
  if (missing.length > 0) {
    throw new DataError(
      `model ${name} has no output ${missing.join(', ')}; expected a sentiment model, as kol train sentiment makes`,
    );
  }
  return card;
}

/** Scores and keys of rows; every different text is looked at once. */
async function scored(
  rows: Table,
  session: Session,
  card: ServingCard,
): Promise<{ readonly columns: Readonly<Record<string, Column>>; readonly texts: number }> {
  // Texts of one length stand together: a batch is padded to its longest text.
  const raw = Table.strings(rows, 'text').map((text) => text ?? '');
  const texts = [...new Set(raw)].sort((a, b) => a.length - b.length);
  const place = new Map(texts.map((text, at) => [text, at]));
  const placeOf = raw.map((text) => place.get(text) ?? 0);
  const found = await runBatches(
    session,
    card.inputs,
    Table.fromColumns({ text: { type: 'string', values: texts } }),
  );
  const keys = texts.map((text) => likenessKeys(text));
  const spread = (valueOf: (place: number) => number): Column => ({
    type: 'number',
    values: Float64Array.from(placeOf, valueOf),
  });
  const columns: Record<string, Column> = {};
  for (const name of scores) columns[name] = spread((at) => found[name][at]);
  columns[optional] = spread((at) => found[optional]?.[at] ?? NaN);
  columns.text_key = spread((at) => keys[at].exact);
  nearColumns.forEach((name, k) => (columns[name] = spread((at) => keys[at].near[k])));
  return { columns, texts: texts.length };
}
