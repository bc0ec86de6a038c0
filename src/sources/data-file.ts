import { open } from 'node:fs/promises';
import { DataError } from '../core/errors.js';
import { Table } from '../core/table.js';
import { openCsv } from './csv-file.js';
import { isErrnoException } from './errno.js';
import { openParquet } from './parquet-file.js';
import type { DataFile, DataFileOptions } from './data-file-types.js';

const headSize = 1 << 18;

/**
 * Opens any delimited text file (`,` `;` tab or `|`, UTF-8, with a header) or Parquet file.
 *
 * Text: outer blanks are trimmed; empty, `?`, `NA`, `N/A`, `NaN`, `null`, `NULL` and `None` are missing; a column is
 * boolean (`true/false/yes/no`), number, timestamp (ISO 8601) or text, decided over the whole file. Integers beyond
 * 2^53 and zero-padded integers are ids and codes, so text. Parquet: types as stored; integers beyond 2^53 as text.
 *
 * @throws {DataError} for a missing, empty, binary or malformed file, missing or repeated columns, and (without
 *   `skipBadRows`) for the first bad row, naming file, line, column, value, what was expected and how to mend it
 * @throws {ConfigError} when the file for bad rows cannot be written
 */
export async function openDataFile(path: string, options: DataFileOptions = {}): Promise<DataFile> {
  const { head, size } = await readHead(path);
  if (size === 0) throw new DataError(`${path}: is empty (0 bytes), expected a header line and rows`);
  if (head.toString('latin1', 0, 4) === 'PAR1' || /\.parquet$/i.test(path)) return openParquet(path, options);
  const format = foreignFormat(head);
  if (format !== undefined) throw new DataError(`${path}: ${format}`);
  return openCsv(path, head, size <= head.length, options);
}

/** All rows of a file as one table. */
export async function readWhole(file: DataFile, signal?: AbortSignal): Promise<Table> {
  const batches: Table[] = [];
  for await (const batch of file.batches(signal && { signal })) batches.push(batch);
  return Table.concat(batches);
}

async function readHead(path: string): Promise<{ head: Buffer; size: number }> {
  try {
    const file = await open(path, 'r');
    try {
      const status = await file.stat();
      if (status.isDirectory())
        throw new DataError(`${path}: is a folder, expected a CSV, TSV or Parquet file`);
      const bytes = Buffer.alloc(Math.min(headSize, status.size));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return { head: bytes.subarray(0, bytesRead), size: status.size };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    const code = isErrnoException(error) ? error.code : '';
    const reason =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? 'does not exist; check the path'
        : code === 'EACCES' || code === 'EPERM'
          ? 'cannot be read: no permission'
          : `cannot be read (${error instanceof Error ? error.message : String(error)})`;
    throw new DataError(`${path}: ${reason}`, { cause: error });
  }
}

/** Why bytes are no UTF-8 text at all, where their first ones tell. */
function foreignFormat(head: Buffer): string | undefined {
  const start = head.subarray(0, 4).toString('hex');
  const mend = 'expected a UTF-8 CSV, TSV or Parquet file';
  if (start.startsWith('fffe') || start.startsWith('feff')) {
    return `is UTF-16 text, ${mend}; save it as "CSV UTF-8"`;
  }
  if (start.startsWith('1f8b')) return `is compressed with gzip, ${mend}; decompress it first`;
  if (start === '28b52ffd') return `is compressed with zstd, ${mend}; decompress it first`;
  if (start === '504b0304') return `is a zip archive or an Excel workbook, ${mend}; save it as "CSV UTF-8"`;
  if (head.subarray(0, 8192).includes(0)) return `is a binary file (it holds NUL bytes), ${mend}`;
  return undefined;
}
