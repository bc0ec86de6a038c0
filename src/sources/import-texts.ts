import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError, DataError, throwIfAborted } from '../core/errors.js';
import { cannotWrite } from './atomic-file.js';
import { shown } from './csv-problems.js';
import { openDataFile } from './data-file.js';
import { isErrnoException } from './errno.js';
import { partWriter, type PartWriter } from './part-writer.js';
import { openRejects, type Rejects } from './rejects.js';
import { hiddenBeside, replaceFolder } from './replace-folder.js';
import {
  textCorpora,
  type Corpus,
  type CorpusName,
  type CorpusText,
  type RefuseLine,
} from './text-corpora.js';
import type { WriteColumn } from './table-writer.js';

export interface ImportTextsOptions {
  /** A folder of corpora, the folder of one corpus, or a CSV or Parquet file with columns text and label. */
  readonly input: string;
  /** Folder of the embedded lakehouse; made when missing. */
  readonly lakehouse: string;
  /** Corpora to take; all that are there when left out. */
  readonly corpora?: readonly CorpusName[];
  /** What a CSV or Parquet file holds; `sentiment` when left out. */
  readonly kind?: Corpus['kind'];
  readonly skipBadRows?: string;
  readonly signal?: AbortSignal;
}

/** What was imported. */
export interface ImportedTexts {
  readonly nRows: number;
  /** Rows by source. */
  readonly sources: Readonly<Record<string, number>>;
  /** Tables that were replaced. */
  readonly tables: readonly string[];
  /** Rows set aside in `skipBadRows`. */
  readonly rejected: number;
}

const tableOf: Readonly<Record<Corpus['kind'], string>> = {
  sentiment: 'kol_gold.ml_text_sentiment',
  spam: 'kol_gold.ml_text_spam',
};
const highestLabel: Readonly<Record<Corpus['kind'], number>> = { sentiment: 2, spam: 1 };

/** The columns of both tables of labelled texts. */
const textSchema: readonly WriteColumn[] = [
  { name: 'text_id', type: 'string' },
  { name: 'text', type: 'string' },
  { name: 'lang', type: 'string' },
  { name: 'label', type: 'integer' },
  { name: 'source', type: 'string' },
  { name: 'split', type: 'string' },
];

/**
 * Fills kol_gold.ml_text_sentiment and kol_gold.ml_text_spam of an embedded lakehouse from public corpora or a file, in
 * place of what was there; each table appears whole or not at all. A table that no text is for stays as it is.
 *
 * @throws {DataError} for a folder without corpora, a line that is not UTF-8 or not of the form of its corpus, a label
 *   that is none, naming file and line
 * @throws {ConfigError} when the lakehouse cannot be written
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function importTexts(options: ImportTextsOptions): Promise<ImportedTexts> {
  const { input, signal, skipBadRows } = options;
  const status = await stat(input).catch(() => undefined);
  if (status === undefined)
    throw new DataError(`${input} does not exist; name a folder of corpora or a file`);
  const found = status.isDirectory() ? await corporaIn(options) : await textsOfFile(options);
  for (const [kind, texts] of Object.entries(found.texts))
    await replaceTable(options, tableOf[kind as Corpus['kind']], texts);
  throwIfAborted(signal);
  const sources: Record<string, number> = {};
  const all = Object.values(found.texts).flat();
  for (const { source } of all) sources[source] = (sources[source] ?? 0) + 1;
  return {
    nRows: all.length,
    sources,
    tables: Object.keys(found.texts).map((kind) => tableOf[kind as Corpus['kind']]),
    rejected: skipBadRows === undefined ? 0 : found.rejected,
  };
}

interface Found {
  readonly texts: Readonly<Partial<Record<Corpus['kind'], readonly CorpusText[]>>>;
  readonly rejected: number;
}

async function corporaIn({ input, corpora, skipBadRows, signal }: ImportTextsOptions): Promise<Found> {
  const known: readonly [string, Corpus][] = Object.entries(textCorpora);
  const places: { folder: string; corpus: Corpus }[] = [];
  for (const [name, corpus] of known) {
    if (corpora !== undefined && !corpora.includes(name as CorpusName)) continue;
    for (const folder of [join(input, name), input]) {
      const present = await Promise.all(corpus.files.map((file) => isFile(join(folder, file))));
      if (!present.every(Boolean)) continue;
      places.push({ folder, corpus });
      break;
    }
  }
  if (places.length === 0) {
    const expected = known.map(([name, { files }]) => `${name} (${files.join(', ')})`).join('; ');
    throw new DataError(`${input} holds no corpus that can be imported; expected the files of ${expected}`);
  }
  const rejects = skipBadRows === undefined ? undefined : await openRejects(skipBadRows);
  try {
    const texts: Partial<Record<Corpus['kind'], CorpusText[]>> = {};
    for (const { folder, corpus } of places) {
      throwIfAborted(signal);
      const read = await corpus.read(folder, refusing(rejects));
      texts[corpus.kind] = [...(texts[corpus.kind] ?? []), ...read];
    }
    return { texts, rejected: (await rejects?.close()) ?? 0 };
  } finally {
    await rejects?.abort();
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (status) => status.isFile(),
    () => false,
  );

function refusing(rejects: Rejects | undefined): RefuseLine {
  return ({ path, line, value, expected }) => {
    if (rejects === undefined) {
      const holds = value === '' ? '' : ` holds ${shown(value)},`;
      throw new DataError(
        `${path}: line ${line}:${holds} expected ${expected}; mend the line, or leave such lines out with --skip-bad-rows FILE`,
      );
    }
    rejects.addRow(line, path, value, `expected ${expected}`);
  };
}

async function textsOfFile(options: ImportTextsOptions): Promise<Found> {
  const { input, kind = 'sentiment', skipBadRows, signal } = options;
  const file = await openDataFile(input, {
    types: { text: 'string', label: 'number', lang: 'string', source: 'string', split: 'string' },
    only: ['text', 'label', 'lang', 'source', 'split'],
    required: ['text', 'label'],
    ...(skipBadRows !== undefined && { skipBadRows }),
    ...(signal && { signal }),
  });
  const texts: CorpusText[] = [];
  for await (const { columns, nRows } of file.batches(signal && { signal })) {
    const cell = (name: string, i: number): string | null =>
      Object.hasOwn(columns, name) ? (columns[name].values[i] as string | null) : null;
    for (let i = 0; i < nRows; i++) {
      const label = columns.label.values[i] as number;
      if (!Number.isInteger(label) || label < 0 || label > highestLabel[kind]) {
        throw new DataError(
          `${input}: row ${texts.length + 1}: column label holds ${shown(String(label))}, expected a whole number from 0 to ${highestLabel[kind]}; correct the row or take it out`,
        );
      }
      texts.push({
        text: cell('text', i) ?? '',
        label,
        lang: cell('lang', i),
        source: cell('source', i) ?? 'imported',
        split: cell('split', i),
      });
    }
  }
  return { texts: { [kind]: texts }, rejected: file.rejected };
}

async function replaceTable(
  { lakehouse, signal }: ImportTextsOptions,
  table: string,
  texts: readonly CorpusText[],
): Promise<void> {
  const target = join(resolve(lakehouse), ...table.split('.'));
  const temporary = hiddenBeside(dirname(target), 'partial');
  let writer: PartWriter | undefined;
  try {
    await rm(temporary, { recursive: true, force: true });
    writer = await partWriter(temporary, table, textSchema);
    const counts = new Map<string, number>();
    for (const { text, lang, label, source, split } of texts) {
      const number = (counts.get(source) ?? 0) + 1;
      counts.set(source, number);
      writer.add([`${source}-${String(number).padStart(6, '0')}`, text, lang, label, source, split]);
      await writer.flush();
    }
    await writer.close();
    throwIfAborted(signal);
    await mkdir(dirname(target), { recursive: true });
    await replaceFolder(join(temporary, ...table.split('.')), target);
  } catch (error) {
    if (error instanceof ConfigError || !isErrnoException(error)) throw error;
    throw cannotWrite(lakehouse, error);
  } finally {
    await writer?.abort();
    await rm(temporary, { recursive: true, force: true });
  }
}
