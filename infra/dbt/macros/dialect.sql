{#
  What DuckDB and Trino say differently; everything else is one text. Rules for that text: cast before dividing, NULLIF
  below every quotient, dates cast back after arithmetic, no QUALIFY, no GROUP BY ALL.
#}

{# A sum of counts, as bigint: DuckDB's is wider. #}
{% macro whole_sum(column) -%}
  CAST(sum({{ column }}) AS BIGINT)
{%- endmacro %}

{# The moment at which this run began, as a timestamp without zone in UTC. #}
{% macro run_moment() -%}
  TIMESTAMP '{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}'
{%- endmacro %}

{# How a table that is rebuilt as a whole is replaced: Trino in one commit, its former snapshots stay readable. #}
{% macro replaced_whole() -%}
  {{ return('replace' if target.type == 'trino' else none) }}
{%- endmacro %}
