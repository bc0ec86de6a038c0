import type { Query } from '../sources/table-source.js';
import { trustTrainingTable } from './columns.js';
import type { TrustConfig } from './config.js';

/** The labelled accounts in the order of their ids, as of the configured moment. */
export function trustQuery({ asOf }: Pick<TrustConfig, 'asOf'>): Query {
  const bound = asOf === undefined ? '' : ` WHERE as_of <= TIMESTAMP '${sqlTimestamp(asOf)}'`;
  return { sql: `SELECT * FROM ${trustTrainingTable}${bound} ORDER BY kol_id` };
}

/** An ISO 8601 moment as a UTC literal without zone, which Trino and DuckDB read alike. */
function sqlTimestamp(iso: string): string {
  return new Date(iso).toISOString().replace('T', ' ').replace('Z', '');
}
