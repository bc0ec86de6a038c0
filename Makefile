# Every target sets up what it needs from a bare clone: Node 20.19 or newer and make are enough, unless it says so.
.DEFAULT_GOAL := help
SHELL := /bin/sh

# Where tools that are no npm packages are kept: outside the repository, shared by all clones.
CACHE ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kol-trainer
PYTHON ?= python3

.PHONY: help setup build train train-trust train-sentiment train-success test lint format coverage test-interop test-notebooks docs bench bench-trust bench-table bench-success bench-gbm bench-forecast bench-gate bench-text bench-trino bench-flink test-flink services-up services-down services-status test-services test-consumers test-api bench-api lake-load gold test-dbt test-airflow test-spark test-scale test-observability services-reset clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# Installed packages carry the lock file's time: a newer lock file installs anew.
node_modules/.package-lock.json: package.json package-lock.json
	@node scripts/check-node.js
	npm ci --no-fund --no-audit --loglevel=error
	@touch $@

setup: node_modules/.package-lock.json ## install the packages

build: setup ## compile TypeScript into dist/
	@npm run --silent build

train: train-trust train-sentiment train-success ## set up, build and train the champions on the embedded lakehouse

train-trust: setup ## the trust champion alone
	@npm run --silent train:trust

train-sentiment: setup ## the sentiment of texts, and what all comments say
	@npm run --silent train:sentiment

train-success: setup ## campaign success and the forecasts, and what follows from them for every KOL
	@npm run --silent train:success

test: setup ## set up and run the tests (Node and make only)
	npx vitest run

lint: setup ## types, type-aware lint rules, formatting
	npm run --silent typecheck
	npm run --silent lint

format: setup ## mend what lint can mend
	npm run --silent format

coverage: setup ## tests with coverage
	npx vitest run --coverage

# Python packages for the suites that compare with the peers, pinned, outside the repository.
$(CACHE)/python-interop/.done: test/interop/requirements-interop.txt
$(CACHE)/python-bench/.done: bench/requirements-bench.txt
$(CACHE)/python-forecast/.done: bench/requirements-forecast.txt
$(CACHE)/python-text/.done: bench/requirements-text.txt
$(CACHE)/python-trino/.done: bench/requirements-trino.txt
$(CACHE)/python-dbt/.done: infra/dbt/requirements.txt
$(CACHE)/python-airflow/.done: infra/airflow/requirements.txt
$(CACHE)/python-spark/.done: infra/spark/requirements.txt
$(CACHE)/python-mlflow/.done: test/services/requirements-mlflow-client.txt
$(CACHE)/python-api/.done: infra/api/requirements-test.txt
$(CACHE)/python-notebooks/.done: notebooks/requirements-notebooks.txt
$(CACHE)/python-%/.done:
	$(PYTHON) -m venv $(dir $@)
	$(dir $@)bin/pip install --quiet --disable-pip-version-check -r $<
	@touch $@

test-interop: build $(CACHE)/python-interop/.done ## graphs in Python's onnxruntime, models from XGBoost and LightGBM (needs Python)
	PYTHON=$(CACHE)/python-interop/bin/python sh test/interop/run.sh

# Packages of the npm registry that the benches compare with: no dependency of ours, so outside the repository as well.
$(CACHE)/npm-bench/.done: bench/requirements-npm.txt
	@mkdir -p $(dir $@)
	npm install --prefix $(dir $@) --no-save --no-package-lock --no-fund --no-audit --loglevel=error $$(cat $<)
	@touch $@

$(CACHE)/npm-notebooks/.done: notebooks/requirements-npm.txt
	@mkdir -p $(dir $@)
	npm install --prefix $(dir $@) --no-save --no-package-lock --no-fund --no-audit --loglevel=error $$(cat $<)
	@touch $@

test-notebooks: build $(CACHE)/python-notebooks/.done $(CACHE)/npm-notebooks/.done ## every notebook from top to bottom (NOTEBOOKS="02-train-trust --html DIR"; needs Python)
	JUPYTER_PYTHON=$(CACHE)/python-notebooks/bin/python TSLAB_PREFIX=$(CACHE)/npm-notebooks node notebooks/test.js $(NOTEBOOKS)

docs: build ## write docs/reference from the code
	@npm run --silent docs

bench: bench-trust bench-table bench-success bench-gbm bench-forecast bench-text ## all comparisons with the peers (needs Python)

bench-trust: build $(CACHE)/python-bench/.done ## trust champion against LightGBM, XGBoost and a scikit-learn stack
	PYTHON=$(CACHE)/python-bench/bin/python node bench/trust/run.js

bench-table: build $(CACHE)/python-bench/.done ## kol train table against LightGBM on public tables
	PYTHON=$(CACHE)/python-bench/bin/python node bench/table/run.js

bench-success: build $(CACHE)/python-bench/.done ## campaigns of the sample, and public sets where BENCH_SUCCESS names their folder
	PYTHON=$(CACHE)/python-bench/bin/python node bench/success/campaigns.js
	[ -z "$(BENCH_SUCCESS)" ] || PYTHON=$(CACHE)/python-bench/bin/python node bench/success/run.js

bench-gbm: build $(CACHE)/python-bench/.done $(CACHE)/npm-bench/.done ## boosting and isolation forests: time, memory, accuracy (GBM="--quick": 3 minutes)
	PYTHON=$(CACHE)/python-bench/bin/python NPM_PEERS=$(CACHE)/npm-bench BENCH_GBM=$(CACHE)/bench-gbm \
		node bench/gbm/run.js $(GBM)

bench-forecast: build $(CACHE)/python-forecast/.done $(CACHE)/npm-bench/.done ## kol forecast against statsforecast, Prophet and LightGBM (FORECAST="--quick": to check)
	PYTHON=$(CACHE)/python-forecast/bin/python NPM_PEERS=$(CACHE)/npm-bench BENCH_FORECAST=$(CACHE)/bench-forecast \
		node bench/forecast/run.js $(FORECAST)

bench-gate: build $(CACHE)/python-bench/.done ## what the gate claims where the truth is known; bootstrap beside NumPy (GATE="--quick")
	PYTHON=$(CACHE)/python-bench/bin/python node bench/gate/run.js $(GATE)

bench-text: build $(CACHE)/python-text/.done ## text classifier against scikit-learn, fastText and VADER (BENCH_TEXT names the folder of the sets)
	[ -z "$(BENCH_TEXT)" ] || PYTHON=$(CACHE)/python-text/bin/python node bench/text/run.js $(TEXT)

bench-trino: build $(CACHE)/python-trino/.done ## pulling a table out of a running Trino beside its own clients (make services-up; TRINO="--write")
	PYTHON=$(CACHE)/python-trino/bin/python node bench/trino/run.js $(TRINO)

# Releases that the consumers' suites score with, trained for them.
CONSUMER_RELEASES ?= .kol/consumer-releases

bench-flink: build ## rows/s of the champion in Flink, row by row and in batches, one slot (needs mvn, Java 17)
	@KOL_CONSUMER_RELEASES=$(abspath $(CONSUMER_RELEASES)) node infra/flink/test.js bench

test-flink: build ## the champion in Flink, with the real Kafka, Cassandra and MLflow (needs go, mvn, Java 17, python3)
	@KOL_CACHE=$(CACHE) PYTHON=$(PYTHON) KOL_CONSUMER_RELEASES=$(abspath $(CONSUMER_RELEASES)) node infra/flink/test.js

# The platform's services on this machine, without containers: docs/services.md.
services-up: ## start MinIO, PostgreSQL, Hive Metastore, Trino and MLflow (needs go, mvn, python3)
	@node scripts/check-node.js
	@KOL_CACHE=$(CACHE) PYTHON=$(PYTHON) node infra/services/main.js up

services-down: ## stop them; their data stays
	@node infra/services/main.js down

services-status: ## what runs, where, since when (JSON=--json: for programs); fails where one is down
	@node infra/services/main.js status $(JSON)

test-services: build $(CACHE)/python-mlflow/.done ## everything against the real services, started for it (KOL_SERVICES_DIR=DIR: a stack that runs)
	KOL_CACHE=$(CACHE) PYTHON=$(PYTHON) MLFLOW_PYTHON=$(CACHE)/python-mlflow/bin/python npx vitest run --config test/services/vitest.config.ts

test-consumers: test-api test-flink ## who loads the champions: the API and the Flink jobs (needs Python, Go, Maven, Debian's packages)

test-api: build $(CACHE)/python-api/.done ## the API against real stores and MLflow, started for it
	KOL_CACHE=$(CACHE) PYTHON=$(CACHE)/python-api/bin/python KOL_CONSUMER_RELEASES=$(abspath $(CONSUMER_RELEASES)) sh infra/api/test.sh

bench-api: build $(CACHE)/python-api/.done ## the API under wrk, and ten minutes of soak (API="--seconds 5 --soak 30": to check)
	KOL_CACHE=$(CACHE) PYTHON=$(CACHE)/python-api/bin/python KOL_CONSUMER_RELEASES=$(abspath $(CONSUMER_RELEASES)) sh bench/api/run.sh $(API)

lake-load: build ## load LAKEHOUSE=DIR (else ./lakehouse, the sample) into Iceberg: needs TRINO_URL and AWS_…
	@node dist/cli/main.js load $(if $(LAKEHOUSE),--lakehouse $(LAKEHOUSE))

# dbt's own words after DBT_ARGS=: make gold DBT_ARGS="source freshness --select source:kol_silver"
gold: $(CACHE)/python-dbt/.done ## gold tables of LAKEHOUSE=DIR (else ./lakehouse) by dbt; of Trino: KOL_DBT_TARGET=trino
	DBT_PROJECT_DIR=$(CURDIR)/infra/dbt DBT_PROFILES_DIR=$(CURDIR)/infra/dbt DBT_TARGET_PATH=$(CACHE)/dbt-target \
		DBT_LOG_PATH=$(CACHE)/dbt-target/logs KOL_LAKEHOUSE=$(abspath $(or $(LAKEHOUSE),$(KOL_LAKEHOUSE),lakehouse)) \
		$(CACHE)/python-dbt/bin/dbt $(or $(DBT_ARGS),build)

test-dbt: build $(CACHE)/python-dbt/.done ## the dbt project on DuckDB and on a Trino started for it (KOL_SERVICES_DIR=DIR: one that runs)
	DBT=$(CACHE)/python-dbt/bin/dbt KOL_CACHE=$(CACHE) PYTHON=$(PYTHON) npx vitest run --config test/dbt/vitest.config.ts

test-airflow: build $(CACHE)/python-dbt/.done $(CACHE)/python-airflow/.done ## the nightly DAG for three dates, every task failing once (needs Python)
	DBT=$(CACHE)/python-dbt/bin/dbt $(CACHE)/python-airflow/bin/python test/airflow/test_kol_training.py

$(CACHE)/spark-jars/.done: infra/spark/pom.xml
	@mkdir -p $(dir $@)
	mvn --quiet --batch-mode --file $< org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies \
		-DoutputDirectory=$(dir $@) -DincludeScope=runtime
	@touch $@

test-spark: build $(CACHE)/python-spark/.done $(CACHE)/spark-jars/.done ## boosters on a Spark cluster started for it: equality, faults, snapshots (needs Java 17, mvn, Python)
	SPARK_PYTHON=$(CACHE)/python-spark/bin/python SPARK_JARS=$(CACHE)/spark-jars npx vitest run --config test/spark/vitest.config.ts

test-scale: test-dbt test-airflow test-spark ## what the platform's engines run: dbt, Airflow, Spark

test-observability: build ## alert rules, their tests and our metrics by promtool (needs Debian's packages)
	KOL_CACHE=$(CACHE) npx vitest run --config test/observability/vitest.config.ts

services-reset: ## stop them and remove their data
	@node infra/services/main.js reset

clean: ## remove what the targets made; keeps .kol (runs and models) and the lakehouse
	rm -rf node_modules dist coverage

include infra/platform.mk
