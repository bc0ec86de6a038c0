#!/bin/sh
# Writes graphs with what they must answer, and has Python's onnx checker and onnxruntime look at them.
set -eu
cd "$(dirname "$0")/../.."
INTEROP_DIR=$(mktemp -d)
export INTEROP_DIR
trap 'rm -rf "$INTEROP_DIR"' EXIT
npx vitest run --config test/interop/vitest.config.ts
"${PYTHON:-python3}" test/interop/check_onnx.py "$INTEROP_DIR"
