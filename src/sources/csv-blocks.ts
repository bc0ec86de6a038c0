import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { DataError, throwIfAborted } from '../core/errors.js';
import type { CsvDialect, CsvRecord, ScanState } from './csv-records.js';
import { newRecord, scanRecords } from './csv-records.js';

const blockSize = 1 << 20;
const longestRecord = 1 << 26;

/**
 * Visits every record of a file in order, header included, and yields after each block how many records there were so
 * far, so that the caller can hand on what it gathered. A record with bytes that are not UTF-8, or with NUL, carries that as its problem.
 * @param skip bytes of a byte order mark at the start
 * @throws {DataError} for a quote that is never closed, naming the line that opens it
 * @throws {InterruptedError} once `signal` is aborted
 */
export async function* scanFile(
  path: string,
  skip: number,
  dialect: CsvDialect,
  signal: AbortSignal | undefined,
  visit: (record: CsvRecord) => void,
): AsyncGenerator<number> {
  const file = await open(path, 'r');
  try {
    const record = newRecord();
    const state: ScanState = { offset: 0, line: 1, openQuote: undefined };
    let bytes = Buffer.allocUnsafeSlow(2 * blockSize);
    let filled = 0;
    let position = skip;
    let records = 0;
    for (;;) {
      throwIfAborted(signal);
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position);
      position += bytesRead;
      filled += bytesRead;
      const last = bytesRead === 0;
      const suspicious = !plainText(bytes.subarray(0, filled), last);
      state.offset = 0;
      scanRecords(bytes, filled, last, dialect, state, record, (complete) => {
        if (suspicious) complete.problem ??= notText(complete);
        records++;
        visit(complete);
      });
      if (last) {
        if (state.openQuote !== undefined) throw openQuote(path, state.openQuote);
        yield records;
        return;
      }
      yield records;
      bytes.copyWithin(0, state.offset, filled);
      filled -= state.offset;
      if (filled === bytes.length) {
        if (filled >= longestRecord) throw openQuote(path, state.openQuote ?? state.line);
        const larger = Buffer.allocUnsafeSlow(2 * bytes.length);
        bytes.copy(larger, 0, 0, filled);
        bytes = larger;
      }
    }
  } finally {
    await file.close();
  }
}

function openQuote(path: string, line: number): DataError {
  return new DataError(
    `${path}: line ${line}: the quote opened here is never closed; close it, or double it ("") where it belongs to the text`,
  );
}

function plainText(bytes: Buffer, last: boolean): boolean {
  let end = bytes.length;
  // A character may be cut by the end of the block.
  if (!last) {
    for (let back = 1; back <= 3 && back <= bytes.length; back++) {
      const byte = bytes[bytes.length - back];
      if (byte >= 0xc0) end = bytes.length - back;
      if ((byte & 0xc0) !== 0x80) break;
    }
  }
  return isUtf8(bytes.subarray(0, end)) && !bytes.includes(0);
}

function notText(record: CsvRecord): CsvRecord['problem'] {
  for (let field = 0; field < record.nFields; field++) {
    const value = record.bytes.subarray(record.starts[field], record.ends[field]);
    if (!isUtf8(value)) return { reason: 'bytes that are not UTF-8', field };
    if (value.includes(0)) return { reason: 'a NUL byte', field };
  }
  return undefined;
}
