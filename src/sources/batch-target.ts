import { ConfigError } from '../core/errors.js';
import type { Table } from '../core/table.js';
import type { WriteColumn } from './table-writer.js';

/** Rows that are written as one: the same batch written again takes the place of what it wrote before. */
export interface Batch {
  /** `schema.table` */
  readonly table: string;
  readonly columns: readonly WriteColumn[];
  /** Columns whose values, the same in every row, name the batch within the table. */
  readonly within: readonly string[];
  /** Columns that together with those of `within` name a row. */
  readonly key: readonly string[];
  readonly rows: Table;
}

/** What was written, and where. */
export interface WrittenBatch {
  readonly where: string;
  readonly nRows: number;
}

/** A place for tables that the toolkit writes. */
export interface BatchTarget {
  /**
   * Writes a batch, whole or not at all; readers see the former one until then.
   * @throws {ConfigError} when the place cannot be written to
   * @throws {InterruptedError} once `signal` is aborted; nothing is left behind
   */
  replace(batch: Batch, signal?: AbortSignal): Promise<WrittenBatch>;
}

/**
 * The values that name a batch, in the order of `within`.
 * @throws {ConfigError} for an empty batch, or one whose rows differ in them
 */
export function batchValues({ table, within, rows }: Batch): readonly (string | number)[] {
  return within.map((name) => {
    const values: ArrayLike<string | number | null> = rows.columns[name].values;
    const [first] = Array.from({ length: Math.min(1, rows.nRows) }, (_, i) => values[i]);
    for (let i = 0; i < rows.nRows; i++) {
      if (values[i] !== first)
        throw new ConfigError(`${table}: rows of one batch differ in ${name}: ${first} and ${values[i]}`);
    }
    if (first === undefined || first === null)
      throw new ConfigError(`${table}: a batch needs at least one row and a value of ${name}`);
    return first;
  });
}
