import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Column } from '../core/table.js';
import { Table } from '../core/table.js';
import type { TableWriter, WriteColumn } from './table-writer.js';
import { tableWriter } from './write-table.js';

/** A number (booleans as 0 or 1, times in milliseconds), a text, or no value. */
export type Cell = number | string | null;

/** Writes rows into the Parquet files of one lakehouse table. */
export interface PartWriter {
  /** Values in the order of the schema. */
  add(row: readonly Cell[]): void;
  /** Hands full batches on; call it between groups of rows. */
  flush(): Promise<void>;
  close(): Promise<void>;
  abort(): Promise<void>;
}

const rowsPerPart = 400_000;
const rowsPerBatch = 16_384;

/** Opens `<folder>/<schema>/<table>/part-00000.parquet` and as many further parts as the rows need. */
export async function partWriter(
  folder: string,
  table: string,
  schema: readonly WriteColumn[],
): Promise<PartWriter> {
  const path = join(folder, ...table.split('.'));
  await mkdir(path, { recursive: true });
  let part = 0;
  let writer: TableWriter | undefined;
  let inPart = 0;
  let rows: (readonly Cell[])[] = [];

  async function write(): Promise<void> {
    writer ??= await tableWriter(join(path, `part-${String(part).padStart(5, '0')}.parquet`), schema);
    await writer.write(toTable(schema, rows));
    inPart += rows.length;
    rows = [];
    if (inPart >= rowsPerPart) await finishPart();
  }
  async function finishPart(): Promise<void> {
    await writer?.close();
    writer = undefined;
    inPart = 0;
    part++;
  }

  return {
    add: (row) => void rows.push(row),
    flush: async () => {
      if (rows.length >= rowsPerBatch) await write();
    },
    close: async () => {
      if (rows.length > 0 || part === 0) await write();
      if (writer !== undefined) await finishPart();
    },
    abort: async () => {
      await writer?.abort();
    },
  };
}

function toTable(schema: readonly WriteColumn[], rows: readonly (readonly Cell[])[]): Table {
  const columns: Record<string, Column> = {};
  schema.forEach(({ name, type }, j) => {
    columns[name] =
      type === 'string'
        ? { type, values: rows.map((row) => row[j] as string | null) }
        : { type: 'number', values: Float64Array.from(rows, (row) => (row[j] as number | null) ?? NaN) };
  });
  return Table.fromColumns(columns);
}
