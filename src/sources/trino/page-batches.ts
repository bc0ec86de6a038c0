import { Table, type Column } from '../../core/table.js';
import { batchRows } from '../duckdb-columns.js';
import type { Cells, ColumnReader } from './trino-columns.js';

/** Gathers rows into batches of `batchRows` rows, wherever the pages end. */
export interface BatchBuilder {
  /** Takes rows in and gives the batches that they fill. */
  add(rows: readonly (readonly unknown[])[]): Generator<Table>;
  /** The rows left over; an empty batch when there was no row at all, so that the columns are known. */
  rest(): Table | undefined;
}

/** An empty builder for the columns that `readers` read. */
export function createBatchBuilder(readers: readonly ColumnReader[]): BatchBuilder {
  let cells = readers.map(emptyCells);
  let nRows = 0;
  let any = false;

  function take(): Table {
    const columns: Record<string, Column> = {};
    readers.forEach(({ name, type }, j) => {
      const values = cells[j];
      columns[name] =
        type === 'string'
          ? { type, values: values as (string | null)[] }
          : {
              type,
              values:
                nRows === batchRows ? (values as Float64Array) : (values as Float64Array).slice(0, nRows),
            };
    });
    cells = readers.map(emptyCells);
    nRows = 0;
    any = true;
    return Table.fromColumns(columns);
  }

  return {
    *add(rows) {
      for (let from = 0; from < rows.length;) {
        const to = Math.min(rows.length, from + batchRows - nRows);
        readers.forEach((reader, j) => reader.read(rows, j, from, to, cells[j], nRows));
        nRows += to - from;
        from = to;
        if (nRows === batchRows) yield take();
      }
    },
    rest: () => (nRows > 0 || !any ? take() : undefined),
  };
}

function emptyCells({ type }: ColumnReader): Cells {
  return type === 'string' ? [] : new Float64Array(batchRows);
}
