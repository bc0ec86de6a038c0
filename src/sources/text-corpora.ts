import { join } from 'node:path';
import { DataError } from '../core/errors.js';
import { shown } from './csv-problems.js';
import { openDataFile } from './data-file.js';
import { readTextLines, type TextLine } from './text-lines.js';

/** A labelled text of a corpus. */
export interface CorpusText {
  readonly text: string;
  readonly label: number;
  readonly lang: string | null;
  readonly source: string;
  /** `train` or `dev` where the corpus itself says so. */
  readonly split: string | null;
}

/** What is wrong with a line of a corpus. */
export interface BadLine {
  readonly path: string;
  readonly line: number;
  readonly value: string;
  readonly expected: string;
}

/** Takes a bad line, or throws. */
export type RefuseLine = (bad: BadLine) => void;

/** A public corpus: the files it is known by, and how they are read. */
export interface Corpus {
  /** `sentiment`: labels 0 negative, 1 neutral, 2 positive. `spam`: 0 own words, 1 spam. */
  readonly kind: 'sentiment' | 'spam';
  /** Files that a folder of this corpus holds; test sets are not among them: they are kept back. */
  readonly files: readonly string[];
  readonly read: (folder: string, refuse: RefuseLine) => Promise<readonly CorpusText[]>;
}

/** Valences of at least this size count as negative or positive (VADER's own evaluation takes the same). */
const leastValence = 0.5;

/** The corpora that can be imported, by name. */
export const textCorpora = {
  sst2: {
    kind: 'sentiment',
    files: ['train.tsv', 'dev.tsv'],
    read: (folder, refuse) =>
      parts(['train', 'dev'], async (split) => {
        const path = join(folder, `${split}.tsv`);
        const label = { 0: 0, 1: 2 };
        return columnsOf(path, await readTextLines(path), refuse, 2, ([text, value]) =>
          oneOf(value, label, (found) => ({ text, label: found, lang: 'en', source: 'sst2', split })),
        );
      }),
  },
  'uit-vsfc': {
    kind: 'sentiment',
    files: ['train/sents.txt', 'train/sentiments.txt', 'dev/sents.txt', 'dev/sentiments.txt'],
    read: (folder, refuse) =>
      parts(['train', 'dev'], (split) => sentences(join(folder, split), split, refuse)),
  },
  'twitter-us-airline': {
    kind: 'sentiment',
    files: ['TwitterUSAirlineSentiment.csv'],
    read: async (folder) => {
      const path = join(folder, 'TwitterUSAirlineSentiment.csv');
      const names = ['text', 'airline_sentiment'];
      const file = await openDataFile(path, { only: names, required: names, textColumns: names });
      const labels: Readonly<Record<string, number>> = { negative: 0, neutral: 1, positive: 2 };
      const texts: CorpusText[] = [];
      for await (const { columns, nRows } of file.batches()) {
        for (let i = 0; i < nRows; i++) {
          const value = String(columns.airline_sentiment.values[i]);
          if (!Object.hasOwn(labels, value)) {
            throw new DataError(
              `${path}: column airline_sentiment holds ${shown(value)}, expected negative, neutral or positive`,
            );
          }
          const text = String(columns.text.values[i] ?? '');
          texts.push({ text, label: labels[value], lang: 'en', source: 'twitter-us-airline', split: null });
        }
      }
      return texts;
    },
  },
  'vader-icwsm2014': {
    kind: 'sentiment',
    files: ['tweets', 'amazonReviewSnippets', 'movieReviewSnippets', 'nytEditorialSnippets'].map(
      (name) => `${name}_GroundTruth.txt`,
    ),
    read: (folder, refuse) =>
      parts(
        ['tweets', 'amazonReviewSnippets', 'movieReviewSnippets', 'nytEditorialSnippets'],
        async (name) => {
          const path = join(folder, `${name}_GroundTruth.txt`);
          const source = `vader-${/^[a-z]+/.exec(name)?.[0]}`;
          return columnsOf(path, await readTextLines(path), refuse, 3, ([, value, text]) => {
            const valence = Number(value);
            if (value.trim() === '' || !(Math.abs(valence) <= 4))
              return { value, expected: 'a valence from -4 to 4' };
            const label = valence <= -leastValence ? 0 : valence >= leastValence ? 2 : 1;
            return { text, label, lang: 'en', source, split: null };
          });
        },
      ),
  },
  'sms-spam': {
    kind: 'spam',
    files: ['SMSSpamCollection.tsv'],
    read: async (folder, refuse) => {
      const path = join(folder, 'SMSSpamCollection.tsv');
      const lines = await readTextLines(path);
      const rows = lines[0]?.text === 'Label\tSMS' ? lines.slice(1) : lines;
      return columnsOf(path, rows, refuse, 2, ([value, text]) =>
        oneOf(value, { ham: 0, spam: 1 }, (label) => ({
          text,
          label,
          lang: 'en',
          source: 'sms-spam',
          split: null,
        })),
      );
    },
  },
} as const satisfies Record<string, Corpus>;
export type CorpusName = keyof typeof textCorpora;

async function parts<Part>(
  names: readonly Part[],
  read: (name: Part) => Promise<readonly CorpusText[]>,
): Promise<readonly CorpusText[]> {
  const found: CorpusText[] = [];
  for (const name of names) for (const text of await read(name)) found.push(text);
  return found;
}

interface Unexpected {
  readonly value: string;
  readonly expected: string;
}

function oneOf(
  value: string,
  labels: Readonly<Record<string, number>>,
  use: (label: number) => CorpusText,
): CorpusText | Unexpected {
  return Object.hasOwn(labels, value)
    ? use(labels[value])
    : { value, expected: `one of ${Object.keys(labels).join(', ')}` };
}

/** Tab-separated lines without quotes; the last column takes what is left. */
function columnsOf(
  path: string,
  lines: readonly TextLine[],
  refuse: RefuseLine,
  nColumns: number,
  use: (cells: readonly string[]) => CorpusText | Unexpected,
): CorpusText[] {
  return lines.flatMap(({ line, text }) => {
    if (text === undefined) {
      refuse({ path, line, value: '', expected: 'UTF-8' });
      return [];
    }
    const cells = text.split('\t');
    if (cells.length !== nColumns) {
      refuse({ path, line, value: text, expected: `${nColumns} columns between tabs` });
      return [];
    }
    const found = use(cells);
    if ('text' in found) return [found];
    refuse({ path, line, ...found });
    return [];
  });
}

/** Sentences in one file, their labels line by line in another. */
async function sentences(folder: string, split: string, refuse: RefuseLine): Promise<CorpusText[]> {
  const [path, labelPath] = ['sents.txt', 'sentiments.txt'].map((name) => join(folder, name));
  const [texts, labels] = [await readTextLines(path), await readTextLines(labelPath)];
  if (texts.length !== labels.length) {
    throw new DataError(
      `${path} has ${texts.length} lines, ${labelPath} ${labels.length}; expected one label for every sentence`,
    );
  }
  return texts.flatMap(({ line, text }, i) => {
    const label = labels[i].text ?? '';
    if (text === undefined) refuse({ path, line, value: '', expected: 'UTF-8' });
    else if (!/^[012]$/.test(label)) refuse({ path: labelPath, line, value: label, expected: '0, 1 or 2' });
    else return [{ text, label: Number(label), lang: 'vi', source: 'uit-vsfc', split }];
    return [];
  });
}
