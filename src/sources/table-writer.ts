import type { ColumnType, Table } from '../core/table.js';

/** A column to write: `float32` in its shortest form, `integer` as BIGINT, `date` a timestamp without its time of day. */
export interface WriteColumn {
  readonly name: string;
  readonly type: ColumnType | 'float32' | 'integer' | 'date';
}

/** Writes a table batch by batch; the file appears under its name on `close`, whole, or never. */
export interface TableWriter {
  /**
   * @throws {DataError} when the batch lacks a column of the schema or holds it with another type
   * @throws {ConfigError} when the disk is full
   */
  write(batch: Table): Promise<void>;
  close(): Promise<void>;
  /** Leaves nothing behind; harmless after `close`. */
  abort(): Promise<void>;
}
