# The commands of this project; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
STACK ?= prod
ENGINE := build/engine/bin

.PHONY: up
up: $(VENV)/.run ## Bring a whole environment up on a local AWS (STACK=dev|staging|prod)
	$(BIN)/cachewright up --stack $(STACK) --yes

.PHONY: test
test: $(VENV)/.dev ## Run the whole test suite
	$(BIN)/python -m pytest -n auto --dist loadgroup --ignore tests/engine

.PHONY: engine
engine: $(ENGINE)/pulumi $(ENGINE)/pulumi-language-yaml ## Build Pulumi's CLI from Go modules, for the conformance suite (needs Go)

.PHONY: conformance
conformance: $(VENV)/.dev ## Run the conformance suite: Pulumi's own engine against the embedded one
	$(BIN)/python -m pytest -n auto --dist loadgroup tests/engine

.PHONY: lint
lint: $(VENV)/.dev ## Check style, types and generated documents
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m cachewright_ops.argument_docs --check
	$(BIN)/python -m cachewright_ops.schema_docs --check
	$(BIN)/python -m cachewright_ops.local_aws_docs --check
	$(BIN)/python -m cachewright_ops.policy_docs --check

.PHONY: check
check: lint test conformance ## All that CI checks

.PHONY: docs
docs: $(VENV)/.dev ## Generate the documents that are made from the code
	$(BIN)/python -m cachewright_ops.argument_docs
	$(BIN)/python -m cachewright_ops.schema_docs
	$(BIN)/python -m cachewright_ops.local_aws_docs
	$(BIN)/python -m cachewright_ops.policy_docs

.PHONY: policy-pack
policy-pack: $(VENV)/.run ## Write the policy pack, ready for `pulumi policy publish`, to dist/policy-pack
	$(BIN)/python -m cachewright_ops.policy_pack dist/policy-pack

.PHONY: bench
bench: $(VENV)/.dev ## Measure time and memory of preview, up and check, the last beside its peers
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/checking.py

.PHONY: lock
lock: $(VENV)/.dev ## Pin every dependency anew
	$(BIN)/uv pip compile -q pyproject.toml --extra local --extra policies --python-version 3.11 --universal --generate-hashes -o requirements.lock
	$(BIN)/uv pip compile -q pyproject.toml --extra local --extra policies --group dev --python-version 3.11 --universal --generate-hashes -o requirements-dev.lock

.PHONY: clean
clean: ## Stop the local AWS and remove what the other commands made
	if [ -x $(BIN)/cachewright ]; then $(BIN)/cachewright local stop; fi
	rm -rf $(VENV) .venv-peers .cachewright build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

.PHONY: help
help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# The version is the one that go.mod names: a release stamps it the same way.
$(ENGINE)/pulumi: tests/engine/cli/go.mod tests/engine/cli/go.sum
	@command -v go >/dev/null || { echo "make engine needs Go 1.25 or newer on PATH, found none: https://go.dev/doc/install" >&2; exit 2; }
	mkdir -p $(ENGINE)
	version=$$(go -C tests/engine/cli list -m -f '{{.Version}}' github.com/pulumi/pulumi/pkg/v3); \
	go -C tests/engine/cli build -trimpath -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$$version" \
	  -o $(CURDIR)/$(ENGINE)/ github.com/pulumi/pulumi/pkg/v3/cmd/pulumi
	install -m 755 "$$(go -C tests/engine/cli list -m -f '{{.Dir}}' github.com/pulumi/pulumi/sdk/v3)/python/cmd/pulumi-language-python-exec" $(ENGINE)/
	ln -sf $(CURDIR)/tests/engine/bin/pulumi-language-python $(ENGINE)/
	touch $@

# YAML stands for the languages that have the components through their plugin only; it needs another Pulumi than the CLI.
$(ENGINE)/pulumi-language-yaml: tests/engine/yaml/go.mod tests/engine/yaml/go.sum
	mkdir -p $(ENGINE)
	go -C tests/engine/yaml build -trimpath -ldflags '-s -w' -o $(CURDIR)/$(ENGINE)/ github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@

$(VENV)/.dev: requirements-dev.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	touch $@ $(VENV)/.run
