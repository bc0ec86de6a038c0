#!/bin/sh
# Imports models that XGBoost and LightGBM have just trained; writes graphs with what they must answer, and has
# Python's onnx checker and onnxruntime look at them.
set -eu
cd "$(dirname "$0")/../.."
INTEROP_DIR=$(mktemp -d)
export INTEROP_DIR
trap 'rm -rf "$INTEROP_DIR"' EXIT
PYTHON=${PYTHON:-python3}
"$PYTHON" test/interop/train_boosters.py "$INTEROP_DIR"
npx vitest run --config test/interop/vitest.config.ts
"$PYTHON" test/interop/check_onnx.py "$INTEROP_DIR"
