#!/bin/sh
# User and password of PostgreSQL come from PGUSER and PGPASSWORD.
set -eu
: "${MLFLOW_SERVER_ALLOWED_HOSTS:?names of the hosts that may be asked for, with and without port}"
exec mlflow server \
  --backend-store-uri "${MLFLOW_BACKEND_STORE_URI:-postgresql+psycopg2://postgres:5432/mlflow}" \
  --artifacts-destination "${MLFLOW_ARTIFACTS_DESTINATION:-s3://mlflow/artifacts}" \
  --allowed-hosts "$MLFLOW_SERVER_ALLOWED_HOSTS" \
  --host "${MLFLOW_BIND_HOST:-0.0.0.0}" --port "${MLFLOW_PORT:-5000}" --workers 2
