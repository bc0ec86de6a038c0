import type { InputColumn } from '../champion/model.js';
import { DataError } from '../core/errors.js';
import { sanitizeText } from '../core/sanitize-text.js';
import { Table } from '../core/table.js';
import type { SessionColumns } from './session.js';

const millisecondsPerDay = 86_400_000;

/**
 * Raw columns as a champion's graph takes them: numbers and booleans as float32, timestamps as float32 days since
 * 1970-01-01 UTC, texts sanitised.
 *
 * @throws {DataError} for a column that is absent or holds texts for numbers, or numbers for texts
 */
export function feedsOf(inputs: readonly InputColumn[], table: Table): SessionColumns {
  return Object.fromEntries(
    inputs.map(({ name, type }) => {
      const column = Table.column(table, name);
      if (type === 'string') return [name, Table.strings(table, name).map(sanitizeText)];
      if (column.type === 'string') throw new DataError(`column ${name} holds text, expected a ${type}`);
      const unit = column.type === 'timestamp' ? millisecondsPerDay : 1;
      return [name, Float32Array.from(column.values, (value) => value / unit)];
    }),
  );
}
