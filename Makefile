# canvass: everything a checkout can do. `make` lists the targets.
# All of them use the release profile, so that one build serves all.

PYTHON ?= python3
CARGO ?= cargo
RELEASE = --release --locked
DEMO = samples/community-safety

# make -j must not build before the set-up is done.
.NOTPARALLEL:
.PHONY: help setup build demo test bench bench-quality crash check-intake check-exchange bombs fuzz audit clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: ## fetch and verify libtorch and the model (once a machine; later runs take under a second)
	@$(PYTHON) scripts/setup.py

build: ## build target/release/canvass
	$(CARGO) build $(RELEASE)

demo: setup build ## analyse the sample study
	$(CARGO) run $(RELEASE) -- run $(DEMO)
	@echo "The report: $(CURDIR)/$(DEMO)/out/report.html"

test: setup ## every check: scripts, format, lints, docs, tests, quick start
	$(PYTHON) -B -m unittest discover -s scripts -p 'test_*.py'
	$(CARGO) fmt --check
	$(CARGO) clippy $(RELEASE) --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc $(RELEASE) --no-deps --document-private-items
	$(CARGO) test $(RELEASE)
	@if [ -e scripts/quickstart_test.sh ]; then echo bash scripts/quickstart_test.sh; bash scripts/quickstart_test.sh; fi

bench: setup build ## measure speed and memory
	$(PYTHON) -B scripts/bench.py

bench-quality: setup build ## measure how well the codes agree with people's
	$(PYTHON) -B scripts/bench_quality.py
	$(PYTHON) -B scripts/bench_training.py
	$(CARGO) bench --locked --bench shares

crash: setup build ## kill a run at 200 moments and compare what the next one writes (an hour or more)
	$(PYTHON) -B tests/crash/crash.py

check-intake: setup build ## compare what is read with other readers' counts: DATA=folder, NAUGHTY=blns.json
	$(PYTHON) -B scripts/check_intake.py $(DATA) $(if $(NAUGHTY),--naughty $(NAUGHTY))

check-exchange: setup build ## validate the sample's exchange files: SCHEMAS=folder with REFI's schemas
	@out=$$(mktemp -d); trap 'rm -rf "$$out"' EXIT; \
	sed '$$a [report]\nformats = ["qdpx"]' $(DEMO)/study.toml > $(DEMO)/.exchange.toml; \
	target/release/canvass run $(DEMO)/.exchange.toml --out "$$out" --quiet; status=$$?; \
	rm -f $(DEMO)/.exchange.toml; [ $$status -eq 0 ] || exit $$status; \
	$(PYTHON) -B scripts/check_exchange.py --schemas $(SCHEMAS) "$$out/project.qdpx" "$$out/codebook.qdc"

bombs: setup build ## measure what hostile files cost
	$(PYTHON) -B scripts/bombs.py

fuzz: ## fuzz the readers: SECONDS=600 a target, TARGETS="csv xlsx", JOBS=2 at a time
	$(PYTHON) -B scripts/fuzz.py $(TARGETS) --seconds $(or $(SECONDS),600) --jobs $(or $(JOBS),1)

audit: ## check licences, banned crates, sources and advisories of all dependencies
	@$(CARGO) deny --version >/dev/null 2>&1 || $(CARGO) install --locked cargo-deny
	$(CARGO) deny --locked check licenses bans sources
	@echo "$(CARGO) deny --locked check advisories"
	@log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
	if $(CARGO) deny --locked check advisories >"$$log" 2>&1; then cat "$$log"; \
	elif grep -Eq 'failed to (fetch|open|load) advisory database' "$$log"; then \
	  echo "note: advisories were NOT checked: the advisory database cannot be reached from here"; \
	else cat "$$log"; exit 1; fi

clean: ## remove what was built, the demo's output and its finished work (the shared cache stays)
	$(CARGO) clean
	rm -rf $(DEMO)/out $(DEMO)/.canvass $(DEMO)/restricted
