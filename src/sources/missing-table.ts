import { DataError } from '../core/errors.js';
import type { TableSource } from './table-source.js';

/** A query names a table that is not there. */
export class MissingTableError extends DataError {
  /** As the source says it: `catalog.schema.table`, `schema.table` or `schema`. */
  readonly missing: string;

  constructor(message: string, missing: string) {
    super(message);
    this.missing = missing;
  }
}

/**
 * Whether a table is there to be read.
 * @param table `schema.table`
 * @throws {DataError} for a table that is there but cannot be read
 */
export async function hasTable(source: TableSource, table: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await source.snapshot([table], undefined, signal);
    return true;
  } catch (error) {
    if (error instanceof MissingTableError) return false;
    throw error;
  }
}
