# Every command of this repository. `make` alone lists the targets.
#
#   PYTHON=python3.12   interpreter that builds .venv (3.11, 3.12 or 3.13; read only when .venv is created)
#   TEST_ARGS=...       passed on to pytest (unit, simulator, integration)

PYTHON ?= python3
TEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
CACHE := .cache
TREE := $(CACHE)/tree/ansible_collections/hyperv/integration
DEPS := $(CACHE)/collections
REPORTS := tests/output/junit

# The `ansible` bundle on PyPI is the one source of collections that needs no Galaxy.
ANSIBLE_BUNDLE := 14.5.0
TEST_COLLECTIONS := ansible.windows

export PATH := $(CURDIR)/$(BIN):$(PATH)
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/$(CACHE)/tree:$(CURDIR)/$(DEPS)
export ANSIBLE_LOCALHOST_WARNING := False
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help venv tree demo test coverage lint lint-ruff lint-mypy lint-imports lint-powershell lint-ansible lint-changelog lint-docs sanity unit \
	simulator integration molecule molecule-mutation build browser screenshot docs changelog bench fuzz big-copy lock clean

help: ## show this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z-]+:.*## / {printf "  make %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ set-up

venv: $(VENV)/.stamp $(DEPS)/.stamp-$(ANSIBLE_BUNDLE) ## build .venv: tools from the lock file, hvsim, ansible.windows for the tests
	@:

$(VENV)/.stamp: requirements-dev.lock simulator/pyproject.toml
	@test -x $(PY) || { echo "Creating $(VENV) with $(PYTHON) ..."; \
		$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] <= (3, 13) else f"Python 3.11, 3.12 or 3.13 is needed, this is {sys.version.split()[0]}: make venv PYTHON=python3.12")' && \
		$(PYTHON) -m venv $(VENV); }
	@echo "Installing the tools of requirements-dev.lock (about a minute the first time) ..."
	@$(PY) -m pip install -qq -r requirements-dev.lock
	@$(PY) -m pip install -qq --no-deps --no-build-isolation -e simulator
	@touch $@

$(DEPS)/.stamp-$(ANSIBLE_BUNDLE): | $(VENV)/.stamp
	@echo "Fetching $(TEST_COLLECTIONS) from the ansible $(ANSIBLE_BUNDLE) package ..."
	@$(PY) tests/tools/fetch_collections.py --bundle $(ANSIBLE_BUNDLE) --dest $(DEPS) $(TEST_COLLECTIONS)
	@touch $@

tree: venv ## copy the collection to .cache/tree/ansible_collections/hyperv/integration
	@$(PY) tests/tools/tree.py $(TREE)

##@ use

demo: tree ## audit and repair two simulated Hyper-V hosts, end to end
	@$(PY) examples/demo.py

##@ tests

test: venv ## everything .ci/run runs; the last line counts
	@$(PY) tests/tools/stages.py

coverage: venv ## write what the engine covers and which recorded cases do not pass (both are held by tests)
	@hvsim coverage simulator/COVERAGE.md
	@$(PY) simulator/tests/conformance/rewrite_gaps.py

lint: lint-ruff lint-mypy lint-imports lint-powershell lint-ansible lint-changelog lint-docs ## all linters

lint-ruff: venv ## ruff: style and common mistakes of all Python
	@ruff check .
	@cd simulator && ruff check .

lint-mypy: venv ## mypy, strict, for the simulator
	@cd simulator && mypy

lint-imports: venv ## import-linter: the layers of the simulator
	@cd simulator && lint-imports ../.importlinter --no-cache

lint-powershell: venv ## hvsim lint: our PowerShell against Windows PowerShell 5.1
	@hvsim lint plugins/modules/*.ps1 plugins/module_utils/*.psm1

lint-ansible: tree ## ansible-lint, profile production
	@cd $(TREE) && ANSIBLE_HOME=$(CURDIR)/$(CACHE)/ansible-home ansible-lint --offline --strict -q

lint-changelog: venv ## antsibull-changelog lint
	@antsibull-changelog lint

lint-docs: tree ## antsibull-docs: plugin docs, roles, guides
	@cd $(TREE) && antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self .

sanity: tree ## ansible-test sanity, validate-modules reading the specs without PowerShell
	@$(PY) tests/tools/sanity.py

unit: tree browser ## unit tests of plugins, roles and tools
	@$(PY) -m pytest tests/unit --junitxml=$(REPORTS)/unit.xml $(TEST_ARGS)

simulator: venv ## tests of hvsim, recorded PowerShell cases included
	@cd simulator && ../$(PY) -m pytest -n 2 --junitxml=../$(REPORTS)/simulator.xml $(TEST_ARGS)

integration: tree ## the modules and roles on hvsim, over WinRM
	@$(PY) -m pytest -n 2 --dist loadgroup tests/integration --junitxml=$(REPORTS)/integration.xml $(TEST_ARGS)

molecule: tree ## the molecule scenarios on hvsim
	@cd $(TREE) && ANSIBLE_HOME=$(CURDIR)/$(CACHE)/ansible-home ANSIBLE_HOST_PATTERN_MISMATCH=error molecule test --all

molecule-mutation: tree ## proof that each scenario fails when its module does nothing, or something wrong
	@$(PY) tests/tools/molecule_mutation.py

build: tree ## build the artifact, install it offline, use it
	@$(PY) tests/tools/check_build.py

bench: tree ## seconds and calls of one task on 1 to 1,000 VMs; ratios of the engine's speed
	@$(PY) benchmarks/scale.py
	@$(PY) benchmarks/engine.py --sizes 1000

COUNT ?= 100000
fuzz: venv ## the nightly fuzzer of the engine: COUNT scripts (100000), SEED=n repeats a run
	@$(PY) simulator/tests/engine/fuzz.py --count $(COUNT) $(if $(SEED),--seed $(SEED))

big-copy: tree ## hyperv_copy_vmfile with a file of 1 GiB in both directions, in bounded memory (MIB=1024)
	@cd tests/integration && ../../$(PY) big_copy.py $(or $(MIB),1024)

# The report is looked at in Chromium, which comes from Debian, not from PyPI.
browser:
	@command -v chromium chromium-browser google-chrome > /dev/null || { \
		test "$$(id -u)" = 0 && command -v apt-get > /dev/null \
			&& echo "Installing chromium for the tests of the report ..." \
			&& apt-get -qq update > /dev/null && apt-get -qq install -y --no-install-recommends chromium > /dev/null 2>&1; \
	} || echo "chromium is missing: the tests of the report will say how to install it"

##@ upkeep

docs: tree ## build the HTML documentation in .cache/docs
	@tests/tools/build_docs.sh

screenshot: tree ## renew docs/images/report.png from the demo's report (needs chromium)
	@$(PY) tests/tools/screenshot.py build/demo/before/report.html docs/images/report.png

changelog: venv ## turn the fragments into CHANGELOG.rst (version of galaxy.yml)
	@antsibull-changelog release

lock: venv ## resolve requirements-dev.in anew for all Python versions
	@test -x $(CACHE)/uv/bin/uv || { $(PY) -m venv $(CACHE)/uv && $(CACHE)/uv/bin/pip install -qq uv; }
	@$(CACHE)/uv/bin/uv pip compile -q --system-certs --universal --python-version 3.11 --no-header --no-annotate --upgrade \
		requirements-dev.in simulator/pyproject.toml -o requirements-dev.lock

clean: ## remove everything the targets made, .venv included
	rm -rf $(VENV) $(CACHE) .ansible build tests/output
