import { DataError } from '../../core/errors.js';
import type { SqlColumn } from '../duckdb-columns.js';
import type { WriteColumn } from '../table-writer.js';

/** The Iceberg type of a column that the toolkit writes, as Trino names it. */
export const writtenTypes: Readonly<Record<WriteColumn['type'], string>> = {
  string: 'varchar',
  boolean: 'boolean',
  number: 'double',
  float32: 'real',
  integer: 'bigint',
  timestamp: 'timestamp(6)',
  date: 'date',
};

const parquetTypes: Readonly<Record<string, string>> = {
  BOOLEAN: 'boolean',
  INTEGER: 'integer',
  BIGINT: 'bigint',
  FLOAT: 'real',
  DOUBLE: 'double',
  VARCHAR: 'varchar',
  DATE: 'date',
  TIMESTAMP: 'timestamp(6)',
  'TIMESTAMP WITH TIME ZONE': 'timestamp(6) with time zone',
};

/**
 * The Iceberg type that a Parquet column is read as, given what DuckDB calls it.
 * @throws {DataError} for a type that Iceberg has no like of
 */
export function icebergType({ name, sqlType }: SqlColumn, where: string): string {
  if (sqlType.endsWith('[]')) return `array(${icebergType({ name, sqlType: sqlType.slice(0, -2) }, where)})`;
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(sqlType);
  if (decimal !== null) return `decimal(${decimal[1]}, ${decimal[2]})`;
  const type = Object.hasOwn(parquetTypes, sqlType) ? parquetTypes[sqlType] : undefined;
  if (type === undefined) {
    throw new DataError(
      `${where}: column ${name} has type ${sqlType}, which Iceberg does not know; ` +
        'write it as BIGINT, DOUBLE, VARCHAR or TIMESTAMP (microseconds)',
    );
  }
  return type;
}
