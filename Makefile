# The commands of the repository; `make` alone lists them.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PACKAGES := chassis services/catalog services/progress services/notify gateway/portal gateway/keycloak
SOURCES := $(PACKAGES) bench contracts deploy examples tests conftest.py
LOCAL := $(BIN)/python -m deploy.local
COMPILE := $(BIN)/uv pip compile --quiet --python-version 3.11 --no-header --no-annotate --generate-hashes
# starlette is the face of fastapi, and comes with it
DEPTRY := "$(CURDIR)/$(BIN)/deptry" src --package-module-name-map zoneportal-chassis=chassis \
	--per-rule-ignores "DEP002=python-multipart,DEP003=starlette|anyio|pydantic"
export UV_CACHE_DIR ?= $(if $(ZP_CACHE_DIR),$(ZP_CACHE_DIR),$(CURDIR)/.run/cache)/uv
export UV_PYTHON := $(CURDIR)/$(BIN)/python

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-17s %s\n", $$1, $$2}' $(firstword $(MAKEFILE_LIST))

$(VENV)/.uv: requirements/uv.txt
	@echo "making $(VENV)"
	@$(PYTHON) -m venv "$(VENV)"
	@$(BIN)/python -m pip install --quiet --no-cache-dir --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.packages: $(VENV)/.uv requirements/dev.txt requirements/uv.txt $(PACKAGES:%=%/pyproject.toml)
	@echo "installing the pinned requirements"
	@$(BIN)/uv pip sync --quiet --require-hashes --compile-bytecode requirements/dev.txt requirements/uv.txt
	@$(BIN)/uv pip install --quiet --no-build-isolation --no-deps $(PACKAGES:%=-e ./%)
	@touch $@

.PHONY: setup
setup: $(VENV)/.packages ## Make the virtual environment from the pinned requirements

.PHONY: lock
lock: setup ## Pin the requirements anew, with hashes
	for name in runtime dev build uv backup; do $(COMPILE) $(LOCKFLAGS) requirements/$$name.in -o requirements/$$name.txt; done
	$(BIN)/python -m deploy.local.pins

.PHONY: run
run: setup ## Start the system in the foreground; Ctrl-C stops it
	@$(LOCAL) run $(ONLY)

.PHONY: up
up: setup ## Start the system in the background (ONLY="postgres kafka" for parts of it)
	@$(LOCAL) up $(ONLY)

.PHONY: down
down: ## Stop the system
	@$(LOCAL) down

.PHONY: reset
reset: ## Stop the system and forget its data
	@$(LOCAL) reset

.PHONY: status
status: ## Show each component: state, port, memory, time since start
	@$(LOCAL) status

.PHONY: logs
logs: ## Follow the log of one component: make logs C=progress-worker
	@$(LOCAL) logs $(C)

.PHONY: restart
restart: ## Restart one component: make restart C=progress-api
	@$(LOCAL) restart $(C)

.PHONY: token
token: ## Print an access token of a demo user: make token USER=hefei.admin
	@$(LOCAL) token $(if $(findstring command,$(origin USER)),$(USER),province.admin)

.PHONY: provision
provision: ## Set right what the running servers must hold: databases, realm, topics
	@$(LOCAL) provision

.PHONY: keycloak-admin
keycloak-admin: ## Give Keycloak's administrator the password of secrets.json again
	@$(LOCAL) keycloak-admin

.PHONY: doctor
doctor: ## Look at the running system: what is wrong, and what to do
	@$(LOCAL) doctor

.PHONY: backup
backup: ## Make a backup of the running system in .run/backups, or TO=folder
	@$(LOCAL) backup $(TO)

.PHONY: restore
restore: setup ## Start the system, which must have no data, with a backup: make restore FROM=folder
	@$(LOCAL) restore $(or $(FROM),$(error FROM= names the folder of a backup))

.PHONY: format
format: setup ## Bring the code into its form
	$(BIN)/ruff format --quiet $(SOURCES)
	$(BIN)/ruff check --quiet --fix $(SOURCES)

.PHONY: lint
lint: setup ## Check form, types, imports, dependencies and migrations
	@$(MAKE) --no-print-directory --jobs 2 --output-sync types form

.PHONY: types
types:
	$(BIN)/mypy $(SOURCES)

.PHONY: form
form:
	$(BIN)/ruff format --check --quiet $(SOURCES)
	$(BIN)/ruff check --quiet $(SOURCES)
	$(BIN)/lint-imports --no-cache
	for package in $(PACKAGES); do (cd $$package && $(DEPTRY)); done
	$(BIN)/python -m deploy.lint_migrations

.PHONY: programs
programs:
	@$(BIN)/python -m tests.programs

.PHONY: test
test: setup ## Lint, then run all tests against a system of their own
	@$(MAKE) --no-print-directory --jobs 3 --output-sync types form programs
	$(BIN)/python -m pytest $(or $(ARGS),--dist each --tx '2*popen')

.PHONY: contracts
contracts: setup ## Write the contracts anew from the code
	$(BIN)/python -m contracts.generate

.PHONY: contracts-release
contracts-release: contracts ## Make the contracts the released ones, under a new VERSION (chassis/app.py)
	$(BIN)/python -m contracts.release

.PHONY: fuzz
fuzz: setup ## Fuzz the APIs for long, each role in all phases: make fuzz EXAMPLES=200
	ZP_FUZZ_EXAMPLES=$(or $(EXAMPLES),200) $(BIN)/python -m pytest tests/contract/test_schemathesis.py

.PHONY: chaos
chaos: setup ## Kill processes at random while people work: make chaos KILLS=200
	ZP_CHAOS_KILLS=$(or $(KILLS),200) ZP_CHAOS_SEED=$${ZP_CHAOS_SEED:-$$RANDOM} $(BIN)/python -m pytest tests/chaos/test_kill.py -s

.PHONY: storm
storm: setup ## Tell many events while receivers fail and workers are killed: make storm EVENTS=100000
	ZP_STORM_EVENTS=$(or $(EVENTS),100000) $(BIN)/python -m pytest tests/chaos/test_storm.py -s

.PHONY: rolling
rolling: setup ## Upgrade from the last release and back, process by process, while people work
	$(BIN)/python -m pytest tests/rolling/whole.py -s

.PHONY: pictures
pictures: setup ## Take the pictures of docs/users anew, of each page of its map
	$(BIN)/python -m pytest tests/isolation/pictures.py

.PHONY: bench
bench: setup ## Measure against baselines of the same run; the table is .run/bench/table.md
	$(BIN)/python -m bench
