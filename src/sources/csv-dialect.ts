import type { CsvDialect } from './csv-records.js';
import { newRecord, scanRecords } from './csv-records.js';

const candidates = [',', ';', '\t', '|'] as const;

/** Delimiters that can be named in an option. */
export type Delimiter = (typeof candidates)[number];

/**
 * The delimiter under which the first records have as many fields as the header, and most of them; a comma when no
 * candidate splits the header. Quoting is off where a tab-separated head holds quotes that do not close on their line.
 * @param head the first bytes of the file, after any byte order mark
 * @param whole whether `head` is the whole file
 */
export function sniffDialect(head: Buffer, whole: boolean, delimiter?: Delimiter): CsvDialect {
  if (delimiter !== undefined) return dialectOf(delimiter, head);
  let best: CsvDialect = dialectOf(',', head);
  let bestScore = 0;
  for (const candidate of candidates) {
    const dialect = dialectOf(candidate, head);
    const score = agreement(head, whole, dialect);
    if (score > bestScore) {
      best = dialect;
      bestScore = score;
    }
  }
  return best;
}

/** Share of records that agree with the header, plus a little for many fields; 0 when the header does not split. */
function agreement(head: Buffer, whole: boolean, dialect: CsvDialect): number {
  let header = 0;
  let records = 0;
  let agreeing = 0;
  scanRecords(
    head,
    head.length,
    whole,
    dialect,
    { offset: 0, line: 1, openQuote: undefined },
    newRecord(),
    (record) => {
      if (header === 0) header = record.nFields;
      else {
        records++;
        if (record.nFields === header && record.problem === undefined) agreeing++;
      }
      return header > 1 && records < 500;
    },
  );
  if (header < 2) return 0;
  return (records === 0 ? 1 : (agreeing + 1) / (records + 1)) + Math.min(header, 1000) / 10_000;
}

function dialectOf(delimiter: Delimiter, head: Buffer): CsvDialect {
  return {
    delimiter: delimiter.charCodeAt(0),
    quoting: delimiter !== '\t' || !hasOpenQuotes(head),
  };
}

function hasOpenQuotes(head: Buffer): boolean {
  const lines = head.toString('utf8').split(/\r\n?|\n/);
  return lines.slice(0, -1).some((line) =>
    line.split('\t').some((field) => {
      const text = field.trim();
      return text.startsWith('"') && (text.length === 1 || !text.endsWith('"'));
    }),
  );
}
