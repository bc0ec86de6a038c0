SELECT
  kol_id, platform, username, display_name, bio, category, account_created_at, valid_from, valid_to
FROM (
  SELECT
    *,
    {{ delivery(['kol_id', 'valid_from'], ['valid_to', 'platform', 'username', 'display_name', 'bio', 'category', 'account_created_at']) }} AS place
  FROM {{ source('kol_silver', 'kol_profiles') }}
  WHERE {{ known('valid_from') }}
) AS deliveries
WHERE place = 1
