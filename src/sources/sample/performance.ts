import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { duckdbLakehouse } from '../duckdb.js';
import { tableWriter } from '../write-table.js';
import { schemas } from './schemas.js';

/** One row for each KOL, content type and day with posts, from the latest version of every post and daily row. */
const sql = `
  WITH posts AS (
    SELECT *, row_number() OVER (PARTITION BY content_id ORDER BY processed_at DESC) AS version
    FROM kol_silver.kol_content
  ), days AS (
    SELECT *, row_number() OVER (PARTITION BY kol_id, metric_date ORDER BY processed_at DESC) AS version
    FROM kol_silver.kol_daily_metrics
  ), totals AS (
    SELECT kol_id, platform, content_type, CAST(posted_at AS DATE) AS posted_date,
      CAST(sum(views) AS BIGINT) AS total_views, CAST(sum(likes) AS BIGINT) AS total_likes,
      CAST(sum(comments) AS BIGINT) AS total_comments, CAST(sum(shares) AS BIGINT) AS total_shares
    FROM posts WHERE version = 1 GROUP BY 1, 2, 3, 4
  )
  SELECT t.kol_id, t.platform, t.content_type, t.posted_date, d.followers_count,
    t.total_views, t.total_likes, t.total_comments, t.total_shares,
    CASE WHEN t.total_views > 0 THEN CAST(t.total_likes + coalesce(t.total_comments, 0) + t.total_shares AS DOUBLE)
      / t.total_views END AS engagement_rate
  FROM totals t
  LEFT JOIN days d ON d.kol_id = t.kol_id AND d.metric_date = t.posted_date AND d.version = 1
  ORDER BY t.kol_id, t.posted_date, t.content_type`;

/** Derives kol_gold.fact_kol_performance from the silver tables that already stand in `folder`. */
export async function writePerformance(folder: string, signal: AbortSignal | undefined): Promise<void> {
  const table = join(folder, 'kol_gold', 'fact_kol_performance');
  await mkdir(table, { recursive: true });
  const source = await duckdbLakehouse(folder);
  const writer = await tableWriter(
    join(table, 'part-00000.parquet'),
    schemas['kol_gold.fact_kol_performance'],
  );
  try {
    for await (const batch of source.read({ sql: () => sql }, signal === undefined ? {} : { signal }))
      await writer.write(batch);
    await writer.close();
  } finally {
    await writer.abort();
    await source.close();
  }
}
