#!/bin/sh
# Trains small releases of every model that the consumers load, each into a folder of its name; keeps those that are
# newer than the toolkit they were made with.
#   sh infra/train-releases.sh DIR
set -eu
target=${1:?the folder for the releases}
mkdir -p "$target"
target=$(cd "$target" && pwd)
cd "$(dirname "$0")/.."
if [ -f "$target/.done" ] && [ -z "$(find src data -newer "$target/.done" -type f | head -n 1)" ]; then exit 0; fi

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export KOL_STORE="$scratch/store" KOL_LAKEHOUSE="$scratch/lakehouse"
kol() { node dist/cli/main.js "$@" > "$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }; }
unset TRINO_URL MLFLOW_TRACKING_URI || true
kol sample --kols 300
kol train trust --folds 2 --out "$scratch/releases/kol-trust"
kol train success --folds 2 --out "$scratch/releases"
for release in "$scratch"/releases/*; do
  rm -rf "${target:?}/$(basename "$release")"
  mv "$release" "$target/"
done
touch "$target/.done"
