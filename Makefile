# The front door. `make` alone lists what there is; every target sets up what it needs.

SHELL := /bin/sh
MAKEFLAGS += --no-print-directory
# Where this is set, every process compiles a thousand modules anew before it starts.
unexport PYTHONDONTWRITEBYTECODE
bin := .venv/bin
# Each process costs 9 s of CPU for imports and collection before its first test: more of them than cores do not pay.
TEST_PROCESSES ?= 2

.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z][a-z-]*:.*## / {printf "  make %-16s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# -- run ---------------------------------------------------------------------------------------------------------------

demo: .venv/.runtime ## Send sample articles through the real thing, show and check what comes back
	@$(bin)/dateline demo

up: .venv/.runtime ## Start everything on this machine and stay until Ctrl-C
	@$(bin)/dateline up

# -- check -------------------------------------------------------------------------------------------------------------

test: .venv/.dev ## Run all tests
	@$(bin)/pytest -q -n $(TEST_PROCESSES) --dist worksteal

test-recognizers: .venv-spacy/.ready ## Test the spaCy recognizer on a real pipeline (installs spaCy, 300 MB)
	@.venv-spacy/bin/pytest -q -m recognizers tests/unit/tasks/entities

test-edges: .venv/.dev .venv-edges/.ready .npm-files/.ready ## Test against what is outside: Chromium, kustomize, promtool, systemd
	@$(bin)/pytest -q -m edges

lint: .venv/.dev ## Check style, format and types
	@$(bin)/ruff check
	@$(bin)/ruff format --check
	@$(bin)/mypy

audit: .venv/.dev ## Look for known vulnerabilities; OSV=all.zip where the index cannot be asked
	@$(if $(OSV),$(bin)/python scripts/audit_locks.py "$(OSV)",scripts/audit)

format: .venv/.dev ## Format the code
	@$(bin)/ruff check --fix-only --quiet
	@$(bin)/ruff format

# -- measure -----------------------------------------------------------------------------------------------------------

quality: quality-clean quality-pages quality-entities quality-geotag quality-dedupe ## Measure how good every stage is

quality-clean: .venv/.dev ## Measure the clean stage against gold pages
	@$(bin)/python -m benchmarks.quality_clean

quality-pages: .venv/.dev ## Measure clean and entities on the pages and texts written for Dateline
	@$(bin)/python -m benchmarks.gold_texts
	@$(bin)/python -m benchmarks.gold_pages

quality-entities: .venv/.dev ## Measure the entities stage against gold mentions
	@$(bin)/python -m benchmarks.quality_entities

quality-geotag: .venv/.dev ## Measure the geotag stage against gold places
	@$(bin)/python -m benchmarks.quality_geotag

quality-dedupe: .venv/.dev .libraries/.ready ## Measure the dedupe stage against gold pairs and stories
	@$(bin)/python -m benchmarks.copies_gold
	@PYTHONPATH=.libraries OMP_NUM_THREADS=1 $(bin)/python -m benchmarks.quality_dedupe

bench-dedupe: .venv/.dev .libraries/.ready ## Measure what the indexes of duplicates and stories cost, and race copies
	@PYTHONPATH=.libraries OMP_NUM_THREADS=1 $(bin)/python -m benchmarks.bench_dedupe

bench-pipeline: .venv/.dev ## Measure what the queue costs against the four stages in one process
	@$(bin)/python -m benchmarks.pipeline

bench-tracing: .venv/.dev ## Measure what traces cost: off, for one of a hundred, for all
	@$(bin)/python -m benchmarks.tracing

bench-clean: .venv-extractors/.ready ## Measure other extractors on the pages of quality-clean
	@.venv-extractors/bin/python -m benchmarks.extractors

bench-entities: .venv/.dev ## Measure what the entities stage costs, for every recognizer that ships
	@OMP_NUM_THREADS=1 $(bin)/python -m benchmarks.bench_entities

ablate-geotag: .venv/.dev ## Measure what each step from raw text to places is worth (a minute)
	@OMP_NUM_THREADS=1 $(bin)/python -m benchmarks.geotag_ablation

bench-geotag: .venv/.dev ## Measure what the geotag stage costs, and pages of articles near a point
	@$(bin)/python -m benchmarks.bench_geotag

bench-overload: .venv/.dev ## Measure live latency under a bulk flood, a closed lane, and a full Redis
	@$(bin)/python -m benchmarks.overload

bench-durability: .venv/.dev ## Measure what a power cut takes, with appendfsync always and everysec
	@$(bin)/python -m benchmarks.durability

bench-verify: .venv/.dev ## Measure what verifying 100,000 articles takes, and whether it is exact
	@$(bin)/python -m benchmarks.verify

bench-submit: .venv/.dev ## Measure what submitting costs one by one and in batches, and what bombs do
	@$(bin)/python -m benchmarks.submit

bench-sinks: .venv/.dev ## Measure how fast results go into files and into PostgreSQL
	@OMP_NUM_THREADS=1 $(bin)/python -m benchmarks.sinks

fuzz: .venv/.dev ## Try what nobody would send: 2,000 requests, and ten minutes of broken pages
	@$(bin)/python -m benchmarks.fuzz

chaos: .venv/.dev ## Break everything under load and count what is lost (a quarter of an hour)
	@$(bin)/python -m benchmarks.chaos

figures: .venv/.dev ## Write docs/quality.md and docs/performance.md from the last reports
	@$(bin)/python -m benchmarks.figures

# -- make --------------------------------------------------------------------------------------------------------------

compile := $(bin)/uv pip compile --quiet --python-version 3.11 --generate-hashes --no-header --no-annotate \
	--no-emit-index-url --extra local --extra postgres --extra tracing $(if $(UPGRADE),--upgrade)

screenshots: .venv/.dev ## Take the pictures in docs/images anew (needs Chromium)
	@PYTHONPATH=. $(bin)/python scripts/screenshot_flower.py
	@PYTHONPATH=. $(bin)/python scripts/screenshot_desk.py

lock: .venv/.dev ## Resolve the dependencies into the locks; UPGRADE=1 takes newer versions
	@$(compile) pyproject.toml -o requirements.lock
	@$(compile) --group dev pyproject.toml -o requirements-dev.lock
	@$(subst --extra local --extra postgres --extra tracing,,$(compile)) benchmarks/requirements-extractors.txt -o benchmarks/requirements-extractors.lock

train-entities: .venv-train/.ready ## Train the entity models (minutes on a GPU, else a day; training/entities)
	@OMP_NUM_THREADS=1 .venv-train/bin/python -m training.entities.train --run runs/entities

train-spacy: .venv-spacy/.ready ## Train a spaCy CNN on the same texts, to compare (half an hour)
	@OMP_NUM_THREADS=1 .venv-spacy/bin/python -m training.entities_spacy.train

compare-spacy: .venv-spacy/.ready ## Measure quality and cost beside the spaCy CNN in runs/entities-spacy
	@.venv-spacy/bin/python -m benchmarks.quality_entities spacy:runs/entities-spacy
	@OMP_NUM_THREADS=1 .venv-spacy/bin/python -m benchmarks.bench_entities spacy:runs/entities-spacy

build-gazetteer: .venv-train/.ready ## Build the gazetteer from its sources
	@.venv-train/bin/python -m training.gazetteer.build

train-geotag: .venv/.dev ## Learn, cross-validate and calibrate the ranking of places (half a minute)
	@OMP_NUM_THREADS=1 $(bin)/python -m training.geotag.train

record-formats: .venv-formats/.ready ## Record again what other libraries write, and show what changed
	@.venv-formats/bin/python scripts/record_formats.py

train-dedupe: .venv/.dev ## Fit and cross-validate the weights of copies and stories (five minutes)
	@OMP_NUM_THREADS=1 $(bin)/python -m training.dedupe.train
	@OMP_NUM_THREADS=1 $(bin)/python -m training.dedupe.stories

image: ## Build the image with buildah (no Docker), and weigh it
	@scripts/build-image

check-image: .venv/.dev ## Run every part of the image and send an article through (as root)
	@$(bin)/python scripts/check_image.py

clean: ## Remove environments and caches; what `make up` has stored stays
	@rm -rf .venv .venv-audit .venv-edges .venv-extractors .venv-formats .venv-spacy .venv-train .libraries .npm-files dist build reports .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# -- set-up ------------------------------------------------------------------------------------------------------------
# Two stamps, each newer than its lock when the environment holds it. The development lock names everything that the
# other one names, so that setting up for tests serves the demo as well.

.venv/.runtime: requirements.lock scripts/set-up
	@scripts/set-up runtime

.venv/.dev: requirements-dev.lock scripts/set-up
	@scripts/set-up dev

.venv-formats/.ready: scripts/formats-requirements.txt | .venv/.dev
	@$(bin)/uv venv --quiet --clear --python $(bin)/python .venv-formats
	@$(bin)/uv pip install --quiet --python .venv-formats/bin/python -r scripts/formats-requirements.txt
	@touch .venv-formats/.ready

.venv-extractors/.ready: benchmarks/requirements-extractors.lock | .venv/.dev
	@$(bin)/uv venv --quiet --clear --python $(bin)/python .venv-extractors
	@$(bin)/uv pip install --quiet --require-hashes --python .venv-extractors/bin/python -r benchmarks/requirements-extractors.lock
	@touch .venv-extractors/.ready

.npm-files/.ready: scripts/npm_files.py | .venv/.dev
	@$(bin)/python scripts/npm_files.py tests
	@touch .npm-files/.ready

.venv-edges/.ready: scripts/edges-requirements.txt | .venv/.dev
	@$(bin)/uv venv --quiet --clear --python $(bin)/python .venv-edges
	@$(bin)/uv pip install --quiet --python .venv-edges/bin/python -r scripts/edges-requirements.txt
	@touch .venv-edges/.ready

.libraries/.ready: benchmarks/dedupe-libraries.txt | .venv/.dev
	@$(bin)/uv pip install --quiet --target .libraries --no-deps -r benchmarks/dedupe-libraries.txt
	@touch .libraries/.ready

.venv-train/.ready: requirements.lock training/entities/requirements.txt training/gazetteer/requirements.txt
	@scripts/set-up-training

.venv-spacy/.ready: requirements-dev.lock training/entities_spacy/requirements.txt scripts/set-up-spacy | .venv/.dev
	@scripts/set-up-spacy

.PHONY: help demo up test test-recognizers test-edges lint audit format quality quality-clean quality-pages quality-entities quality-geotag \
	quality-dedupe bench-dedupe bench-pipeline bench-clean bench-entities ablate-geotag bench-geotag bench-overload \
	bench-sinks bench-submit bench-tracing bench-verify bench-durability screenshots fuzz chaos figures lock train-entities build-gazetteer \
	train-geotag train-spacy compare-spacy record-formats image check-image clean train-dedupe
