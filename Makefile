# Two commands for people: `make demo`, `make test`. Both leave .venv with peepcc and peeplab.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint programs models clean

demo: $(VENV)/peepcc.stamp
	$(BIN)/python examples/demo.py

test: lint
	$(BIN)/python -m pytest -m alone
	$(BIN)/python -m pytest -m 'not alone' --numprocesses auto --maxprocesses 4 --dist loadfile

lint: $(VENV)/test.stamp
	$(BIN)/ruff format --check --quiet
	$(BIN)/ruff check --quiet
	$(BIN)/mypy

programs: $(VENV)/test.stamp
	$(BIN)/python tests/programs/run.py

models: $(VENV)/test.stamp
	$(BIN)/python tests/models/measure_models.py --page docs/measured/models.md --short README.md

$(VENV)/peepcc.stamp: pyproject.toml toolchain/debian.sh
	sh toolchain/debian.sh
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/test.stamp: $(VENV)/peepcc.stamp toolchain/debian.sh
	sh toolchain/debian.sh test
	$(BIN)/pip install --quiet --disable-pip-version-check -e '.[test,train]'
	touch $@

clean:
	rm -rf $(VENV) build
