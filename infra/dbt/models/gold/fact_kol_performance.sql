{{ config(
  materialized='incremental' if target.type == 'trino' else 'table',
  incremental_strategy='replace_days',
  unique_key=['kol_id', 'platform', 'content_type', 'posted_date'],
  on_table_exists=replaced_whole(),
  on_schema_change='fail',
  meta={'row_order': ['kol_id', 'posted_date', 'content_type'], 'day': 'posted_date'},
) }}

WITH posts AS (
  SELECT * FROM {{ ref('stg_content') }}
  {% if is_incremental() %}
  WHERE posted_date IN (SELECT day FROM ({{ touched_days() }}) AS touched)
  {% endif %}
), totals AS (
  SELECT
    kol_id, platform, content_type, posted_date,
    {{ whole_sum('views') }} AS total_views,
    {{ whole_sum('likes') }} AS total_likes,
    {{ whole_sum('comments') }} AS total_comments,
    {{ whole_sum('shares') }} AS total_shares
  FROM posts
  GROUP BY kol_id, platform, content_type, posted_date
)

SELECT
  t.kol_id, t.platform, t.content_type, t.posted_date, d.followers_count,
  t.total_views, t.total_likes, t.total_comments, t.total_shares,
  {# Posts whose comments were not counted have an engagement all the same. #}
  CASE
    WHEN t.total_views > 0
      THEN CAST(t.total_likes + coalesce(t.total_comments, 0) + t.total_shares AS DOUBLE) / t.total_views
  END AS engagement_rate
FROM totals AS t
LEFT JOIN {{ ref('stg_daily_metrics') }} AS d
  ON d.kol_id = t.kol_id AND d.metric_date = t.posted_date
