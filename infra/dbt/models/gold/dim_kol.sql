{{ config(
  materialized='table',
  on_table_exists=replaced_whole(),
  meta={'row_order': ['kol_sk']},
) }}

{# Where a version ends is read off the next one known, so that `as_of` shows the past as it looked then. #}
WITH versions AS (
  SELECT
    *,
    lead(valid_from) OVER (PARTITION BY kol_id ORDER BY valid_from) AS next_from
  FROM {{ ref('stg_profiles') }}
), bounded AS (
  SELECT
    *,
    {# A profile that was closed has an end and no successor. #}
    CASE
      WHEN next_from IS NOT NULL THEN next_from
      {% if as_of_literal() %}WHEN valid_to > {{ as_of_literal() }} THEN NULL{% endif %}
      ELSE valid_to
    END AS ends_at
  FROM versions
)

SELECT
  row_number() OVER (ORDER BY kol_id, valid_from) AS kol_sk,
  kol_id, platform, username, display_name, bio, category, account_created_at, valid_from,
  ends_at AS valid_to,
  ends_at IS NULL AS is_current
FROM bounded
