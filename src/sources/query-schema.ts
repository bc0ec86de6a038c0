import { ConfigError, DataError } from '../core/errors.js';
import { listNames, nearestHint } from '../core/nearest-name.js';
import type { ColumnSchema, Query } from './table-source.js';

/**
 * Checks that a result has the columns that the query's caller counts on.
 * @throws {DataError} for a column that is missing
 * @throws {ConfigError} for one of another type
 */
export function checkSchema(query: Query, actual: readonly ColumnSchema[]): void {
  for (const { name, type } of query.schema ?? []) {
    const column = actual.find((candidate) => candidate.name === name);
    if (column === undefined) {
      const known = actual.map((candidate) => candidate.name);
      throw new DataError(
        `query: column ${name} is missing${nearestHint(name, known)}; it gives ${listNames(known)}`,
      );
    }
    if (column.type !== type) {
      throw new ConfigError(
        `query: column ${name} is a ${column.type}, expected a ${type}; cast it in the query`,
      );
    }
  }
}
