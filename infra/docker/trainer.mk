# The Makefile of the container: everything is built, so the targets only run. Named as in the repository.
.DEFAULT_GOAL := help

.PHONY: help lake-load train train-trust train-success

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

lake-load: ## load the lakehouse folder (LAKEHOUSE=DIR; else the sample) into Iceberg
	@kol load $(if $(LAKEHOUSE),--lakehouse $(LAKEHOUSE))

train: train-trust train-success ## train the champions of trust and success

train-trust: ## the trust champion alone
	@kol train trust

train-success: ## campaign success and the forecasts, and what follows from them for every KOL
	@kol train success
