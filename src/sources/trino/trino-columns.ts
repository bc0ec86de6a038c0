import { DataError } from '../../core/errors.js';
import type { ColumnType } from '../../core/table.js';
import type { TrinoColumn } from './connection.js';
import { parseTimestampText } from './timestamp-text.js';

type Rows = readonly (readonly unknown[])[];

/** What a column's values become: numbers (NaN where missing), or texts and null. */
export type Cells = Float64Array | (string | null)[];

/** How one column comes out of rows. */
export interface ColumnReader {
  readonly name: string;
  readonly type: ColumnType;
  /**
   * Writes column `j` of `rows[from, to)` into `out` from `at` on.
   * @throws {DataError} for a value that a table cannot hold exactly
   */
  read(rows: Rows, j: number, from: number, to: number, out: Cells, at: number): void;
}

const numbers = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal']);
const texts = new Set(['varchar', 'char', 'uuid', 'json', 'unknown']);
const exactLimit = 2 ** 53;

/** `timestamp` of `timestamp(6) with time zone`. */
function baseOf(type: string): string {
  return /^[^( ]*/.exec(type)?.[0].toLowerCase() ?? '';
}

/**
 * The type a Trino column takes in a table.
 * @throws {DataError} for nested, binary and time-of-day types, with the advice to cast or drop them
 */
export function tableType({ name, type }: TrinoColumn): ColumnType {
  const base = baseOf(type);
  if (base === 'boolean') return 'boolean';
  if (base === 'date' || base === 'timestamp') return 'timestamp';
  if (texts.has(base)) return 'string';
  if (numbers.has(base)) return 'number';
  throw new DataError(
    `query: column ${name} has type ${type}, expected a number, boolean, date, timestamp or text; ` +
      'cast it in the query, or leave the column out',
  );
}

/**
 * A reader for each column.
 * @throws {DataError} for a type that a table cannot hold, and for a name that appears twice
 */
export function columnReaders(columns: readonly TrinoColumn[]): readonly ColumnReader[] {
  const repeated = columns.find(({ name }, j) => columns.findIndex((c) => c.name === name) !== j);
  if (repeated !== undefined) {
    throw new DataError(`query: column ${repeated.name} appears twice; give each column a name of its own`);
  }
  return columns.map((column) => {
    const type = tableType(column);
    if (type === 'string') return { name: column.name, type, read: textReader(column) };
    const parse = parserOf(column);
    return { name: column.name, type, read: numberReader(parse, column) };
  });
}

function textReader(column: TrinoColumn): ColumnReader['read'] {
  return (rows, j, from, to, out, at) => {
    const values = out as (string | null)[];
    for (let i = from; i < to; i++) {
      const value = rows[i][j];
      if (typeof value !== 'string' && value !== null) throw unexpected(value, column);
      values[at++] = value;
    }
  };
}

/** Values that arrive as numbers need no parsing, except wide integers, and reals, of which the shortest text comes. */
function numberReader(parse: (value: unknown) => number, column: TrinoColumn): ColumnReader['read'] {
  const base = baseOf(column.type);
  const plain = base !== 'bigint' && base !== 'real';
  const limit = base === 'real' ? 0 : exactLimit;
  return (rows, j, from, to, out, at) => {
    const values = out as Float64Array;
    for (let i = from; i < to; i++) {
      const value = rows[i][j];
      if (value === null) values[at++] = NaN;
      else if (typeof value === 'number' && (plain || (value < limit && value > -limit)))
        values[at++] = value;
      else values[at++] = parse(value);
    }
  };
}

/** Parses what is neither null nor a plain number. */
function parserOf(column: TrinoColumn): (value: unknown) => number {
  const base = baseOf(column.type);
  if (base === 'date' || base === 'timestamp') {
    return (value) => {
      const time = typeof value === 'string' ? parseTimestampText(value) : NaN;
      if (Number.isNaN(time)) throw unclearTime(value, column);
      return time;
    };
  }
  if (base === 'boolean') {
    return (value) => {
      if (typeof value !== 'boolean') throw unexpected(value, column);
      return value ? 1 : 0;
    };
  }
  if (base === 'bigint') {
    return (value) => {
      if (typeof value !== 'number') throw unexpected(value, column);
      // JSON.parse has already rounded it, so that 2^53 may stand for the number above.
      throw new DataError(
        `query: column ${column.name} holds about ${value}, an integer beyond 2^53 that a number cannot hold exactly; ` +
          'read it as text (CAST AS VARCHAR)',
      );
    };
  }
  if (base === 'real') {
    return (value) => {
      const number = typeof value === 'number' ? value : parseDouble(value, column);
      return Math.fround(number);
    };
  }
  return (value) => parseDouble(value, column);
}

/** A double or decimal that came as text. */
function parseDouble(value: unknown, column: TrinoColumn): number {
  if (value === 'NaN') return NaN;
  const number = typeof value === 'string' && value !== '' ? Number(value) : NaN;
  if (Number.isNaN(number)) throw unexpected(value, column);
  return number;
}

function unclearTime(value: unknown, { name, type }: TrinoColumn): DataError {
  return new DataError(
    `query: column ${name} (${type}) holds ${said(value)}, which is no single moment; ` +
      `write ${name} AT TIME ZONE 'UTC' in the query`,
  );
}

function unexpected(value: unknown, { name, type }: TrinoColumn): DataError {
  return new DataError(
    `query: column ${name} holds ${said(value)}, which is no ${type}; cast it in the query`,
  );
}

function said(value: unknown): string {
  return (JSON.stringify(value) ?? String(value)).slice(0, 60);
}
