import { DataError } from '../core/errors.js';
import type { Column, Table } from '../core/table.js';
import type { WriteColumn } from './table-writer.js';

/**
 * The values of one column as they are written: float32 rounded, everything else as it is.
 * @throws {DataError} when the batch lacks the column, holds text for a number or the reverse, an integer column
 *   holds a fraction, or a time lies outside the years 0 to 9999
 */
export function writtenValues(batch: Table, { name, type }: WriteColumn, path: string): Column {
  const column = Object.hasOwn(batch.columns, name) ? batch.columns[name] : undefined;
  if (column === undefined) throw new DataError(`${path}: the rows to write lack column ${name}`);
  if ((column.type === 'string') !== (type === 'string')) {
    throw new DataError(`${path}: column ${name} holds ${column.type} values, expected ${type}`);
  }
  if (column.type === 'string') return column;
  const { values } = column;
  if (type === 'float32') return { type: 'number', values: Float64Array.from(values, Math.fround) };
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    if (type === 'integer' && !Number.isSafeInteger(value)) {
      throw new DataError(`${path}: column ${name} holds ${value}, expected an integer within 2^53`);
    }
    if ((type === 'timestamp' || type === 'date') && !(value >= -62167219200000 && value < 253402300800000)) {
      throw new DataError(
        `${path}: column ${name} holds ${value}, expected milliseconds within the years 0 to 9999`,
      );
    }
  }
  return column;
}
