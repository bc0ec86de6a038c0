-- Posts, views, likes, comments and shares of the gold table are those of the newest versions of all posts.
WITH silver AS (
  SELECT sum(views) AS views, sum(likes) AS likes, sum(comments) AS comments, sum(shares) AS shares,
    count(DISTINCT kol_id) AS kols
  FROM {{ ref('stg_content') }}
), gold AS (
  SELECT sum(total_views) AS views, sum(total_likes) AS likes, sum(total_comments) AS comments,
    sum(total_shares) AS shares, count(DISTINCT kol_id) AS kols
  FROM {{ ref('fact_kol_performance') }}
)
SELECT *
FROM silver CROSS JOIN gold
WHERE silver.views IS DISTINCT FROM gold.views
  OR silver.likes IS DISTINCT FROM gold.likes
  OR silver.comments IS DISTINCT FROM gold.comments
  OR silver.shares IS DISTINCT FROM gold.shares
  OR silver.kols <> gold.kols
