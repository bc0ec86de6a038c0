import type { InputColumn } from '../champion/model.js';
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
  const feeds: Record<string, Float32Array | readonly string[]> = {};
  for (const { name, type } of inputs) {
    if (type === 'string') {
      feeds[name] = Table.strings(table, name).map(sanitizeText);
    } else {
      const unit = Table.column(table, name).type === 'timestamp' ? millisecondsPerDay : 1;
      feeds[name] = Float32Array.from(Table.numbers(table, name), (value) => value / unit);
    }
  }
  return feeds;
}
