import type { Table } from '../core/table.js';
import { openAtomicFile } from './atomic-file.js';
import { csvField } from './csv-text.js';
import type { TableWriter, WriteColumn } from './table-writer.js';
import { writtenValues } from './written-values.js';

/** Writes RFC 4180 with LF line ends; missing values are empty, times are ISO 8601 in UTC. */
export async function csvWriter(path: string, schema: readonly WriteColumn[]): Promise<TableWriter> {
  const file = await openAtomicFile(path);
  await file.write(`${schema.map(({ name }) => csvField(name)).join(',')}\n`);
  return {
    write: async (batch) => {
      const format = schema.map((column) => formatter(batch, column, path));
      const rowsAtOnce = 4096;
      for (let from = 0; from < batch.nRows; from += rowsAtOnce) {
        const to = Math.min(from + rowsAtOnce, batch.nRows);
        let text = '';
        for (let i = from; i < to; i++) {
          text += format[0](i);
          for (let j = 1; j < format.length; j++) text += `,${format[j](i)}`;
          text += '\n';
        }
        await file.write(text);
      }
    },
    close: () => file.close(),
    abort: () => file.abort(),
  };
}

function formatter(batch: Table, column: WriteColumn, path: string): (row: number) => string {
  const written = writtenValues(batch, column, path);
  if (written.type === 'string') {
    const { values } = written;
    return (i) => {
      const value = values[i];
      return value === null ? '' : csvField(value);
    };
  }
  const { values } = written;
  const format = numberFormats[column.type as keyof typeof numberFormats];
  return (i) => (Number.isNaN(values[i]) ? '' : format(values[i]));
}

const numberFormats = {
  number: doubleText,
  integer: doubleText,
  float32: shortestFloat32,
  boolean: (value: number) => (value === 0 ? 'false' : 'true'),
  timestamp: timeText,
  date: (value: number) => new Date(value).toISOString().slice(0, 10),
} as const;

function doubleText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  return Number.isFinite(value) ? String(value) : value > 0 ? 'inf' : '-inf';
}

/** The shortest decimal that rounds to the same float32. */
export function shortestFloat32(value: number): string {
  if (!Number.isFinite(value) || Number.isInteger(value)) return doubleText(value);
  // Six digits survive in every float32 and nine tell all of them apart (IEEE 754-2019, 5.12.2).
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(Number(value.toPrecision(9)));
}

function timeText(value: number): string {
  const text = new Date(value).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
}
