{# Models are the gold tables: they go into the schema of that variable, whatever the profile names. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ var('gold_schema') if custom_schema_name is none else custom_schema_name | trim }}
{%- endmacro %}
