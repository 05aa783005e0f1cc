# Every command of Cascada. Bare `make` lists them.
# They need make and Python 3.11, 3.12 or 3.13; everything else is installed into this checkout.

.DEFAULT_GOAL := help
BIN := .venv/bin

# The first Python that really runs and fits, else the first that runs: bootstrap.py then says what is wrong with it.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON = $(shell \
	for python in python3.13 python3.12 python3.11 python3 python; do \
		$$python -c '$(FITS)' 2>/dev/null && echo $$python && exit; \
	done; \
	python3 -c '' 2>/dev/null && echo python3)

.PHONY: help install demo test bench chaos real-sets sweep lives sends lint up down clean-local clock command contracts sbom dashboard lock

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

install: ## install what is needed into .venv (every other command does so by itself)
	@python="$(PYTHON)"; \
	test -n "$$python" || { echo "Python 3.11, 3.12 or 3.13 is needed, and no Python 3 was found." >&2; exit 1; }; \
	"$$python" deploy/local/bootstrap.py

demo: install ## show the whole thing: 2,000 customers, 30 days, a page of results (KEEP=0: do not stay up)
	@$(BIN)/python -m deploy.demo

test: lint ## everything that must hold: the linters, then all tests
	@echo "== pytest, two files at a time, each side with its own PostgreSQL and Kafka"
	@$(BIN)/pytest -v -n 2 --dist loadfile --ignore tests/journeys --ignore tests/chaos/test_short.py
	@echo "== pytest, whole stacks, one after another"
	@$(BIN)/pytest -v tests/journeys tests/chaos/test_short.py

bench: install ## measure limits, the product, and their ratios (ONLY="relaying …": some of them)
	@$(BIN)/python -m tests.bench $(ONLY)

chaos: install ## the fault run: every fault under load, about 20 minutes; writes docs/reliability.md
	@$(BIN)/python -m tests.chaos

real-sets: install ## load every real set whole, compare all three services with its file, write docs/real-input.md
	@CASCADA_REAL_SETS=whole $(BIN)/pytest -v tests/services/customers/test_real_sets.py tests/services/statements/test_real_sets.py
	@$(BIN)/python -m tests.services.segmenter.real_report

sweep: install ## hold ten years of rules against the wall clock of every zone that jumps (minutes)
	@$(BIN)/python -m tests.services.statements.calendar_sweep

lives: install ## live hundreds of random lives beside the oracle (LIVES=300), everything compared after every step
	@CASCADA_LIVES=$(or $(LIVES),300) $(BIN)/pytest -v tests/services/segmenter/lives
sends: install ## send 10,000 statements by workers that are killed and a gateway that misbehaves: none twice (minutes)
	@CASCADA_SENDS=whole $(BIN)/pytest -v -s tests/services/statements/test_workers_killed.py

lint: install ## ruff, mypy, import-linter, hadolint
	@echo "== ruff check"
	@$(BIN)/ruff check .
	@echo "== ruff format"
	@$(BIN)/ruff format --check .
	@echo "== mypy"
	@$(BIN)/mypy
	@echo "== import-linter"
	@$(BIN)/lint-imports --no-logo
	@echo "== hadolint"
	@$(BIN)/hadolint deploy/image/Dockerfile

up: install ## start the local stack and stay with it until Ctrl-C
	@$(BIN)/python -m deploy.local.up

down: install ## stop a local stack left behind
	@$(BIN)/python -m deploy.local.down

clean-local: install ## forget everything a stopped local stack knew
	@$(BIN)/python -m deploy.local.clean

clock: install ## set the test clock: make clock TO=2026-12-15T08:59:30-05:00
	@$(BIN)/python -m deploy.local.clock "$(TO)"

command: install ## run a command of a service against the local stack: make command RUN="segmenter verify --all"
	@$(BIN)/python -m deploy.local.command $(RUN)

contracts: install ## write the committed OpenAPI and AsyncAPI anew from the code
	@$(BIN)/python -m deploy.contracts

sbom: install ## write the bill of materials of the image's libraries to .local/sbom.json
	@$(BIN)/python -m deploy.sbom
dashboard: install ## write the dashboard and the list of metrics anew from the code
	@$(BIN)/python -m deploy.dashboard

lock: install ## resolve the pinned requirements anew
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--upgrade --quiet -o requirements.txt pyproject.toml
	@$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
		--upgrade --quiet --extra dev -c requirements.txt -o requirements-dev.txt pyproject.toml
