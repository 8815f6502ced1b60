# Every task of the project; `make` alone prints them. Needs Python 3.11 or newer, make and git.
# A variable can be set for one run: make run PORT=8100, make test PYTHON=python3.12 ARGS="-k gate"

.DEFAULT_GOAL := help
.SUFFIXES:

PORT ?= 8000
LISTEN ?= 127.0.0.1
ARGS ?=
VAR := $(or $(XINGLIN_VAR),var)
export PORT LISTEN

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
MANAGE := $(PY) manage.py
PIP := $(PY) -m pip install --disable-pip-version-check --no-input --quiet --require-hashes
# The embedded suite stays embedded, whatever the shell has exported.
EMBEDDED := env -u XINGLIN_TEST_DATABASE_URL -u XINGLIN_TEST_REDIS_URL -u XINGLIN_TEST_ELASTICSEARCH_URL \
  -u PYTHONDONTWRITEBYTECODE # pytest keeps its rewritten modules: half of the time of a single file

##@ Use
.PHONY: help
help: ## print this list
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo

.PHONY: run
run: export XINGLIN_LOG_LEVEL ?= WARNING  # a line a request would push the logins off the screen
run: $(VENV)/.runtime seed ## install, seed the demo and serve it on PORT (default 8000)
	@exec $(PY) -m config.launcher  # bin/web and manage.py work, started and stopped together

.PHONY: seed
seed: export XINGLIN_LOG_LEVEL ?= WARNING
seed: $(VENV)/.runtime ## bring the database up to date and put the demo into it (changes nothing twice)
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) collectstatic --no-input --verbosity 0
	@test -e $(VAR)/search || $(MANAGE) search_rebuild >/dev/null
	@$(MANAGE) seed_demo

.PHONY: reset
reset: ## delete the demo's data (var/ or XINGLIN_VAR)
	rm -rf $(VAR)

##@ Check
.PHONY: test
test: $(VENV)/.dev ## run the suite on the embedded profile (ARGS="..." goes to pytest)
	@$(EMBEDDED) $(BIN)/pytest -n 2 --maxschedchunk 16 $(ARGS)

.PHONY: test-file
test-file: $(VENV)/.dev ## run one file or test on the embedded profile (make test-file F=tests/gate/test_policy.py)
	@test -n "$(F)" || { echo "make test-file F=tests/…/test_….py (pytest's ::name of a test may follow)" >&2; exit 2; }
	@$(EMBEDDED) $(BIN)/pytest $(F) $(ARGS)

.PHONY: test-services
test-services: $(VENV)/.dev ## run the whole suite on PostgreSQL, Redis, Elasticsearch and Chromium
	@bin/test-services $(ARGS)

.PHONY: lint
lint: $(VENV)/.dev ## check style, types, templates, import direction, settings and migrations
	@bin/lint

.PHONY: format
format: $(VENV)/.dev ## format Python
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

.PHONY: audit
audit: $(VENV)/.dev ## look the locked packages up in the advisory database (needs the network)
	@$(BIN)/pip-audit --requirement requirements.lock --require-hashes --disable-pip

.PHONY: bench
bench: $(VENV)/.dev ## measure reading, deciding and searching on the embedded profile
	@$(EMBEDDED) $(PY) -m benchmarks $(ARGS)

##@ Services
.PHONY: services
services: ## start PostgreSQL, Redis and Elasticsearch on the loopback, without Docker (Debian)
	@mkdir -p var
	@bin/services-up >var/services.env.new && mv var/services.env.new var/services.env
	@echo "Running. Their addresses are in var/services.env; make services-down stops them."

.PHONY: services-down
services-down: ## stop them (ARGS=--wipe also drops their data)
	@bin/services-down $(ARGS)

##@ Keep up to date
.PHONY: screenshots
screenshots: $(VENV)/.dev ## take pictures of every screen of the running demo on PORT
	@$(PY) bin/screenshots.py --url http://127.0.0.1:$(PORT) $(ARGS)

.PHONY: messages
messages: $(VENV)/.dev ## add new texts to our catalogue, remove old ones, compile (needs gettext)
	@command -v xgettext >/dev/null || { echo "make messages needs gettext: apt-get install gettext" >&2; exit 1; }
	@$(MANAGE) makemessages --locale zh_Hans --no-location --ignore .venv --ignore 'var/*' \
	  --ignore 'tests/*' --extension html,txt,py
	@$(MANAGE) compilemessages --ignore .venv

.PHONY: golden
golden: $(VENV)/.dev ## write what tests compare with: answers of the API, articles, drafts, OpenAPI (read git diff after)
	@$(EMBEDDED) $(BIN)/pytest --write-golden -q $(ARGS)
	@git status --short -- docs/openapi.yaml tests

.PHONY: schema
schema: $(VENV)/.dev ## write the OpenAPI document alone
	@$(MANAGE) write_openapi

.PHONY: migrations
migrations: $(VENV)/.dev ## make the migrations that changed models need
	@$(MANAGE) makemigrations $(ARGS)

.PHONY: lock
lock: $(VENV)/.dev ## resolve pyproject.toml again into the two hashed lock files
	@bin/lock $(ARGS)

.PHONY: clean
clean: ## delete the virtual environment and the caches (the data in var/ stays)
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the virtual environment: a stamp per lock file, so that nothing is installed twice -----------------
$(PY):
	@interpreter=$$(bin/find-python) && echo "Making $(VENV) with $$interpreter" && "$$interpreter" -m venv $(VENV)

$(VENV)/.runtime: requirements.lock | $(PY)
	@echo "Installing what the product needs (once, about a minute)"
	@$(PIP) --requirement requirements.lock
	@touch $@

# The development lock is the runtime lock and more, with the same versions.
$(VENV)/.dev: requirements-dev.lock | $(PY)
	@echo "Installing what development needs (once, about two minutes)"
	@$(PIP) --requirement requirements-dev.lock
	@touch $(VENV)/.runtime $@
