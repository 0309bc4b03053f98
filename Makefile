# `make demo` and `make test` prepare everything they need on the first call and start at once on the next.

PYTHON ?= python3
VENV ?= .venv
SCENARIO ?= restaurant
REPLICATES ?= 16
# Where the demo writes (empty: results/<name>), further options, and a file of pinned versions for CI.
OUT ?=
COMPARE_OPTIONS ?=
BENCHMARK_OPTIONS ?=
# Neighbours go to one worker, so that what a file's tests share is made once.
PYTEST_OPTIONS ?= -n auto --maxprocesses 4 --dist worksteal
CONSTRAINTS ?=

BIN := $(VENV)/bin
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check $(if $(CONSTRAINTS),--constraint $(CONSTRAINTS))

.PHONY: demo test lint types imports check docs benchmark clean help

demo: $(VENV)/.installed-test  ## compare private traffic with paid advertising for a restaurant
	$(BIN)/trafficsim compare $(SCENARIO) --replicates $(REPLICATES) $(if $(OUT),--out $(OUT)) $(COMPARE_OPTIONS)

test: $(VENV)/.installed-test  ## run the tests, except the slow ones
	$(BIN)/python -m pytest $(PYTEST_OPTIONS)

lint: $(VENV)/.installed-dev  ## style of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(VENV)/.installed-dev  ## types
	$(BIN)/mypy

imports: $(VENV)/.installed-dev  ## which room may import which
	$(BIN)/lint-imports

check: lint types imports test  ## everything but the slow tests

docs: $(VENV)/.installed-docs  ## the documentation as a site, docs/_build/html/index.html
	$(BIN)/sphinx-build --quiet --fail-on-warning --keep-going --fresh-env docs docs/_build/html

benchmark: $(VENV)/.installed-test  ## measure speed and memory, and write docs/performance.md (takes long)
	$(BIN)/python -m benchmarks --write docs/performance.md $(BENCHMARK_OPTIONS)

clean:  ## remove the environment
	rm -rf $(VENV)

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else \
	    "trafficsim needs Python 3.11 or newer, this is " + sys.version.split()[0] + "; try: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed-test: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable '.[test]'
	@touch $@

$(VENV)/.installed-docs: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable '.[docs]'
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(INSTALL) --editable '.[dev]'
	@touch $@ $(VENV)/.installed-test $(VENV)/.installed-docs
