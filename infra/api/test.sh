#!/bin/sh
# The API's suite against real Redis, Cassandra, Trino and MLflow.
set -eu
cd "$(dirname "$0")/../.."
. infra/api/with-stack.sh
with_stack redis cassandra mlflow trino

# In a shell of its own: the trap of the stack runs in the repository.
(
  cd infra/api
  "$PYTHON" -m ruff check .
  "$PYTHON" -m ruff format --check .
  "$PYTHON" -m mypy
  "$PYTHON" -m pytest -v --durations=5 "$@"
)
