import { newestFirst } from '../../core/sql/newest-first.js';
import type { SqlEngine } from '../../sources/table-source.js';

/**
 * The posts of each offer's KOL in the 90 days before `as_of`, as far as they were processed by then: a post's counts
 * are those of its newest version known at `as_of`, never what it gathered later.
 */
export const content = ({ table }: SqlEngine): string => `content AS (
  SELECT offer_id, count(*) AS content_90, sum(CAST(views AS double)) AS content_views_90,
    sum(CAST(likes AS double)) AS content_likes_90, sum(CAST(comments AS double)) AS content_comments_90,
    max(CAST(views AS double)) AS content_best_views_90,
    count(*) FILTER (WHERE content_type = 'live') AS content_live_90
  FROM (
    SELECT o.offer_id, c.content_type, c.views, c.likes, c.comments,
      row_number() OVER (
        PARTITION BY o.offer_id, c.content_id
        ORDER BY ${newestFirst(['views', 'likes', 'comments', 'content_type'], 'c')}
      ) AS place
    FROM offers o
    JOIN ${table('kol_silver.kol_content')} c
      ON c.kol_id = o.kol_id AND c.posted_at <= o.as_of AND c.posted_at > o.as_of - INTERVAL '90' DAY
      AND c.processed_at <= o.as_of
  ) AS versions
  WHERE place = 1
  GROUP BY offer_id
)`;
