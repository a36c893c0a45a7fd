# Everything a contributor or a curious stranger runs. Needs Python 3.11 with venv, and nothing else.
.DEFAULT_GOAL := help
.PHONY: help run test check bench bench-cct bench-listening bench-streaming bench-search bench-usage trial messages types screenshots manage pins clean

PYTHON ?= python3
READY := $(PYTHON) infra/bootstrap.py
IN := .venv/bin
PIN := $(IN)/uv pip compile --upgrade --universal --generate-hashes --no-header --no-emit-index-url --quiet --python-version 3.11
SOURCES := mediaplatform catalog subscriptions royalties tests bench infra manage.py

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sort | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: ## start the whole platform with its demonstration (PORT=8000 VAR_DIR=var DEMO=1)
	@exec $(READY) -m mediaplatform.infrastructure.embedded run

manage: ## run a management command beside it: make manage ARGS="deliver FOLDER"
	@exec $(READY) -m mediaplatform.infrastructure.embedded manage $(ARGS)

test: ## run every test, the browser's journeys included (ARGS="-k name")
	@exec $(READY) --spark -m pytest -n 2 $(ARGS)

check: ## look at format, style, types, imports, templates, migrations and the player
	@$(READY)
	$(IN)/ruff format --check $(SOURCES)
	$(IN)/ruff check $(SOURCES)
	$(IN)/mypy mediaplatform catalog subscriptions royalties tests
	$(IN)/lint-imports
	$(IN)/djlint --quiet --lint mediaplatform catalog subscriptions royalties
	DJANGO_SETTINGS_MODULE=mediaplatform.settings.test $(IN)/python manage.py makemigrations --check --dry-run
	$(READY) npm run check
	$(READY) npm test -- --silent

bench: ## measure the calculation and the web (ARGS= for one of them)
	@$(READY) -m bench $(ARGS)

bench-cct: ## measure the calculation of a month (ARGS="--millions 1 10 30")
	@$(READY) --spark -m bench cct $(ARGS)

bench-listening: ## whom each rule pays, on real listening (ARGS="--data FOLDER")
	@$(READY) -m bench listening $(ARGS)

bench-usage: ## measure what it costs to keep what was heard (ARGS="--heartbeats 20000")
	@$(READY) -m bench usage $(ARGS)

bench-search: ## what searching a large catalogue costs (ARGS="--releases 1000000 --data FOLDER")
	@$(READY) -m bench search $(ARGS)

bench-streaming: ## what a segment costs by Django, by nginx and bare; heartbeats (needs wrk)
	@$(READY) -m bench streaming $(ARGS)

trial: ## kill processes while 200 players play, then prove the log (ARGS="--minutes 10 --players 200")
	@$(READY) -m tests.trials $(ARGS)

messages: ## bring the translations' catalogues up to date with the source
	@$(READY) -m mediaplatform.infrastructure.messages

types: ## write the player's types from the API's description
	@DJANGO_SETTINGS_MODULE=mediaplatform.settings.test $(READY) -m mediaplatform.infrastructure.api_types

screenshots: ## photograph every page of the running platform into docs/screenshots
	@exec $(READY) infra/screenshots.py $(ARGS)

pins: ## pin the newest versions that pyproject.toml allows
	@$(READY)
	$(PIN) --extra embedded --extra test --extra check -o requirements.txt pyproject.toml
	echo pyspark | $(PIN) -c requirements.txt -o requirements-spark.txt -

clean: ## remove what was built or installed; the data in var/ stay
	rm -rf .venv mediaplatform/player/node_modules mediaplatform/player/dist .mypy_cache .ruff_cache .pytest_cache
