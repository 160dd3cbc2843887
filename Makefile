# Two commands: `make run` serves http://localhost:5002, `make test` runs the tests. Both set up what they need.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check accuracy matrix bench-engine lock clean

help: ## what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: $(VENV)/run.stamp ## serve http://localhost:5002 and its page
	$(BIN)/lifesign serve

test: $(VENV)/dev.stamp ## run all tests
	$(BIN)/lifesign models pull
	$(BIN)/pytest

check: $(VENV)/dev.stamp ## everything CI checks: style, types, import rules, tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(MAKE) test

accuracy: $(VENV)/dev.stamp ## hits, misses and false alarms over labelled clips (CLIPS=folder) into docs/accuracy.md
	$(BIN)/lifesign models pull
	$(BIN)/python bench/accuracy.py $(CLIPS)

matrix: $(VENV)/dev.stamp ## every prompt against every action of the actor, into docs/matrix.svg
	$(BIN)/lifesign models pull
	$(BIN)/python bench/matrix.py

bench-engine: $(VENV)/dev.stamp ## CPU time by stage, threads, memory, against MediaPipe on the same frames
	$(BIN)/lifesign models pull
	$(BIN)/python bench/engine.py

lock: | $(BIN)/pip ## resolve the dependencies anew, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q pyproject.toml --group build --universal --python-version 3.11 --generate-hashes \
	    --no-annotate --no-header --upgrade -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --group build --group dev --universal --python-version 3.11 \
	    --generate-hashes --no-annotate --no-header --upgrade -c requirements.lock -o requirements-dev.lock

clean: ## remove the environment and caches; nothing the service made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Some Pythons come without ensurepip (Debian's python3 without python3-venv): then the pip that is there helps out.
$(BIN)/pip:
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m venv --clear --without-pip $(VENV) \
	    && $(PYTHON) -m pip --python $(BIN)/python install pip; }

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(BIN)/pip
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/run.stamp
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
