# The platform in containers: docs/platform.md. Included by the Makefile, run from the repository's root.
.PHONY: init network-create up-base up-kol train-kol ps-base ps-kol logs-kol health init-buckets init-topics init-db init-databases down-kol down-base down-all need-docker test-containers up-observability down-observability

# Where the stacks are said to be, for docker compose: BASE for the services, KOL for the trainer.
BASE = docker compose --env-file .env.base -f infra/compose.base.yml
KOL = docker compose --env-file .env.base --env-file .env.kol -f infra/compose.kol.yml

# Before anything that talks to Docker: says what is missing, and how to mend it.
need-docker:
	@sh infra/docker/need-docker.sh

init: ## write .env.base and .env.kol: secrets generated, what is there kept
	@node scripts/check-node.js
	@node infra/init-env.js

network-create: need-docker init ## the network that the stacks share
	@network=$$(sed -n 's/^PLATFORM_NETWORK=//p' .env.base); \
		docker network inspect "$$network" > /dev/null 2>&1 || docker network create "$$network"

up-base: network-create ## start the services; makes buckets, databases, schemas, topics
	@$(BASE) up --detach --wait minio postgres
	@$(MAKE) --no-print-directory init-buckets init-databases
	@$(BASE) up --detach --wait --build
	@$(MAKE) --no-print-directory init-topics init-db

up-kol: network-create ## build and start the trainer
	@$(KOL) up --detach --wait --build

train-kol: need-docker init ## make train inside the trainer
	@$(KOL) exec -T kol-trainer make train

ps-base: need-docker init ## which services run
	@$(BASE) ps

ps-kol: need-docker init ## whether the trainer runs
	@$(KOL) ps

logs-kol: need-docker init ## follow what the trainer writes
	@$(KOL) logs --follow --tail 100

health: ## ask every service whether it works (no Docker needed)
	@node scripts/check-node.js
	@node infra/health.js

init-buckets: need-docker init ## buckets of infra/minio/buckets.txt, where they are missing
	@$(BASE) exec -T minio sh -c "$$(cat infra/minio/create-buckets.sh)" < infra/minio/buckets.txt

init-topics: need-docker init ## topics of infra/redpanda/topics.txt, where they are missing
	@$(BASE) exec -T redpanda sh -c "$$(cat infra/redpanda/create-topics.sh)" < infra/redpanda/topics.txt

# Before Hive Metastore and MLflow can start.
init-databases: need-docker init
	@$(BASE) exec -T postgres sh -c 'psql -v ON_ERROR_STOP=1 -q -U "$$POSTGRES_USER" -d "$$POSTGRES_DB"' < infra/postgres/databases.sql

init-db: init-databases ## databases of PostgreSQL, schemas of Trino, tables of Cassandra, where they are missing
	@$(BASE) exec -T trino trino --file /etc/trino/schemas.sql
	@$(BASE) exec -T cassandra cqlsh < infra/cassandra/schema.cql

up-observability: network-create ## start Prometheus and Grafana beside the trainer
	@$(KOL) --profile observability up --detach --wait kol-metrics prometheus grafana

down-observability: need-docker init ## stop Prometheus and Grafana; volumes stay
	@$(KOL) --profile observability rm --stop --force kol-metrics prometheus grafana

down-kol: need-docker init ## stop the trainer and what watches it; volumes stay
	@$(KOL) --profile observability down

down-base: need-docker init ## stop the services; volumes stay
	@$(BASE) down

down-all: down-kol down-base ## stop everything; volumes stay

$(CACHE)/python-containers/.done: infra/docker/requirements-lint.txt

test-containers: $(CACHE)/python-containers/.done ## Dockerfiles, Compose files and scripts by their linters (needs Python and Go)
	@LINTERS=$(CACHE)/python-containers/bin sh infra/docker/lint.sh
