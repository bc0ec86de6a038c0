SELECT
  content_id, kol_id, platform, content_type, CAST(posted_at AS DATE) AS posted_date, views, likes, comments, shares
FROM (
  SELECT
    *,
    {{ delivery(['content_id'], ['kol_id', 'platform', 'content_type', 'posted_at', 'views', 'likes', 'comments', 'shares']) }} AS place
  FROM {{ source('kol_silver', 'kol_content') }}
  WHERE {{ known('posted_at') }}
) AS deliveries
WHERE place = 1
