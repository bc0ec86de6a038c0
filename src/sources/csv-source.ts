import { DataError } from '../core/errors.js';
import type { CsvDialect, CsvRecord } from './csv-records.js';

/** A delimited file whose header has been read. */
export interface CsvSource {
  readonly path: string;
  readonly skip: number;
  readonly dialect: CsvDialect;
  /** All columns of the file, in its order. */
  readonly names: readonly string[];
}

/** The error for a file without rows. */
export function noRows(path: string): DataError {
  return new DataError(`${path}: holds a header and no rows; expected at least one row`);
}

/** Why a record cannot be a row, with the column it went wrong in. */
export function recordProblem(
  record: CsvRecord,
  names: readonly string[],
): { readonly reason: string; readonly column: string } | undefined {
  if (record.problem !== undefined) {
    const column = names[record.problem.field] ?? '';
    const where = column === '' ? '' : `column ${column} holds `;
    return {
      reason: `${where}${record.problem.reason}, expected UTF-8 text and quotes doubled inside quotes`,
      column,
    };
  }
  if (record.nFields === names.length) return undefined;
  const count = record.nFields === 1 ? '1 value' : `${record.nFields} values`;
  return {
    reason: `${count}, expected ${names.length} (${names[0]} to ${names[names.length - 1]})`,
    column: names[Math.min(record.nFields, names.length - 1)],
  };
}
