# Plein: `make run` starts it on this machine; `make test` and `make check` are for who changes it.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv/bin

.PHONY: help run run-payments environment environment-dev test test-long bench check messages lock

help:
	@echo "make run       start Plein on http://127.0.0.1:8000 (PORT=8001 make run for another port)"
	@echo "make run-payments  the same, with an imitation of Stripe to try paying online (no real money)"
	@echo "make test      all tests, on a PostgreSQL of their own"
	@echo "make test-long the tests that take minutes, or tools from outside (node)"
	@echo "make mutants   does each deliberate defect in paying online make a test fail? (WORDS=refund for some)"
	@echo "make bench     how long questions take, beside SQL by hand (SIZE=chain for twenty hubs)"
	@echo "make check     imports, style, types, migrations, translations"
	@echo "make messages  collect the sentences to translate (TR=folder merges JSON dictionaries)"
	@echo "make lock      renew requirements.lock and requirements-dev.lock (needs uv)"

run: environment
	@$(VENV)/python -m config.embedded

run-payments: environment
	@$(VENV)/python -m config.embedded payments

environment: python
	@$(PYTHON) -m config.embedded.environment requirements.lock

environment-dev: python
	@$(PYTHON) -m config.embedded.environment requirements-dev.lock

.PHONY: python
python:
	@test -n "$(PYTHON)" && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Plein heeft Python 3.11 of nieuwer nodig. Installeer dat (Debian: sudo apt install python3 python3-venv) en begin opnieuw."; \
	  echo "Plein needs Python 3.11 or newer. Install it (Debian: sudo apt install python3 python3-venv) and start again."; exit 1; }

test: environment-dev
	@$(VENV)/pytest -n 3 --dist worksteal

test-long: environment-dev
	@PLEIN_THOROUGH=1 $(VENV)/pytest -m "long or browser or thorough" --timeout 1800

mutants: environment-dev
	@$(VENV)/python -m tests.mutation $(WORDS)

bench: environment-dev
	@$(VENV)/python -m tests.bench --size $(or $(SIZE),hub)

check: environment-dev
	@$(VENV)/lint-imports --no-logo
	@$(VENV)/ruff check
	@$(VENV)/ruff format --check
	@$(VENV)/mypy
	@$(VENV)/python manage.py makemigrations --check --dry-run
	@$(VENV)/python -m tests.checks.translations
	@$(VENV)/python -m tests.checks.tree

messages: environment-dev
	@$(VENV)/python -m tests.checks.messages $(TR)

lock:
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate pyproject.toml -o requirements.lock
	@uv pip compile --quiet --universal --generate-hashes --no-header --no-annotate --group dev pyproject.toml -o requirements-dev.lock
