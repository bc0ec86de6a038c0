-- The table that kol drift --activity reads, one text for Trino and DuckDB: followers of the last 120 days, and
-- views beside the interval that was forecast for them before the day began.
WITH
newest AS (
  SELECT max(metric_date) AS day FROM kol_silver.kol_daily_metrics
),
days AS (
  SELECT m.kol_id, m.metric_date, max(m.followers_count) AS followers_count, max(m.views) AS views
  FROM kol_silver.kol_daily_metrics AS m CROSS JOIN newest
  WHERE m.metric_date > newest.day - INTERVAL '120' DAY
  GROUP BY m.kol_id, m.metric_date
),
promised AS (
  SELECT kol_id, ds, yhat_lower, yhat_upper,
    row_number() OVER (PARTITION BY kol_id, ds ORDER BY forecast_at DESC) AS age
  FROM kol_gold.kol_forecasts
  WHERE metric = 'views' AND level = 95 AND forecast_at <= CAST(ds AS timestamp)
)
SELECT d.kol_id, d.metric_date, d.followers_count,
  CASE WHEN p.yhat_upper IS NOT NULL THEN d.views END AS actual,
  greatest(p.yhat_lower, 0) AS yhat_lower,
  p.yhat_upper
FROM days AS d
LEFT JOIN promised AS p ON p.kol_id = d.kol_id AND p.ds = d.metric_date AND p.age = 1
ORDER BY d.kol_id, d.metric_date
