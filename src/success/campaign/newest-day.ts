import type { Query } from '../../sources/table-source.js';

/** The newest recorded day of all KOLs. */
export const newestDayQuery: Query = {
  sql: ({ table }) =>
    `SELECT max(CAST(metric_date AS timestamp)) AS newest FROM ${table('kol_silver.kol_daily_metrics')}`,
};
