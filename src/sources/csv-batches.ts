import { DataError } from '../core/errors.js';
import type { Column, ColumnType } from '../core/table.js';
import { Table } from '../core/table.js';
import { scanFile } from './csv-blocks.js';
import { isMissing, isWideIntegerText, parseBoolean, parseNumber, parseTimestamp } from './csv-cells.js';
import type { BadCell } from './csv-problems.js';
import { cellError, recordError } from './csv-problems.js';
import type { CsvRecord } from './csv-records.js';
import { fieldText } from './csv-records.js';
import type { CsvSource } from './csv-source.js';
import { noRows, recordProblem } from './csv-source.js';
import { openRejects } from './rejects.js';
import type { ColumnSchema } from './table-source.js';

const batchRows = 16_384;

type Cells = Float64Array | (string | null)[];

/**
 * Streams the rows of the kept columns; bad rows go to the file `skipBadRows`, or end the reading.
 * @param kept positions of the columns of `schema` in the file
 * @param onRejected told how many rows were set aside so far
 * @throws {DataError} for the first bad row where none may be skipped, and when no row is left
 */
export async function* readBatches(
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
    let records = 0;
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
        if (rejects === undefined) throw cellError(source.path, bad, '', true);
        rejects.addCell(record, bad);
        return;
      }
      if (++nRows === batchRows) {
        full.push(finish(schema, columns, nRows));
        columns = emptyCells(schema);
        nRows = 0;
      }
    };

    for await (records of scanFile(source.path, source.skip, source.dialect, signal, visit)) {
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
      await rejects.close();
      throw new DataError(
        `${source.path}: all ${records - 1} rows are bad; the reasons stand in ${skipBadRows}`,
      );
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
