PYTHON ?= python3
BIN := .venv/bin
# So many processes test: two more than there are cores, for many tests mostly wait.
PROCESSES ?= $(shell expr 2 + $$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2))

# Tests write where nothing waits for a disk, if there is room for it: four gigabytes.
MEMORY := $(shell [ -w /dev/shm ] && [ "$$(df -Pk /dev/shm | awk 'NR == 2 { print $$4 }')" -gt 4000000 ] && echo /dev/shm)
export PYTEST_DEBUG_TEMPROOT := $(MEMORY)

# Tests begin many processes: compiled modules are kept for the next one, whatever the shell wishes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test check bench faults listening mutants sbom lock clean

run: .venv/.run  ## start Tachawor on this machine, with an example council
	@$(BIN)/tachawor run

test: check  ## formatter check, ruff, mypy, import-linter and every test; SEED=123 repeats an order
	$(BIN)/pytest tests --numprocesses=$(PROCESSES) --dist=worksteal $(if $(SEED),--randomly-seed=$(SEED))

check: .venv/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Tachawor needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv

.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.lock pyproject.toml | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e .
	@.ci/browser
	@touch $@ .venv/.run

bench: .venv/.dev  ## CPU of one conversation step, side by side
	$(BIN)/python -m bench

faults: .venv/.dev  ## the long crash tests (conversations, a broadcast to 100,000), and new examples
	$(BIN)/pytest tests -m hypothesis --hypothesis-profile=default
	$(BIN)/python -m bench.faults
	$(BIN)/python -m bench.kills
	$(BIN)/python -m bench.losses
	$(BIN)/python -m bench.erasures
	$(BIN)/python -m bench.points
	$(BIN)/python -m bench.outages
	$(BIN)/python -m bench.trouble
	$(BIN)/python -m bench.flood --recipients 100000 --kills 20

listening: .venv/.dev  ## how well replies are understood: right, refused or asked back, silently wrong
	$(BIN)/python -m bench.listening
	$(BIN)/python -m bench.sentences

mutants: .venv/.dev  ## put small faults in, one at a time: do the tests notice them?
	$(BIN)/python -m bench.mutants

sbom: .venv/.dev  ## the bill of materials of what is shipped: build/sbom.cdx.json (CycloneDX)
	@mkdir -p build
	$(BIN)/cyclonedx-py requirements --pyproject pyproject.toml --output-reproducible -o build/sbom.cdx.json requirements.lock 2>/dev/null

lock:  ## resolve the lower bounds of pyproject.toml into the two lock files
	$(PYTHON) -m venv .venv && $(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-header --no-emit-index-url --extra dev -o requirements-dev.lock pyproject.toml

clean:
	rm -rf .venv build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
