# Every target sets itself up first; nothing but Python >= 3.11, make and a package index is needed, and Node.js with npm
# for the tests of the official Node client.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# Tests wait for other processes most of the time, so more of them than processors run side by side.
TEST_PROCESSES ?= 4

.PHONY: setup demo demo-production test check format lint types imports docs pages site audit wheel bench chaos lock clean help

help: ## what there is to make
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Notify needs Python 3.11 or newer; this is $$($(PYTHON) --version). Set PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@# The lock is complete. Left to resolve, some pips want the newest release of what is asked for with an extra.
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/pip check --disable-pip-version-check
	@touch $(READY)

setup: $(READY) ## the environment .venv with all of Notify and what its tests need

demo: $(READY) ## the whole platform on this machine, with real input, in under two minutes
	$(BIN)/python -m demo

demo-production: $(READY) ## the same on PostgreSQL, Celery with Redis, S3 and Lambda (see demo/production.py)
	$(BIN)/python -m demo production

test: $(READY) ## every test that needs no outside server
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadfile $(PYTEST_ARGS)

format: $(READY) ## put the code into its form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(READY)
	$(BIN)/mypy

imports: $(READY)
	$(BIN)/lint-imports

pages: $(READY) ## write the pages that are printed from the code
	$(BIN)/python scripts/print_states.py docs/states
	$(BIN)/python scripts/print_configuration.py docs/configuration.md
	$(BIN)/python scripts/print_metrics.py

docs: $(READY)
	$(BIN)/python scripts/print_states.py --check docs/states
	$(BIN)/python scripts/print_configuration.py --check docs/configuration.md
	$(BIN)/python scripts/print_metrics.py --check

# Whatever asked for something on the network would ask where nobody is.
site: $(READY) ## build the documentation as a site, without a network: build/site/index.html
	http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 $(BIN)/mkdocs build --strict
	$(BIN)/python scripts/look_at_site.py build/site

audit: $(READY) ## look for known vulnerabilities in what the lock names; says so where their database cannot be asked
	$(BIN)/python scripts/audit.py requirements.lock

wheel: $(READY) ## build the wheel and try it in a clean environment
	$(BIN)/python scripts/try_wheel.py

check: lint types imports docs site audit ## all that CI runs
	@# The core is covered by unit tests alone; to watch the others as well only makes them slower.
	$(MAKE) test PYTEST_ARGS="tests/unit --cov --cov-report=term-missing:skip-covered --cov-fail-under=100"
	$(MAKE) test PYTEST_ARGS="tests/integration"
	$(MAKE) wheel
	$(MAKE) demo

bench: $(READY) ## measure against stated baselines, into build/bench.md (needs PostgreSQL, Redis and wrk; half an hour)
	$(BIN)/python -m benchmarks

chaos: $(READY) ## load for two minutes while everything fails at random: is anything lost? (needs PostgreSQL, Redis, faketime)
	$(BIN)/python -m chaos

lock: ## make requirements.lock anew (needs uv)
	uv pip compile pyproject.toml --extra dev --universal --no-header --no-emit-index-url --generate-hashes --quiet -o requirements.lock

clean:
	rm -rf $(VENV) .notify .coverage .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dist build
