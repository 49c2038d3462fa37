# `make run` and `make test` are all one needs; both work on a machine with Python 3.11, git and make.
PYTHON ?= python3
UV = $(shell $(PYTHON) scripts/bootstrap.py uv)

# A test that only passes the second time does not stop a release, but it is listed as RERUN: a fault to be found.
AGAIN = --reruns 1 -rfER

.PHONY: run test quick lint build format clean

run: build  ## start Greenroom on this machine
	@$(UV) run --quiet --frozen --no-dev greenroom serve

build:  ## bring the packages and build the pages
	@$(UV) sync --quiet --frozen --no-dev --inexact
	@$(PYTHON) scripts/bootstrap.py web

test: build  ## everything CI runs
	@$(UV) sync --quiet --frozen
	@$(UV) run --frozen python scripts/system_packages.py
	@$(MAKE) --no-print-directory lint
	@cd web && npm run --silent test
	@$(UV) run --frozen pytest -n 2 --dist loadgroup $(AGAIN)
	@$(UV) run --frozen pytest -n 2 --dist loadfile -m browser $(AGAIN)

quick: build  ## the fast tests only
	@$(UV) sync --quiet --frozen
	@$(UV) run --frozen pytest -n 2 -m "not slow and not browser and not wire"

lint:
	@$(UV) run --frozen ruff format --check .
	@$(UV) run --frozen ruff check .
	@$(UV) run --frozen pyright
	@$(UV) run --frozen lint-imports --cache-dir .ruff_cache/imports

format:
	@$(UV) run --frozen ruff format .
	@$(UV) run --frozen ruff check --fix .

clean:
	rm -rf .venv .tools web/node_modules src/greenroom/static/dist
