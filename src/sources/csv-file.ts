import { isUtf8 } from 'node:buffer';
import { DataError } from '../core/errors.js';
import type { Column, ColumnType } from '../core/table.js';
import { Table } from '../core/table.js';
import { scanFile } from './csv-blocks.js';
import { isMissing, isWideIntegerText, parseBoolean, parseNumber, parseTimestamp } from './csv-cells.js';
import type { Delimiter } from './csv-dialect.js';
import { sniffDialect } from './csv-dialect.js';
import type { BadCell } from './csv-problems.js';
import { cellError, recordError, shown } from './csv-problems.js';
import type { CsvDialect, CsvRecord } from './csv-records.js';
import { fieldText, newRecord, scanRecords } from './csv-records.js';
import { decideType, newProfile, profileCell } from './csv-types.js';
import type { DataFile, DataFileOptions } from './data-file.js';
import { checkRequired, isWanted } from './data-file-columns.js';
import { openRejects } from './rejects.js';
import type { ColumnSchema } from './table-source.js';

const batchRows = 16_384;

interface CsvSource {
  readonly path: string;
  readonly skip: number;
  readonly dialect: CsvDialect;
  /** All columns of the file, in its order. */
  readonly names: readonly string[];
}

/**
 * Opens a delimited text file whose first bytes are `head`. Columns without a forced type are typed by one pass over
 * the whole file; reading is a second pass.
 * @throws {DataError} for every way in which the file is not a table, naming file, line, column and value
 */
export async function openCsv(
  path: string,
  head: Buffer,
  whole: boolean,
  options: DataFileOptions & { readonly delimiter?: Delimiter },
): Promise<DataFile> {
  const skip = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
  const body = head.subarray(skip);
  const dialect = sniffDialect(body, whole, options.delimiter);
  const source: CsvSource = { path, skip, dialect, names: readHeader(path, body, whole, dialect) };
  checkRequired(path, source.names, options.required ?? []);
  if (source.names.length === 1) checkNotOneColumn(path, body, whole, source);

  const kept = source.names.map((_, j) => j).filter((j) => isWanted(source.names[j], options));
  const forced = new Map(Object.entries(options.types ?? {}));
  for (const name of options.textColumns ?? []) forced.set(name, 'string');
  const inferred = await inferTypes(source, kept, forced, options);
  const schema = kept.map((j): ColumnSchema => {
    const name = source.names[j];
    return { name, type: forced.get(name) ?? inferred.types.get(name) ?? 'string' };
  });

  let rejected = 0;
  return {
    path,
    schema,
    ...(inferred.nRows === undefined ? {} : { nRows: inferred.nRows }),
    get rejected() {
      return rejected;
    },
    batches: ({ signal } = {}) =>
      readBatches(source, kept, schema, options.skipBadRows, signal, (count) => (rejected = count)),
  };
}

function readHeader(path: string, body: Buffer, whole: boolean, dialect: CsvDialect): string[] {
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
function checkNotOneColumn(path: string, body: Buffer, whole: boolean, { dialect, names }: CsvSource): void {
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

interface Inferred {
  readonly types: ReadonlyMap<string, ColumnType>;
  readonly nRows: number | undefined;
}

async function inferTypes(
  source: CsvSource,
  kept: readonly number[],
  forced: ReadonlyMap<string, ColumnType>,
  { skipBadRows, signal }: DataFileOptions,
): Promise<Inferred> {
  const open = kept.filter((j) => !forced.has(source.names[j]));
  if (open.length === 0) {
    await assertHasRows(source, signal);
    return { types: new Map(), nRows: undefined };
  }
  const profiles = open.map(() => newProfile());
  const lenient = skipBadRows !== undefined;
  let records = -1;
  for await (const _ of scanFile(source.path, source.skip, source.dialect, signal, (record) => {
    if (++records === 0) return;
    const problem = recordProblem(record, source.names);
    if (problem !== undefined) {
      if (!lenient) throw recordError(source.path, record.line, problem.reason);
      return;
    }
    for (let k = 0; k < open.length; k++) profileCell(profiles[k], record, open[k]);
  }));
  if (records < 1) throw noRows(source.path);
  const types = new Map(
    open.map((j, k) => [source.names[j], decideType(profiles[k], source.path, source.names[j], lenient)]),
  );
  return { types, nRows: lenient ? undefined : records };
}

async function assertHasRows(source: CsvSource, signal: AbortSignal | undefined): Promise<void> {
  let records = 0;
  for await (const _ of scanFile(source.path, source.skip, source.dialect, signal, () => void records++)) {
    if (records > 1) return;
  }
  if (records < 2) throw noRows(source.path);
}

function noRows(path: string): DataError {
  return new DataError(`${path}: holds a header and no rows; expected at least one row`);
}

/** Why a record cannot be a row, with the column it went wrong in. */
function recordProblem(
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

type Cells = Float64Array | (string | null)[];

async function* readBatches(
  source: CsvSource,
  kept: readonly number[],
  schema: readonly ColumnSchema[],
  skipBadRows: string | undefined,
  signal: AbortSignal | undefined,
  onRejected: (count: number) => void,
): AsyncGenerator<Table> {
  const rejects = skipBadRows === undefined ? undefined : await openRejects(skipBadRows);
  try {
    let columns = emptyCells(schema);
    let nRows = 0;
    let total = 0;
    let isHeader = true;
    let full: Table[] = [];
    onRejected(0);

    const visit = (record: CsvRecord): void => {
      if (isHeader) {
        isHeader = false;
        return;
      }
      const malformed = recordProblem(record, source.names);
      if (malformed !== undefined) {
        if (rejects === undefined) throw recordError(source.path, record.line, malformed.reason);
        rejects.add(record, malformed.column, malformed.reason);
        return;
      }
      const bad = readRow(record, kept, schema, columns, nRows);
      if (bad !== undefined) {
        if (rejects === undefined) throw cellError(source.path, bad);
        rejects.addCell(record, bad);
        return;
      }
      if (++nRows === batchRows) {
        full.push(finish(schema, columns, nRows));
        columns = emptyCells(schema);
        nRows = 0;
      }
    };

    for await (const _ of scanFile(source.path, source.skip, source.dialect, signal, visit)) {
      const ready = full;
      full = [];
      if (rejects !== undefined) onRejected(await rejects.flush());
      for (const batch of ready) {
        total += batch.nRows;
        yield batch;
      }
    }
    total += nRows;
    if (total === 0) {
      if (rejects === undefined) throw noRows(source.path);
      const count = await rejects.close();
      throw new DataError(`${source.path}: all ${count} rows are bad; the reasons stand in ${skipBadRows}`);
    }
    if (nRows > 0) yield finish(schema, columns, nRows);
    if (rejects !== undefined) onRejected(await rejects.close());
  } finally {
    await rejects?.abort();
  }
}

function emptyCells(schema: readonly ColumnSchema[]): Cells[] {
  return schema.map(({ type }) => (type === 'string' ? [] : new Float64Array(batchRows)));
}

function finish(schema: readonly ColumnSchema[], cells: readonly Cells[], nRows: number): Table {
  const columns: Record<string, Column> = {};
  schema.forEach(({ name, type }, k) => {
    const values = cells[k];
    columns[name] =
      type === 'string'
        ? { type, values: (values as (string | null)[]).slice(0, nRows) }
        : {
            type,
            values: nRows === batchRows ? (values as Float64Array) : (values as Float64Array).slice(0, nRows),
          };
  });
  return Table.fromColumns(columns);
}

/** Writes one record into row `row` of `columns`; a bad value is returned and leaves the row to be overwritten. */
function readRow(
  record: CsvRecord,
  kept: readonly number[],
  schema: readonly ColumnSchema[],
  columns: readonly Cells[],
  row: number,
): BadCell | undefined {
  const { bytes, starts, ends } = record;
  for (let k = 0; k < kept.length; k++) {
    const j = kept[k];
    const start = starts[j];
    const end = ends[j];
    const cells = columns[k];
    const missing = isMissing(bytes, start, end);
    if (Array.isArray(cells)) {
      cells[row] = missing ? null : fieldText(record, j);
      continue;
    }
    if (missing) {
      cells[row] = NaN;
      continue;
    }
    const { name, type } = schema[k];
    const value = parseCell(type, bytes, start, end);
    if (Number.isNaN(value)) {
      return { line: record.line, column: name, value: fieldText(record, j), expected: type };
    }
    if (type === 'number' && Math.abs(value) >= 9007199254740992 && isWideIntegerText(bytes, start, end)) {
      return { line: record.line, column: name, value: fieldText(record, j), expected: 'exact integer' };
    }
    cells[row] = value;
  }
  return undefined;
}

function parseCell(type: ColumnType, bytes: Buffer, start: number, end: number): number {
  if (type === 'number') return parseNumber(bytes, start, end);
  if (type === 'timestamp') return parseTimestamp(bytes, start, end);
  const boolean = parseBoolean(bytes, start, end);
  if (!Number.isNaN(boolean)) return boolean;
  const number = parseNumber(bytes, start, end);
  return number === 0 || number === 1 ? number : NaN;
}
