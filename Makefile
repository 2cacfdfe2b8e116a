# `make` alone explains. Only Python 3.11+ and make are needed beforehand.
PYTHON ?= python3
VENV ?= .venv
WORKERS ?= 2
KILLS ?= 1000

BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --constraint constraints.txt
CLEAN := build dist site demo-out .pytest_cache .mypy_cache .ruff_cache \
	.import_linter_cache .hypothesis

# The theme announces its successor on every build; we know.
export NO_MKDOCS_2_WARNING := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check docs bench faults fuzz clean distclean constraints

help:  ## show this text
	@echo "smmlib: social media marketing as code"
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo "Another interpreter: make test PYTHON=python3.12"

demo: $(VENV)/.have-demo  ## check, launch, run and report an example plan, no account needed
	@$(BIN)/smm demo

test: $(VENV)/.have-dev  ## run all tests
	@$(BIN)/python -m pytest -n $(WORKERS)

check: $(VENV)/.have-dev  ## lint, types, architecture, docs, changelog, texts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python tools/verify_types.py
	$(BIN)/lint-imports --no-cache
	$(BIN)/lint-imports --no-cache --config tools/cycles.toml
	$(BIN)/python tools/check_texts.py
	$(BIN)/validate-pyproject pyproject.toml
	$(BIN)/towncrier build --draft --version next > /dev/null
	$(BIN)/mkdocs build --strict

docs: $(VENV)/.have-dev  ## build the documentation into site/
	$(BIN)/mkdocs build --strict
	@echo "Open site/index.html"

bench: $(VENV)/.have-bench  ## measure side by side with peers, as ratios
	@set -e; for script in bench/[!_]*.py; do \
		echo "== $$script"; $(BIN)/python "$$script"; echo; done

faults: $(VENV)/.have-dev  ## break network, disk and process at every step; KILLS=1000
	@SMMLIB_FAULTS=full SMMLIB_KILLS=$(KILLS) $(BIN)/python -m pytest -n $(WORKERS) \
		tests/faults

fuzz: $(VENV)/.have-dev  ## a million odd plan files, a hundred thousand odd answers
	@SMMLIB_FUZZ=full $(BIN)/python -m pytest -n $(WORKERS) tests/security -k fuzz

clean:  ## remove what builds, tests and the demo wrote (.venv stays)
	rm -rf $(CLEAN)
	find bench docs examples src tests tools -name __pycache__ -type d -prune \
		-exec rm -rf {} + 2> /dev/null || true

distclean: clean  ## remove .venv as well
	rm -rf $(VENV)

constraints: | $(VENV)/bin/python  ## write constraints.txt anew from a fresh resolution
	$(BIN)/python tools/write_constraints.py

# One environment; each stamp says which extras it already holds.
$(VENV)/.have-demo: EXTRAS := demo
$(VENV)/.have-dev: EXTRAS := dev,docs
$(VENV)/.have-bench: EXTRAS := bench,dev
$(VENV)/.have-%: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing smmlib[$(EXTRAS)] into $(VENV) ..."
	@$(INSTALL) --editable ".[$(EXTRAS)]"
	@touch $@

$(VENV)/bin/python:
	@command -v $(PYTHON) > /dev/null || { \
		echo "No '$(PYTHON)' found. smmlib needs Python 3.11 or newer:" \
			"install it, or name it: make test PYTHON=/path/to/python3.12"; \
		exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "$(PYTHON) is $$($(PYTHON) -V 2>&1). smmlib needs Python 3.11 or newer:" \
			"make test PYTHON=python3.12"; \
		exit 1; }
	@echo "Creating $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { \
		rm -rf $(VENV); \
		echo "Python could not create a virtual environment." \
			"On Debian and Ubuntu: apt install python3-venv"; \
		exit 1; }
