{# The moment of knowledge as a literal, or nothing. #}
{% macro as_of_literal() -%}
  {%- set text = var('as_of') | string | replace('T', ' ') | replace('Z', '') | trim -%}
  {%- if text -%}
    {%- if not modules.re.match('^\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d(\.\d+)?)?$', text) -%}
      {{ exceptions.raise_compiler_error("as_of='" ~ var('as_of') ~ "' must be a day (2026-01-31) or a moment in UTC (2026-01-31 12:00:00)") }}
    {%- endif -%}
    TIMESTAMP '{{ text if ' ' in text else text ~ ' 00:00:00' }}'
  {%- endif -%}
{%- endmacro %}

{# Whether a row was known: both its event and its processing lie no later than `as_of`. #}
{% macro known(event) -%}
  {%- set moment = as_of_literal() -%}
  {%- if moment -%}
    ({{ event }} <= {{ moment }} AND processed_at <= {{ moment }})
  {%- else -%}
    TRUE
  {%- endif -%}
{%- endmacro %}

{#
  The place of a row among several deliveries of one key, 1 for the newest. Of deliveries of one moment the one with the
  largest values counts, compared in the order of `columns`, so that both engines choose the same.
#}
{% macro delivery(key, columns) -%}
  row_number() OVER (
    PARTITION BY {{ key | join(', ') }}
    ORDER BY processed_at DESC{% for column in columns %}, {{ column }} DESC{% endfor %}
  )
{%- endmacro %}
