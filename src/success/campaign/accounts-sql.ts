import { newestFirst } from '../../core/sql/newest-first.js';
import type { Query } from '../../sources/table-source.js';
import { timestampLiteral } from '../../core/sql/timestamp.js';

const described = [
  'followers_count',
  'following_count',
  'post_count',
  'favorites_count',
  'verified',
  'default_profile',
  'default_profile_image',
  'has_url',
  'account_created_at',
  'bio',
  'username',
  'display_name',
] as const;

/**
 * Every KOL as an account at `asOf`, in the columns that trust models know: the newest version of its profile, with the
 * newest follower counts of its days. What the lakehouse does not hold (place, language, geo flag) is not there.
 */
export function accountsQuery(asOf: string): Query {
  const now = timestampLiteral(asOf);
  return {
    sql: ({ table }) => `WITH versions AS (
  SELECT *, row_number() OVER (
    PARTITION BY kol_id ORDER BY valid_from DESC, ${newestFirst(described)}
  ) AS place
  FROM ${table('kol_silver.kol_profiles')} WHERE valid_from <= ${now} AND processed_at <= ${now}
),
counts AS (
  SELECT kol_id,
    max_by(followers_count, metric_date) FILTER (WHERE followers_count IS NOT NULL) AS followers_count,
    max_by(following_count, metric_date) FILTER (WHERE following_count IS NOT NULL) AS following_count
  FROM (
    SELECT kol_id, metric_date, followers_count, following_count, row_number() OVER (
      PARTITION BY kol_id, metric_date ORDER BY ${newestFirst(['followers_count', 'following_count'])}
    ) AS place
    FROM ${table('kol_silver.kol_daily_metrics')}
    WHERE CAST(metric_date AS timestamp) <= ${now} - INTERVAL '1' DAY AND processed_at <= ${now}
      AND CAST(metric_date AS timestamp) > ${now} - INTERVAL '30' DAY
  ) AS deliveries
  WHERE place = 1
  GROUP BY kol_id
)
SELECT v.kol_id, coalesce(c.followers_count, v.followers_count) AS followers_count,
  coalesce(c.following_count, v.following_count) AS following_count, v.post_count, v.favorites_count, v.verified,
  v.default_profile, v.default_profile_image, v.has_url, v.bio IS NOT NULL AND v.bio <> '' AS has_bio,
  v.account_created_at, v.bio, v.username, v.display_name
FROM versions v LEFT JOIN counts c ON c.kol_id = v.kol_id
WHERE v.place = 1
ORDER BY v.kol_id`,
  };
}
