{# No row lies past the moment of knowledge; where none is given, past the moment of this run. #}
{% test not_past_as_of(model, column_name) %}
SELECT {{ column_name }}
FROM {{ model }}
WHERE CAST({{ column_name }} AS TIMESTAMP) > {{ as_of_literal() or run_moment() }}
{% endtest %}
