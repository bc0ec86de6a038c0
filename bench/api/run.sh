#!/bin/sh
# The API under wrk against a stack started for it (KOL_SERVICES_DIR=DIR: one that runs): docs/benchmarks.md.
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
node infra/services/main.js up redis cassandra mlflow > "$scratch/up.log" 2>&1 || { cat "$scratch/up.log"; exit 1; }
WRK=$(node bench/api/wrk.js)
export WRK
PYTHONPATH=infra/api:infra/api/tests "$PYTHON" bench/api/run.py "$@"
