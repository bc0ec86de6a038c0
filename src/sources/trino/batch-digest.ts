import { createHash } from 'node:crypto';
import type { Table } from '../../core/table.js';

/** A hash of the columns and rows of a batch within one process: equal for equal bits. */
export function batchDigest(batch: Table): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify(Object.entries(batch.columns).map(([name, { type }]) => [name, type])));
  for (const column of Object.values(batch.columns)) {
    if (column.type !== 'string') {
      const { buffer, byteOffset, byteLength } = column.values;
      hash.update(new Uint8Array(buffer, byteOffset, byteLength));
      continue;
    }
    // With the lengths, the joined text can be cut in one way only.
    hash.update(new Uint8Array(Int32Array.from(column.values, (text) => text?.length ?? -1).buffer));
    hash.update(column.values.join(''), 'utf16le');
  }
  return hash.digest('base64');
}
