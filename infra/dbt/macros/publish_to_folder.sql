{#
  At the end of a run on DuckDB: puts the gold tables that it built into the lakehouse folder, as the one Parquet file
  that the toolkit reads. After a failure, of a test too, the folder stays as it was.
#}
{% macro publish_to_folder(results) %}
  {% if execute and target.type == 'duckdb' and flags.WHICH in ('run', 'build') %}
    {% set failed = results | selectattr('status', 'in', ['error', 'fail', 'skipped', 'runtime error']) | list %}
    {% set built = [] %}
    {% for result in results if result.node.resource_type == 'model' and result.node.config.materialized == 'table' %}
      {% do built.append(result.node) %}
    {% endfor %}
    {% if failed %}
      {% do log('The lakehouse folder stays as it was: ' ~ failed | length ~ ' of ' ~ results | length ~ ' steps failed or were skipped', info=true) %}
    {% else %}
      {% set folder = env_var('KOL_LAKEHOUSE') %}
      {% for node in built %}
        {% set staged = folder ~ '/.dbt/' ~ node.name ~ '.parquet' %}
        {% set place = folder ~ '/' ~ node.schema ~ '/' ~ node.name ~ '/part-00000.parquet' %}
        {% set columns = node.columns.keys() | join(', ') %}
        {% set order = node.config.meta.row_order | join(', ') %}
        {% do run_query('COPY (SELECT ' ~ columns ~ ' FROM ' ~ node.relation_name ~ ' ORDER BY ' ~ order ~ ") TO '" ~ staged | replace("'", "''") ~ "' (FORMAT parquet, COMPRESSION zstd)") %}
        {% do adapter.store_relation('lakehouse_folder', none, [], place, 'parquet', {'staged': staged}) %}
        {% do log('Published ' ~ node.schema ~ '.' ~ node.name ~ ' to the lakehouse folder', info=true) %}
      {% endfor %}
    {% endif %}
  {% endif %}
{% endmacro %}
