# Few verbs; each does all its own set-up. Python 3.11 or newer and pip are enough; uv makes it faster when it is there.
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: monitor test check score bench serve docs clean help

help:
	@echo "make monitor   the monitor of the Netherlands and the EU27: terminal and monitor-out/"
	@echo "make test      checks and tests"
	@echo "make serve     pages and REST on http://127.0.0.1:8000/"
	@echo "make bench     benchmark beside the plain scan and the rivals (tens of minutes)"
	@echo "make score     what the reading of letters gets right, on labelled rows (TRUTH=, LETTERS=, FORMAT=table|json)"
	@echo "make docs      the documentation site, in site/"

monitor: $(VENV)/.run
	@$(BIN)/schakel monitor NLD
	@$(BIN)/schakel monitor EU27
	@echo
	@echo "In a browser: monitor-out/ holds the reports; make serve opens the pages at http://127.0.0.1:8000/"

test: check
	@$(BIN)/python scripts/fetch_axe.py || echo "axe-core could not be fetched; the accessibility test will be skipped by name"
	@$(BIN)/python -m pytest

check: $(VENV)/.dev
	@$(BIN)/ruff check src tests scripts benchmarks
	@$(BIN)/ruff format --check -q src tests scripts benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache

bench: $(VENV)/.bench
	@$(BIN)/python benchmarks/bench.py
	@$(BIN)/python benchmarks/chains.py
	@$(BIN)/python benchmarks/shocks.py
	@$(BIN)/python benchmarks/boario_rival.py --large
	@$(BIN)/python benchmarks/dossiers.py
	@if [ -d "$(TRUTH)" ]; then $(BIN)/python benchmarks/dossier_parsers.py "$(TRUTH)" "$(LETTERS)"; else echo "no labelled rows in $(TRUTH): the parsers are skipped"; fi

TRUTH ?= ../shared/data/truth
LETTERS ?= ../shared/letters
FORMAT ?= table

score: $(VENV)/.run
	@$(BIN)/python -m schakel.dossiers.score "$(TRUTH)" "$(LETTERS)" "$(FORMAT)"

serve: $(VENV)/.run
	@$(BIN)/schakel serve

docs: $(VENV)/.dev
	@$(BIN)/zensical build -s

clean:
	rm -rf $(VENV) monitor-out bench-out site .mypy_cache .ruff_cache .pytest_cache

$(VENV)/.run: pyproject.toml
	@sh scripts/setup.sh "$(PYTHON)" "."
	@touch $@

$(VENV)/.dev: pyproject.toml
	@sh scripts/setup.sh "$(PYTHON)" ".[dev]"
	@touch $(VENV)/.run $@

$(VENV)/.bench: pyproject.toml
	@sh scripts/setup.sh "$(PYTHON)" ".[bench]"
	@touch $(VENV)/.run $@
