# Everyday commands; each works in a fresh clone with only Python >= 3.11.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: setup test lint bench soak faults ci clean

setup: $(BIN)/matdiff

$(BIN)/matdiff: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[test]'
	@touch $@

test: setup
	$(BIN)/python -m pytest -n auto

lint: setup
	$(BIN)/ruff check .
	$(BIN)/mypy --strict matdiff

bench: setup
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	for script in benchmarks/*.py; do $(BIN)/python $$script || exit 1; done

# 20 000 expressions and 100 000 inputs drawn anew, some hours; the figures go to build/soak.md
soak: setup
	mkdir -p build
	MATDIFF_SOAK=20000 MATDIFF_FIGURES=build/soak.md \
	  $(BIN)/python -m pytest tests/properties/test_relations.py tests/properties/test_fuzzing.py
	$(BIN)/python tests/trust/separately.py
	$(BIN)/python tests/trust/interruptions.py 100
	MATDIFF_SOAK=1 $(BIN)/python -m pytest tests/trust

# every fault of tests/faults planted in a copy: what finds it, half an hour
faults: setup
	$(BIN)/python tests/faults/plant.py --table build/faults.md

ci:
	.ci/run

clean:
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis
