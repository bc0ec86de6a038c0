import { timestampLiteral } from '../core/sql/timestamp.js';
import type { Query } from '../sources/table-source.js';
import { trustTrainingTable } from './columns.js';
import type { TrustConfig } from './config.js';

/** The labelled accounts in the order of their ids, as of the configured moment. */
export function trustQuery({ asOf }: Pick<TrustConfig, 'asOf'>): Query {
  const bound = asOf === undefined ? '' : ` WHERE as_of <= ${timestampLiteral(asOf)}`;
  return { sql: ({ table }) => `SELECT * FROM ${table(trustTrainingTable)}${bound} ORDER BY kol_id, as_of` };
}
