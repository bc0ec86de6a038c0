#!/bin/sh
# Creates the buckets that stand on standard input, one a line, where they are missing. Runs where MinIO does.
set -eu
# On /tmp: the home of the image's user may not be writable.
export MC_CONFIG_DIR=/tmp/mc
mc alias set --quiet platform http://localhost:9000 "$MINIO_ROOT_USER" "$MINIO_ROOT_PASSWORD" > /dev/null
while read -r bucket; do
  mc mb --ignore-existing "platform/$bucket" < /dev/null
done
