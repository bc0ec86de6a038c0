{# A row can't have been processed before what it tells of. #}
{% test processed_after(model, event) %}
SELECT {{ event }}, processed_at
FROM {{ model }}
WHERE processed_at < CAST({{ event }} AS TIMESTAMP)
{% endtest %}
