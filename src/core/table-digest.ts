import { createHash } from 'node:crypto';
import type { Table } from './table.js';

/**
 * SHA-256 over the content of a table: names, types and values of its columns, in the order of its rows. It does not
 * depend on the order of the columns, nor on which engine or batches the rows came from.
 */
export function tableDigest(table: Table): string {
  const hash = createHash('sha256');
  for (const [name, column] of Object.entries(table.columns).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, column.type, table.nRows]));
    if (column.type === 'string') hash.update(JSON.stringify(column.values));
    else hash.update(littleEndian(column.values));
  }
  return hash.digest('hex');
}

/** Every missing value as the same bits: engines differ in the sign and payload of NaN. */
function littleEndian(values: Float64Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => view.setFloat64(8 * i, Number.isNaN(value) ? NaN : value, true));
  return new Uint8Array(view.buffer);
}
