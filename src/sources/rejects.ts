import { openAtomicFile } from './atomic-file.js';
import type { BadCell } from './csv-problems.js';
import { expectation } from './csv-problems.js';
import type { CsvRecord } from './csv-records.js';
import { csvField } from './csv-text.js';

/** Rows set aside: `line,column,value,reason,record`, the record as it stood in the file. */
export interface Rejects {
  add(record: CsvRecord, column: string, reason: string): void;
  addCell(record: CsvRecord, cell: BadCell): void;
  /** A bad row that has no text of its own, as in Parquet. */
  addRow(line: number, column: string, value: string, reason: string): void;
  /** Writes what was added; returns how many rows were set aside so far. */
  flush(): Promise<number>;
  /** Makes the file appear, also when no row was bad, so that no older one is taken for this one. */
  close(): Promise<number>;
  abort(): Promise<void>;
}

/** Opens the file for rows set aside; it appears at `path` on `close`, whole. */
export async function openRejects(path: string): Promise<Rejects> {
  const file = await openAtomicFile(path);
  let lines: string[] = ['line,column,value,reason,record\n'];
  let count = 0;

  function push(line: number, column: string, value: string, reason: string, record: string): void {
    count++;
    lines.push(`${line},${[column, value, reason, record].map(csvField).join(',')}\n`);
  }
  async function flush(): Promise<number> {
    const text = lines.join('');
    lines = [];
    await file.write(text);
    return count;
  }
  const raw = ({ bytes, from, to }: CsvRecord) => bytes.toString('utf8', from, to);

  return {
    add: (record, column, reason) => push(record.line, column, '', reason, raw(record)),
    addCell: (record, cell) =>
      push(cell.line, cell.column, cell.value, `expected ${expectation(cell)}`, raw(record)),
    addRow: (line, column, value, reason) => push(line, column, value, reason, ''),
    flush,
    close: async () => {
      await flush();
      await file.close();
      return count;
    },
    abort: () => file.abort(),
  };
}
