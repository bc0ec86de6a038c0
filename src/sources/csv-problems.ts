import { DataError } from '../core/errors.js';
import type { ColumnType } from '../core/table.js';

/** A value that does not fit its column. */
export interface BadCell {
  /** 1-based line of the file on which the record starts. */
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly expected: ColumnType | 'exact integer';
}

const expectations: Record<BadCell['expected'], string> = {
  number: 'a number',
  'exact integer': 'a number, but this integer is beyond 2^53 and would lose digits',
  boolean: 'true, false, yes, no, 1 or 0',
  timestamp: 'an ISO date or time such as 2026-11-23 or 2026-11-23T06:00:00Z',
  string: 'text',
};

/** What was expected instead of a bad value, in words. */
export function expectation({ expected }: BadCell): string {
  return expectations[expected];
}

/**
 * The error for a value that does not fit, with the ways to mend it.
 * @param fixed whether the type of the column was given, so that it cannot be declared as text instead
 */
export function cellError(path: string, cell: BadCell, detail = '', fixed = false): DataError {
  const asText = `, or declare the column as text with --text ${cell.column} or --categorical ${cell.column}`;
  return new DataError(
    `${path}: line ${cell.line}: column ${cell.column} holds ${shown(cell.value)}, expected ${expectation(cell)}${detail}; ` +
      `correct the value, ${fixed ? 'or ' : ''}leave such rows out with --skip-bad-rows FILE${fixed ? '' : asText}`,
  );
}

/** The error for a record that cannot be cut into its fields. */
export function recordError(path: string, line: number, reason: string): DataError {
  return new DataError(
    `${path}: line ${line}: ${reason}; correct the line, or leave such rows out with --skip-bad-rows FILE`,
  );
}

/** A value as it stands in a message: quoted, control characters escaped, not too long. */
export function shown(value: string): string {
  return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
}
