# Tresen's commands. Nothing is needed but Python 3.11 or newer with pip, and make.
#
#   make run     the desk on this machine, with a sample to look at     PORT=8000 TRESEN_DATA=./var SAMPLE=1
#   make test    all checks and all tests, on SQLite and on PostgreSQL
#   make help    the other commands

PYTHON ?= $(shell for name in python3 python3.11 python3.12 python3.13; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PORT ?= 8000
TRESEN_DATA ?= $(CURDIR)/var
SAMPLE ?= 1
# One more than cores: many stories wait for timers, browsers and servers.
WORKERS ?= 3
# Reading, cleaning and drawing know no database, and screens ask by the same services as the interface and the stories:
# once is enough; so are commands and the sample, whose stories on PostgreSQL stand in tests/flows and tests/safety.
ONCE := look mail account portal setup desk cli sample

VENV := .venv
BIN := $(VENV)/bin
CHECK := TRESEN_DATA=$(CURDIR)/build/check TRESEN_DATABASE_URL= DJANGO_SETTINGS_MODULE=tresen.config.settings
PYTEST := $(BIN)/pytest -p no:cacheprovider
# loadfile: a file's tests share what they start; their order is that of tests/order.py.
DEALT := -n $(WORKERS) --dist loadfile --no-loadscope-reorder
TRANSLATIONS := $(shell find src -name '*.po' 2>/dev/null)
# Names the folder, so that a copied or moved clone makes its environment anew (its scripts hold absolute paths).
PLACE := $(VENV)/.place-$(shell printf '%s' '$(CURDIR)' | cksum | cut -d ' ' -f 1)
INSTALL = $(PYTHON) -m pip --python $(BIN)/python install -qq --disable-pip-version-check --no-input

# What was compiled is kept: each of the many processes of a run would else compile all tests anew, with their asserts.
export PYTHONDONTWRITEBYTECODE =

.DEFAULT_GOAL := help
.PHONY: help run setup test check check-code fix bench test-full shots docs lock clean
MAKEFLAGS += --no-print-directory

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F '|' '{ printf "%-18s %s\n", $$1, $$2 }'

run: setup ## start the desk (PORT, TRESEN_DATA, SAMPLE=0 for an empty one)
	@exec env PORT='$(PORT)' TRESEN_DATA='$(TRESEN_DATA)' SAMPLE='$(SAMPLE)' $(BIN)/tresen run --port '$(PORT)'

setup: $(VENV)/.run $(VENV)/.translations ## only make the environment in .venv
	@:

test: $(VENV)/.dev $(VENV)/.translations ## all checks, then all tests on SQLite and on PostgreSQL
	@status=0; mkdir -p build; \
	$(MAKE) check-code > build/checks.txt 2>&1 & checks=$$!; \
	echo '== tests on SQLite, and beside them the checks'; \
	TRESEN_TEST_DATABASE=sqlite $(PYTEST) $(DEALT) || status=1; \
	wait $$checks || status=1; cat build/checks.txt; \
	echo '== tests on PostgreSQL'; \
	TRESEN_TEST_DATABASE=postgres $(PYTEST) $(DEALT) -m 'not browser and not house and not once' \
		$(foreach part,$(ONCE),--ignore=tests/$(part)) || status=1; \
	exit $$status

check: $(VENV)/.dev $(VENV)/.translations ## lint, types, layers, migrations, translations, rules of the house
	@$(MAKE) check-code
	@$(PYTEST) tests/house -q

check-code: $(VENV)/.dev
	@echo '== style' && $(BIN)/ruff check --quiet --output-format concise . && $(BIN)/ruff format --check --quiet . \
		|| { echo 'Run "make fix" and mend what remains.'; exit 1; }
	@echo '== types' && $(CHECK) $(BIN)/mypy --no-error-summary
	@echo '== layers' && $(CHECK) $(BIN)/lint-imports --no-logo > build/layers.txt || { cat build/layers.txt; exit 1; }
	@echo '== translations' && $(BIN)/python -m tresen.kit.translations check

fix: $(VENV)/.dev ## format the code, mend what can be mended, take new texts into the catalogues
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .
	@$(BIN)/python -m tresen.kit.translations update

bench: setup ## load a large desk and measure it (BENCH="--tickets 100000 --beside 10000")
	@$(BIN)/tresen bench $(BENCH)

test-full: $(VENV)/.dev $(VENV)/.translations ## the safety tests in full size; writes docs/measured.md
	@TRESEN_TEST_FULL=1 $(PYTEST) tests/safety

shots: $(VENV)/.dev $(VENV)/.translations ## a picture of every screen in build/screens
	@TRESEN_TEST_SHOTS=$(CURDIR)/build/screens $(PYTEST) tests/browser/pictures.py -q
	@echo 'See build/screens/index.html.'

docs: $(VENV)/.dev $(VENV)/.translations ## write the reference pages that are made from the code
	@$(CHECK) $(BIN)/python -m tests.house.reference

lock: $(VENV)/.dev ## choose versions anew from pyproject.toml
	@for kind in run dev; do \
		groups='--group build'; [ $$kind = dev ] && groups="$$groups --group dev"; \
		$(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
			--python-version 3.11 --universal pyproject.toml $$groups -o requirements/$$kind.txt || exit 1; \
	done

clean: ## remove the environment and what was built, never the data
	@rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(PLACE):
	@[ -n '$(PYTHON)' ] || { echo 'Python 3.11 or newer is needed: sudo apt-get install python3 python3-pip'; exit 1; }
	@$(PYTHON) -m pip --version > /dev/null 2>&1 \
		|| { echo 'pip is needed for $(PYTHON): sudo apt-get install python3-pip'; exit 1; }
	@echo 'Making the environment in .venv …'
	@rm -rf $(VENV) && $(PYTHON) -m venv --without-pip $(VENV) && touch $@

$(VENV)/.run: requirements/run.txt pyproject.toml | $(PLACE)
	@echo 'Installing the packages (about a minute the first time) …'
	@$(INSTALL) --require-hashes --no-deps -r requirements/run.txt && $(INSTALL) --no-deps --no-build-isolation -e . \
		|| { echo 'The packages could not be installed. Check the connection to the package index and run this again.'; exit 1; }
	@mkdir -p build && touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo 'Installing the packages for development …'
	@$(INSTALL) --require-hashes --no-deps -r requirements/dev.txt \
		|| { echo 'The packages could not be installed. Check the connection to the package index and run this again.'; exit 1; }
	@mkdir -p build && touch $@

$(VENV)/.translations: $(TRANSLATIONS) | $(VENV)/.run
	@$(BIN)/python -m tresen.kit.translations compile && touch $@
