import { newestFirst } from '../../core/sql/newest-first.js';
import type { SqlEngine } from '../../sources/table-source.js';

/** Windows that habits are read over, in days. */
export const windows = [28, 90] as const;

/** Days that a follower count may be older than the day it stands for. */
const slack = 7;
const longest = Math.max(...windows);

const counted = [
  'views',
  'likes',
  'comments',
  'shares',
  'followers_count',
  'following_count',
  'posts',
  'clicks',
  'orders',
  'revenue',
] as const;

/**
 * What each offer's KOL did in the 28 and 90 days before `as_of`: sums over recorded days, and the followers now, then
 * and at their largest jump. A day is over when the next one begins: its row is read from then on, and only where it
 * was processed by `as_of`; of several versions the newest by then counts.
 *
 * Sums of whole numbers in double are exact, so they do not depend on the order in which an engine adds them; money is
 * added in cents for that reason.
 */
export const audience = ({ table }: SqlEngine): string => `daily AS (
  SELECT *, lag(followers_count) OVER (PARTITION BY offer_id ORDER BY day) AS followers_before
  FROM (
    SELECT o.offer_id, o.as_of, CAST(m.metric_date AS timestamp) AS day,
      ${counted.map((name) => `m.${name}`).join(', ')},
      row_number() OVER (
        PARTITION BY o.offer_id, m.metric_date ORDER BY ${newestFirst(counted, 'm')}
      ) AS place
    FROM offers o
    JOIN ${table('kol_silver.kol_daily_metrics')} m
      ON m.kol_id = o.kol_id
      AND CAST(m.metric_date AS timestamp) <= o.as_of - INTERVAL '1' DAY
      AND CAST(m.metric_date AS timestamp) > o.as_of - INTERVAL '${longest + slack + 1}' DAY
      AND m.processed_at <= o.as_of
  ) AS versions
  WHERE place = 1
),
audience AS (
  SELECT offer_id,
    ${latest('followers_count', 0)} AS followers_count,
    ${latest('following_count', 0)} AS following_count,
    ${windows.map((days) => `${latest('followers_count', days)} AS followers_${days}_days_ago`).join(',\n    ')},
    max(CAST(followers_count - followers_before AS double) / NULLIF(CAST(followers_before AS double), 0))
      AS largest_follower_jump,
    ${windows.flatMap(sums).join(',\n    ')}
  FROM daily GROUP BY offer_id
)`;

/** The newest value at least so many days old. */
function latest(name: string, days: number): string {
  return `max_by(${name}, day) FILTER (WHERE ${name} IS NOT NULL AND day <= as_of - INTERVAL '${days + 1}' DAY)`;
}

function sums(days: number): string[] {
  const within = `day > as_of - INTERVAL '${days + 1}' DAY`;
  const sum = (name: string, condition: string): string =>
    `sum(CAST(${name} AS double)) FILTER (WHERE ${within} AND ${condition}) AS ${name}_${days}`;
  const count = (alias: string, condition: string): string =>
    `count(*) FILTER (WHERE ${within} AND ${condition}) AS ${alias}_${days}`;
  return [
    count('days', 'posts IS NOT NULL'),
    sum('posts', 'posts IS NOT NULL'),
    count('view_days', 'views IS NOT NULL'),
    ...['views', 'likes', 'comments', 'shares'].map((name) => sum(name, 'views IS NOT NULL')),
    count('sales_days', 'clicks IS NOT NULL AND orders IS NOT NULL'),
    ...['clicks', 'orders'].map((name) => sum(name, 'clicks IS NOT NULL AND orders IS NOT NULL')),
    `sum(round(100 * revenue)) FILTER (WHERE ${within} AND revenue IS NOT NULL) / 100 AS revenue_${days}`,
  ];
}
