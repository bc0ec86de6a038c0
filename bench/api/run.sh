#!/bin/sh
# The API under wrk: docs/benchmarks.md.
set -eu
cd "$(dirname "$0")/../.."
. infra/api/with-stack.sh
with_stack redis cassandra mlflow
WRK=$(node bench/api/wrk.js)
export WRK
PYTHONPATH=infra/api:infra/api/tests "$PYTHON" bench/api/run.py "$@"
