# The few commands anyone needs. Each installs what it needs first; a second run is quick.
#   make demo    everything, with a demonstration year, served on 127.0.0.1:8000 (PORT= changes it)
#   make test    the whole test suite, on SQLite and on PostgreSQL
#   make check   what CI runs: format, lint, import contracts, types, tests
#   make serve   the site on the data that is there        make bench   speed and memory, beside peers
#   make setup   install only                              make format  put the code in shape
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
PORT ?= 8000
VAR ?= var
PY := .venv/bin/python
export UV_PYTHON_DOWNLOADS := never
export UV_LINK_MODE := copy
# Compiled once and kept beside the source: the tests, the site and the readers of files start hundreds of processes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo serve setup dev test test-sqlite test-postgres check format lint types screenshots bench messages licences
.DEFAULT_GOAL := demo

# --- installing -------------------------------------------------------------------------------

.venv/bin/uv: requirements/tools.txt
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
	touch $@

.venv/.run: .venv/bin/uv requirements/run.txt requirements/build.txt pyproject.toml
	.venv/bin/uv pip install --quiet --python $(PY) --require-hashes -r requirements/run.txt -r requirements/build.txt
	.venv/bin/uv pip install --quiet --python $(PY) --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev: .venv/.run requirements/dev.txt
	.venv/bin/uv pip install --quiet --python $(PY) --require-hashes -r requirements/dev.txt
	touch $@

node_modules/.package-lock.json: package.json package-lock.json .npmrc
	npm ci --ignore-scripts --no-fund --no-audit --loglevel=error
	touch $@

PO := $(shell find src/nennep -name '*.po')
var/.messages: .venv/.run $(PO)
	mkdir -p var
	$(PY) -m nennep.site.messages compile
	touch $@

var/.assets: .venv/.run node_modules/.package-lock.json src/nennep/site/digits.py
	mkdir -p var
	$(PY) -m nennep.site.digits
	touch $@

setup: .venv/.run node_modules/.package-lock.json var/.messages var/.assets
dev: setup .venv/.dev

# --- using ------------------------------------------------------------------------------------

demo: setup
	@.venv/bin/nennep demo --port $(PORT)

serve: setup
	@.venv/bin/nennep serve --port $(PORT)

# --- checking ---------------------------------------------------------------------------------

format: dev
	.venv/bin/ruff check --fix --quiet .
	.venv/bin/ruff format --quiet .

lint: dev
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/lint-imports --no-cache
	$(PY) -m nennep.site.messages check

types: dev
	.venv/bin/mypy src tests

test: test-sqlite test-postgres

test-sqlite: dev
	$(PY) -m pytest

# What touches no database has run already, and is left out by tests/conftest.py.
test-postgres: dev
	$(PY) -m tests.postgres pytest --ignore=tests/abacus --ignore=tests/loom --ignore=tests/browser

check: lint types test

screenshots: dev  ## of the demonstration in VAR, or of the small one where there is none
	NENNEP_SCREENSHOTS=docs/look NENNEP_SCREENSHOTS_OF=$(VAR) $(PY) -m pytest tests/browser/test_screenshots.py -n 0

bench: dev
	$(PY) -m tests.bench

messages: dev
	$(PY) -m nennep.site.messages extract

licences: dev
	$(PY) -m nennep.site.licences

.PHONY: requirements
requirements: .venv/bin/uv  ## lock again after a change in pyproject.toml
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group build -o requirements/build.txt
	.venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --group dev pyproject.toml -o requirements/dev.txt
