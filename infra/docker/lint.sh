#!/bin/sh
# Dockerfiles by hadolint, scripts by shellcheck, Compose files as Docker loads them. LINTERS is the folder of the first two.
set -eu
cd "$(dirname "$0")/../.."

"$LINTERS/hadolint" infra/docker/kol-trainer.Dockerfile infra/docker/kol-api.Dockerfile infra/hive-metastore/Dockerfile infra/mlflow/Dockerfile
"$LINTERS/shellcheck" --external-sources infra/*/*.sh bench/*/*.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
node infra/init-env.js "$scratch" > /dev/null
cp -R infra "$scratch/"
if docker compose version > /dev/null 2>&1; then
  loads() { docker compose --env-file "$scratch/.env.base" --env-file "$scratch/.env.kol" -f "$1" config --quiet; }
elif command -v go > /dev/null; then
  loads() { (cd infra/docker/compose-check && go run . "$1" "$scratch/.env.base" "$scratch/.env.kol"); }
else
  echo "Compose files are checked by docker compose or a program in Go: install one of them" >&2
  exit 1
fi
loads "$scratch/infra/compose.base.yml"
loads "$scratch/infra/compose.kol.yml"
