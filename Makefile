# The first line of each target's comment is what `make help` prints.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# Much of a test is waiting: one worker more than there are processors.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print(1 + (os.cpu_count() or 1))')
PIP = $(BIN)/python -m pip --disable-pip-version-check --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test bench check format lock

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/run.done  ## talk to the bot in a web page, no token needed
	@$(BIN)/bureau-bot demo

test: $(VENV)/test.done  ## run every test; says at the end what this machine lacks
	@$(BIN)/python -m pytest --numprocesses $(WORKERS) --dist worksteal

bench: $(VENV)/test.done  ## measure speed and memory, as ratios in one run
	@$(BIN)/python -m tests.benchmarks

check: $(VENV)/test.done  ## look for faults without running: style, types, imports, content
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/bureau-bot check

format: $(VENV)/test.done  ## put the code into its house style
	@$(BIN)/ruff check --fix --quiet .
	@$(BIN)/ruff format .

lock: $(VENV)/test.done  ## pin the newest allowed versions, with hashes
	@$(PIP) install uv
	@$(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra build --extra test -c requirements.lock pyproject.toml -o requirements-test.lock

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version)'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing what the bot needs (a minute, once) …"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/test.done: $(VENV)/run.done requirements-test.lock
	@echo "Installing what the tests need (a minute, once) …"
	@$(PIP) install --require-hashes -r requirements-test.lock
	@touch $@
