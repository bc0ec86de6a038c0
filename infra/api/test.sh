#!/bin/sh
# The API's suite against real Redis, Cassandra, Trino and MLflow, started for it (KOL_SERVICES_DIR=DIR: a stack that
# runs), with releases that were trained for it (KOL_CONSUMER_RELEASES=DIR: those there).
set -eu
cd "$(dirname "$0")/../.."
export KOL_PORT_OFFSET="${KOL_PORT_OFFSET:-22000}"
scratch=$(mktemp -d)
if [ -z "${KOL_SERVICES_DIR:-}" ]; then
  export KOL_SERVICES_DIR="$scratch/services"
  trap 'node infra/services/main.js reset > /dev/null; rm -rf "$scratch"' EXIT
else
  trap 'rm -rf "$scratch"' EXIT
fi
export KOL_CONSUMER_RELEASES="${KOL_CONSUMER_RELEASES:-$scratch/releases}"
sh infra/train-releases.sh "$KOL_CONSUMER_RELEASES"
# Into a file: the servers outlive this call and would keep a pipe open.
node infra/services/main.js up redis cassandra mlflow trino > "$scratch/up.log" 2>&1 || { cat "$scratch/up.log"; exit 1; }

cd infra/api
"$PYTHON" -m ruff check .
"$PYTHON" -m ruff format --check .
"$PYTHON" -m mypy
"$PYTHON" -m pytest -v --durations=5 "$@"
