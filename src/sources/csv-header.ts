import { isUtf8 } from 'node:buffer';
import { DataError } from '../core/errors.js';
import { parseNumber } from './csv-cells.js';
import { shown } from './csv-problems.js';
import type { CsvDialect } from './csv-records.js';
import { fieldText, newRecord, scanRecords } from './csv-records.js';
import type { CsvSource } from './csv-source.js';

/**
 * The column names of the first record; an empty one becomes `column_<position>`.
 * @throws {DataError} for a header that is not text, holds only numbers, or repeats a name
 */
export function readHeader(path: string, body: Buffer, whole: boolean, dialect: CsvDialect): string[] {
  let names: string[] = [];
  let numeric = false;
  const state = { offset: 0, line: 1, openQuote: undefined };
  scanRecords(body, body.length, whole, dialect, state, newRecord(), (record) => {
    if (record.problem !== undefined || !isUtf8(body.subarray(record.from, record.to))) {
      const reason = record.problem?.reason ?? 'bytes that are not UTF-8 (is it a text file?)';
      throw new DataError(`${path}: line ${record.line}: the header holds ${reason}; expected column names`);
    }
    names = Array.from(
      { length: record.nFields },
      (_, j) => fieldText(record, j).trim() || `column_${j + 1}`,
    );
    numeric = names.every((_, j) => !Number.isNaN(parseNumber(body, record.starts[j], record.ends[j])));
    return false;
  });
  if (names.length === 0) {
    throw new DataError(
      state.openQuote === undefined
        ? `${path}: holds no line with text; expected a header line with column names, and rows below it`
        : `${path}: line 1: a quote in the header is never closed; expected a header line with column names`,
    );
  }
  if (numeric) {
    throw new DataError(
      `${path}: line 1 holds only numbers (${shown(names.join(','))}), expected a header line with column names; add one`,
    );
  }
  const repeated = names.findIndex((name, j) => names.indexOf(name) !== j);
  if (repeated >= 0) {
    const name = names[repeated];
    throw new DataError(
      `${path}: line 1: column name ${name} appears twice (columns ${names.indexOf(name) + 1} and ${repeated + 1}); give each column a name of its own`,
    );
  }
  if (names.includes('__proto__')) throw new DataError(`${path}: line 1: __proto__ cannot be a column name`);
  return names;
}

/** A header that is one field, over rows that are more, was cut by the wrong delimiter: say which lines disagree. */
export function checkNotOneColumn(
  path: string,
  body: Buffer,
  whole: boolean,
  { dialect, names }: CsvSource,
): void {
  const state = { offset: 0, line: 1, openQuote: undefined };
  let first = true;
  scanRecords(body, body.length, whole, dialect, state, newRecord(), (record) => {
    if (!first && record.nFields > 1) {
      throw new DataError(
        `${path}: line 1 holds one column, ${shown(names[0])}, but line ${record.line} holds ${record.nFields} values; ` +
          'expected one delimiter (comma, semicolon, tab or |) in the header and in every row',
      );
    }
    const isHeader = first;
    first = false;
    return isHeader;
  });
}
