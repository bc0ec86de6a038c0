#!/bin/sh
# Creates the topics that stand on standard input, name and partitions, where they are missing. Runs where Redpanda does.
set -eu
existing=$(rpk topic list | awk 'NR > 1 { print $1 }')
while read -r topic partitions; do
  case $topic in '' | '#'*) continue ;; esac
  if printf '%s\n' "$existing" | grep -Fqx "$topic"; then
    echo "topic $topic exists"
  else
    rpk topic create "$topic" --partitions "$partitions" --replicas 1 < /dev/null
  fi
done
