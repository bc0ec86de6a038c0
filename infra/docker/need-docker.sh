#!/bin/sh
# Says which part of Docker is missing, and how to mend it.
missing() {
  echo "$1" >&2
  echo "Without containers: make train needs Node and make alone." >&2
  exit 1
}
command -v docker > /dev/null || missing "docker is not installed: https://docs.docker.com/engine/install"
docker compose version > /dev/null 2>&1 ||
  missing "docker has no compose plugin: install docker-compose-plugin (https://docs.docker.com/compose/install)"
docker info > /dev/null 2>&1 ||
  missing "docker's engine does not answer: start it (systemctl start docker, or Docker Desktop), or join the group docker"
