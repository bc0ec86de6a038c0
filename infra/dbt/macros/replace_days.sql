{#
  The days that rows touch which came after the last run. Such a row was processed no earlier than the newest day of the
  table, since that day's posts were known already; so no watermark has to be kept, and none can be lost. All versions of
  a post are asked: a correction may move it to another day.
#}
{% macro touched_days() %}
  {%- set since -%}
    (SELECT coalesce(max(CAST(posted_date AS TIMESTAMP)), TIMESTAMP '1970-01-01 00:00:00') FROM {{ this }})
  {%- endset -%}
  SELECT CAST(posted_at AS DATE) AS day
  FROM {{ source('kol_silver', 'kol_content') }}
  WHERE content_id IN (
    SELECT content_id FROM {{ source('kol_silver', 'kol_content') }} WHERE processed_at >= {{ since }}
  )
  UNION
  SELECT metric_date
  FROM {{ source('kol_silver', 'kol_daily_metrics') }}
  WHERE processed_at >= {{ since }}
{% endmacro %}

{#
  Incremental strategy: the days in the new rows replace the same days of the table, rows that are gone included, by one
  MERGE and so in one commit. dbt's delete+insert makes two, and a run that dies between them has lost rows.
#}
{% macro get_incremental_replace_days_sql(arguments) %}
  {%- set keys = arguments.unique_key -%}
  {%- set day = config.get('meta').day -%}
  {%- set columns = arguments.dest_columns | map(attribute='name') | list -%}
  MERGE INTO {{ arguments.target_relation }} AS stored
  USING (
    SELECT {{ columns | join(', ') }}, FALSE AS gone FROM {{ arguments.temp_relation }}
    UNION ALL
    SELECT {{ columns | join(', ') }}, TRUE AS gone FROM {{ arguments.target_relation }} AS old
    WHERE old.{{ day }} IN (SELECT {{ day }} FROM {{ arguments.temp_relation }})
      AND NOT EXISTS (
        SELECT 1 FROM {{ arguments.temp_relation }} AS new
        WHERE {% for key in keys %}new.{{ key }} = old.{{ key }}{{ ' AND ' if not loop.last }}{% endfor %}
      )
  ) AS fresh
  ON {% for key in keys %}stored.{{ key }} = fresh.{{ key }}{{ ' AND ' if not loop.last }}{% endfor %}
  WHEN MATCHED AND fresh.gone THEN DELETE
  WHEN MATCHED THEN UPDATE SET
    {% for column in columns if column not in keys %}{{ column }} = fresh.{{ column }}{{ ', ' if not loop.last }}{% endfor %}
  WHEN NOT MATCHED THEN INSERT ({{ columns | join(', ') }})
    VALUES ({% for column in columns %}fresh.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
{% endmacro %}
