SELECT
  kol_id, metric_date, followers_count
FROM (
  SELECT
    *,
    {{ delivery(['kol_id', 'metric_date'], ['followers_count']) }} AS place
  FROM {{ source('kol_silver', 'kol_daily_metrics') }}
  WHERE {{ known('CAST(metric_date AS TIMESTAMP)') }}
) AS deliveries
WHERE place = 1
