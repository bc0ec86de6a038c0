-- The versions of a KOL neither overlap nor leave a gap, and the last one alone is current.
SELECT kol_id, valid_from, valid_to
FROM (
  SELECT
    kol_id, valid_from, valid_to, is_current,
    lead(valid_from) OVER (PARTITION BY kol_id ORDER BY valid_from) AS next_from
  FROM {{ ref('dim_kol') }}
) AS versions
WHERE (next_from IS NOT NULL AND (valid_to IS DISTINCT FROM next_from OR is_current))
  OR valid_to <= valid_from
  OR is_current <> (valid_to IS NULL)
