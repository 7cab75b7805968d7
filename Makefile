# The doors to this repository. What each does is in the script of its name.

export CARGO_TARGET_DIR ?= $(CURDIR)/target
export OPENSSL_NO_VENDOR = 1

.DEFAULT_GOAL := help
.PHONY: help setup build demo check test judge-report bench fuzz simulate weights

help: ## List the targets.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## Install what building and testing need, where it is missing.
	@scripts/setup.sh test

build: ## Compile everything: the node, the judge, the client, the demo and the tests.
	@scripts/build.sh

demo: ## Start a network of four validators and three inference nodes, judge ten answers each, and show who was paid what.
	@scripts/demo.sh

check: ## Check a change in minutes: formatting, clippy, and the unit tests of the mechanism, the pallet, the scorer and the client.
	@scripts/check.sh

test: ## Run all checks and tests, with the time that each stage took.
	@scripts/test.sh

judge-report: ## Examine the judge on hand-written answers and attacks, and write models/REPORT.md.
	@scripts/judge-report.sh

bench: ## Time the judge beside other runtimes, and write docs/benchmarks.md.
	@scripts/bench.sh

fuzz: ## Throw bytes at what reads untrusted input, a minute for each target.
	@scripts/fuzz.sh

weights: ## Measure what the pallet's calls cost, and write runtime/src/weights.rs.
	@scripts/weights.sh

simulate: ## Run the experiments on the rules, and write docs/simulation/.
	@scripts/simulate.sh
