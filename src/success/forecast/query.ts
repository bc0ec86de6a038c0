import { newestFirst } from '../../core/sql/newest-first.js';
import { timestampLiteral } from '../../core/sql/timestamp.js';
import type { Query } from '../../sources/table-source.js';
import type { ForecastConfig } from './config.js';

export const dailyMetricsTable = 'kol_silver.kol_daily_metrics';

/**
 * Every KOL's days that were over at the configured moment, as they were known then, in order: of deliveries of the same
 * day the one that was processed last. Both Trino and DuckDB read it.
 */
export function dailyMetricsQuery({ asOf }: Pick<ForecastConfig, 'asOf'>): Query {
  const moment = asOf === undefined ? '' : timestampLiteral(asOf);
  const bound =
    asOf === undefined
      ? ''
      : ` WHERE CAST(metric_date AS timestamp) <= ${moment} - INTERVAL '1' DAY AND processed_at <= ${moment}`;
  const count = (column: string): string => `CAST(${column} AS double)`;
  return {
    sql: ({ table }) =>
      `SELECT kol_id, CAST(CAST(metric_date AS date) AS timestamp) AS day, processed_at, ${count('views')} AS views, ` +
      `${count('likes')} + ${count('comments')} + ${count('shares')} AS engagement, ${count('orders')} AS orders ` +
      `FROM (SELECT *, row_number() OVER (PARTITION BY kol_id, CAST(metric_date AS date) ORDER BY ` +
      `${newestFirst(['views', 'orders', 'likes', 'comments', 'shares'])}) AS delivery FROM ${table(dailyMetricsTable)}${bound}) AS deliveries ` +
      `WHERE delivery = 1 ORDER BY kol_id, day`,
  };
}
