# Each target makes .venv itself when it is missing. PYTHON names the interpreter to make it with.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo test check bench clean help

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

demo: $(INSTALLED) ## the TuranMart sample from feeds to report, in ./turanmart
	$(BIN)/c360 demo

test: $(INSTALLED)-dev ## the test suite
	$(BIN)/python -m pytest --numprocesses auto

check: $(INSTALLED)-dev ## lint, format and types
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pyright

bench: $(INSTALLED)-dev ## time and memory at one million customers, against named rivals and floors
	$(BIN)/python bench/pipeline.py --customers 1000000
	$(BIN)/python bench/identity.py --customers 1000000 --records 10000000
	$(BIN)/python bench/stewardship.py --customers 1000000
	$(BIN)/python bench/review_page.py --customers 1000000

clean: ## remove what make made
	rm -rf .venv dist build turanmart .mypy_cache .pytest_cache .ruff_cache .hypothesis

$(INSTALLED): pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(INSTALLED)-dev: pyproject.toml $(INSTALLED)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@
