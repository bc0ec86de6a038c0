import type { DataError } from '../core/errors.js';
import type { ColumnType } from '../core/table.js';
import {
  isMissing,
  isWideIntegerText,
  isZeroPadded,
  parseBoolean,
  parseNumber,
  parseTimestamp,
} from './csv-cells.js';
import type { CsvRecord } from './csv-records.js';
import { fieldText } from './csv-records.js';
import { cellError } from './csv-problems.js';

interface Cell {
  readonly line: number;
  readonly value: string;
}

/** What one pass over a column of text found. */
export interface ColumnProfile {
  present: number;
  numbers: number;
  booleans: number;
  timestamps: number;
  /** Integers that a double cannot hold: ids. */
  wide: number;
  /** Integers padded with zeros: codes. */
  padded: number;
  firstNotNumber: Cell | undefined;
  firstNotTimestamp: Cell | undefined;
}

/** A profile that has seen nothing. */
export function newProfile(): ColumnProfile {
  return {
    present: 0,
    numbers: 0,
    booleans: 0,
    timestamps: 0,
    wide: 0,
    padded: 0,
    firstNotNumber: undefined,
    firstNotTimestamp: undefined,
  };
}

/** Adds field `j` of a record to the profile of its column. */
export function profileCell(profile: ColumnProfile, record: CsvRecord, j: number): void {
  const { bytes } = record;
  const start = record.starts[j];
  const end = record.ends[j];
  if (isMissing(bytes, start, end)) return;
  profile.present++;
  const number = parseNumber(bytes, start, end);
  if (!Number.isNaN(number)) {
    profile.numbers++;
    if (Math.abs(number) >= 9007199254740992 && isWideIntegerText(bytes, start, end)) profile.wide++;
    else if (isZeroPadded(bytes, start, end)) profile.padded++;
    profile.firstNotTimestamp ??= { line: record.line, value: bytes.toString('utf8', start, end) };
    return;
  }
  profile.firstNotNumber ??= { line: record.line, value: fieldText(record, j) };
  if (!Number.isNaN(parseBoolean(bytes, start, end))) profile.booleans++;
  else if (!Number.isNaN(parseTimestamp(bytes, start, end))) profile.timestamps++;
  else profile.firstNotTimestamp ??= { line: record.line, value: fieldText(record, j) };
}

/** A column is taken for spoiled, rather than for text, from this share of numbers on. */
const spoiledFrom = 0.95;

/**
 * The type of a column. All numbers: number, except where integers leave the range of a double or at least 1 % are
 * padded with zeros, which are ids and codes, hence text. All of `true/false/yes/no`: boolean. All ISO times:
 * timestamp. Nothing but missing values: number.
 * @param lenient take a spoiled column for what most of it is, because bad rows are set aside
 * @throws {DataError} when at least 95 % but not all values are numbers (or times), naming the first that is not
 */
export function decideType(profile: ColumnProfile, path: string, name: string, lenient: boolean): ColumnType {
  const { present, numbers, booleans, timestamps } = profile;
  if (profile.wide > 0 || profile.padded >= 0.01 * Math.max(present, 1)) return 'string';
  if (numbers === present) return 'number';
  if (booleans === present) return 'boolean';
  if (timestamps === present) return 'timestamp';
  const spoiled = spoiledColumn(profile);
  if (spoiled === undefined) return 'string';
  if (lenient) return spoiled.type;
  throw spoiledError(path, name, profile, spoiled);
}

interface Spoiled {
  readonly type: 'number' | 'timestamp';
  readonly first: Cell;
  readonly good: number;
}

function spoiledColumn(profile: ColumnProfile): Spoiled | undefined {
  const { present, numbers, timestamps, firstNotNumber, firstNotTimestamp } = profile;
  if (numbers >= spoiledFrom * present && firstNotNumber !== undefined) {
    return { type: 'number', first: firstNotNumber, good: numbers };
  }
  if (timestamps >= spoiledFrom * present && firstNotTimestamp !== undefined) {
    return { type: 'timestamp', first: firstNotTimestamp, good: timestamps };
  }
  return undefined;
}

function spoiledError(path: string, name: string, { present }: ColumnProfile, spoiled: Spoiled): DataError {
  const problem = {
    line: spoiled.first.line,
    column: name,
    value: spoiled.first.value,
    expected: spoiled.type,
  };
  return cellError(path, problem, ` like ${spoiled.good} of the ${present} values of this column`);
}
