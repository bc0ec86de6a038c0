# shellcheck shell=sh
# Sourced by what needs the API's stores: starts the services named (KOL_SERVICES_DIR=DIR: a stack that runs), trains the
# releases that are served (KOL_CONSUMER_RELEASES=DIR: kept where they are newer than the toolkit), and clears both away
# at the end.
#   cd <the repository>; . infra/api/with-stack.sh; with_stack redis cassandra mlflow
with_stack() {
  export KOL_PORT_OFFSET="${KOL_PORT_OFFSET:-22000}"
  scratch=$(mktemp -d)
  if [ -z "${KOL_SERVICES_DIR:-}" ]; then
    export KOL_SERVICES_DIR="$scratch/services"
    trap 'node infra/services/main.js reset > /dev/null; rm -rf "$scratch"' EXIT
  else
    trap 'rm -rf "$scratch"' EXIT
  fi
  export KOL_CONSUMER_RELEASES="${KOL_CONSUMER_RELEASES:-$scratch/releases}"
  node infra/consumer-releases.js "$KOL_CONSUMER_RELEASES"
  # Into a file: the servers outlive this call and would keep a pipe open.
  node infra/services/main.js up "$@" > "$scratch/up.log" 2>&1 || { cat "$scratch/up.log"; exit 1; }
}
