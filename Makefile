# make run    installs what is missing, fills the demo and serves http://127.0.0.1:8000 (PORT=9000 make run for another port)
# make test   everything: SQLite, PostgreSQL, documents and the browser
# make check  format, lint, types, import rules, texts and locks
# Everything made here lies in .venv/, var/, node_modules/ and web/static/build/, which git ignores.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PORT ?= 8000
BIN := .venv/bin
WORKERS ?= 2

# A stamp carries the hash of what it was made from: while that is unchanged, nothing is installed or built again.
# It lies inside the folder it vouches for, so that removing the folder removes the promise.
hash = $(shell cat $(1) | sha256sum | cut -c1-16)
PYTHON_STAMP := .venv/.made-from-$(call hash,requirements.lock pyproject.toml)
NODE_STAMP := node_modules/.made-from-$(call hash,package-lock.json)
ASSETS_STAMP := web/static/build/.made-from-$(call hash,package-lock.json $(sort $(wildcard web/assets/*)))

# Node 20 comes from the PATH; where there is none, one is brought into .venv from the Python registry.
HAS_NODE := { node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' && command -v npm; } >/dev/null 2>&1

.PHONY: help setup run test check format reference bench clean

help:
	@sed -n 's/^# \(make .*\)/\1/p' Makefile

setup: $(PYTHON_STAMP) $(ASSETS_STAMP)
	@:

$(PYTHON_STAMP):
	@find_python() { \
	  for candidate in "$${PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do \
	    if [ -n "$$candidate" ] && "$$candidate" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	    then echo "$$candidate"; return; fi; \
	  done; \
	  echo "Samverk needs Python 3.11 or newer with the module venv (Debian: apt-get install python3-venv). Name one with PYTHON=/path/to/python make setup." >&2; \
	  return 1; \
	}; \
	if [ ! -x $(BIN)/python ]; then python=$$(find_python); echo "Making .venv with $$python"; "$$python" -m venv .venv; fi
	@echo "Installing the Python packages of requirements.lock"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f .venv/.made-from-*; touch $@

$(NODE_STAMP): $(PYTHON_STAMP)
	@if ! $(HAS_NODE); then \
	  echo "No Node 20 found; bringing one into .venv"; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock; \
	fi
	@echo "Installing the packages of package-lock.json"
	@$(HAS_NODE) || export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
	@touch $@

$(ASSETS_STAMP): $(NODE_STAMP)
	@echo "Building web/static/build"
	@$(HAS_NODE) || export PATH="$(CURDIR)/$(BIN):$$PATH"; \
	node web/assets/build.mjs
	@touch $@

# `exec` makes the server the command itself: it ends when the command is ended.
run: setup
	@export SAMVERK_MODE=demo SAMVERK_PORT="$(PORT)"; \
	$(BIN)/samverk db upgrade --quiet; \
	$(BIN)/samverk demo load --if-empty; \
	exec $(BIN)/samverk serve

test: setup
	@mkdir -p var/coverage; rm -f var/coverage/data*
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=term

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q tests/architecture
	$(BIN)/samverk workflows check
	$(BIN)/samverk templates check

format: setup
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

reference: setup
	$(BIN)/samverk reference docs/reference

bench: setup
	$(BIN)/samverk bench engine

# The data of the demo (var/) is kept; remove that folder yourself to begin anew.
clean:
	rm -rf .venv node_modules web/static/build .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
