#!/usr/bin/env bash
# Tests everything, or the stages that are named, and tells what each stage took. Stops at the first
# stage that fails.
#
# Usage: scripts/test.sh [STAGE...]
#   STAGE    a name from `--list`; the stages run in the order of that list, and what they need runs
#            before them
#   --list   prints the names of the stages, with one line for each

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# All stages in their order:
# name | lane | what must run before it | function | title in the report | line of `--list`.
# `build` needs the set-up, so a stage that needs `build` needs both.
#
# The stages of lane `first` run one after the other, before all others. Then the other lanes run
# beside each other, each stage after stage: networks wait for blocks most of the time, and leave
# the cores to what compiles.
STAGES=(
    "setup|first|-|set_up|set-up|installs what building and testing need, where it is missing"
    "format|first|setup|formatting|formatting and words|cargo fmt, eslint, the glossary's words, the width and sentences of texts, no circles of modules"
    "build|first|setup|build|build|compiles all programs and tests"
    "clippy|cores|setup|lints|clippy|clippy for all programs and tests; a warning is an error"
    "docs|cores|setup|documentation|documentation and its examples|rustdoc for all packages, and the examples in it"
    "features|cores|setup|features|each feature alone|compiles what goes on chain crate by crate and feature by feature, for wasm too"
    "packages|cores|setup|packages|packages|packages what others depend on, and compiles what goes on chain from the packages"
    "unit|cores|build|unit_tests|unit and property tests|tests of the mechanism, the runtime, the node, the client and the simulation"
    "pallet|cores|build|pallet_tests|pallet tests|tests of the pallet, without its off-chain worker"
    "offchain|cores|build|off_chain_worker_tests|off-chain-worker tests|tests of the pallet's off-chain worker"
    "scorer|cores|build|scorer_tests|scorer tests, on the real model|tests of ocw-scorer"
    "training|cores|build|training|training and the linter for Python|a few steps of the training, and the linter for Python"
    "benchmarks|cores|setup|benchmark_tests|pallet benchmark tests|runs each of the pallet's benchmarks once, as a test"
    "second-chain|cores|build|second_chain|the second chain, as a chain builder makes it|the pallet's tests on another runtime, and the commands of docs/integrating.md"
    "users|users|build|user_checks|checks for wallets, operators and documents, on real nodes|polkadot.js, PAPI, metrics, alerts, commands in documents"
    "stories|stories|build|stories|end-to-end stories, on real nodes|one story after the other on networks of real nodes, with attackers and faults"
    "upgrade|upgrade|build|upgrades|runtime upgrades, on real nodes|upgrades from each kept runtime, with tasks in every phase"
    "compose|upgrade|build|compose_run|the services of docker-compose.yml|each service of docker-compose.yml with its command, without a container engine"
)

NAMES=()
declare -A LANES NEEDS FUNCTIONS TITLES SUMMARIES
for row in "${STAGES[@]}"; do
    IFS='|' read -r name lane needs function title summary <<<"$row"
    NAMES+=("$name")
    LANES[$name]="$lane"
    NEEDS[$name]="$needs"
    FUNCTIONS[$name]="$function"
    TITLES[$name]="$title"
    SUMMARIES[$name]="$summary"
done

# What is to run: all stages, or those that are named with what they need.
declare -A CHOSEN

# choose NAME: the stage and what it needs.
choose() {
    [ -n "${NEEDS[$1]:-}" ] || fail "there is no stage '$1': scripts/test.sh --list prints all"
    CHOSEN[$1]=1
    if [ "${NEEDS[$1]}" != - ]; then
        choose "${NEEDS[$1]}"
    fi
}

if [ "${1:-}" = --list ]; then
    for name in "${NAMES[@]}"; do
        printf '%-14s%s\n' "$name" "${SUMMARIES[$name]}"
    done
    exit
fi
if [ $# = 0 ]; then
    set -- "${NAMES[@]}"
fi
for name in "$@"; do
    choose "$name"
done

STARTED=$SECONDS
EXECUTABLES="$(mktemp)"
LOGS="$(mktemp -d)"
# The lanes that still run: process | lane.
declare -A RUNNING
trap 'end_lanes; rm -rf "$EXECUTABLES" "$LOGS"' EXIT

# lane LANE runs the chosen stages of the lane, and notes in $LOGS/LANE.times what each took.
lane() {
    local name
    TIMES=()
    # shellcheck disable=SC2064
    trap "printf '%s\\n' \"\${TIMES[@]}\" >'$LOGS/$1.times'" EXIT
    for name in "${NAMES[@]}"; do
        if [ "${LANES[$name]}" = "$1" ] && [ -n "${CHOSEN[$name]:-}" ]; then
            stage "${TITLES[$name]}" "${FUNCTIONS[$name]}"
        fi
    done
}

# begin LANE runs a lane in the background, in a process group of its own, so that all of it can be
# ended. What `cores` prints is shown at once; what another lane prints, when it is done.
begin() {
    set -m
    (
        if [ "$1" = cores ]; then
            # What compiles takes the time that networks leave.
            renice --priority 10 --pid "$BASHPID" >/dev/null
        else
            exec >"$LOGS/$1.log" 2>&1
        fi
        lane "$1"
    ) </dev/null &
    set +m
    RUNNING[$!]="$1"
}

end_lanes() {
    local process
    for process in "${!RUNNING[@]}"; do
        kill -- "-$process" 2>/dev/null || true
    done
}

# Waits for all lanes. The first that fails ends the others.
await_lanes() {
    local process lane status
    while [ "${#RUNNING[@]}" -gt 0 ]; do
        status=0
        wait -n -p process "${!RUNNING[@]}" || status=$?
        lane="${RUNNING[$process]}"
        unset "RUNNING[$process]"
        [ ! -f "$LOGS/$lane.log" ] || cat "$LOGS/$lane.log"
        [ "$status" = 0 ] || exit "$status"
        mapfile -t -O "${#TIMES[@]}" TIMES <"$LOGS/$lane.times"
    done
}

set_up() {
    scripts/setup.sh test
}

formatting() {
    cargo fmt --all --check &&
        node tests/js/documents/prose.mjs &&
        node tests/js/modules/check.mjs --check &&
        (cd tests/js && npm run --silent lint)
}

# Builds all binaries and test executables and notes "package folder <tab> executable" for each of
# the latter (those
# whose profile says "test"), so that each stage can run its own without another selection of
# packages.
build() {
    cargo build "${SELECTION[@]}" --message-format=json-render-diagnostics |
        sed -n 's/.*"manifest_path":"\([^"]*\)\/Cargo.toml".*"test":true},"features":.*"executable":"\([^"]*\)".*/\1\t\2/p' \
            >"$EXECUTABLES"
}

# run_tests FOLDER[:NAME] ARGUMENTS... runs the test executables of the package in FOLDER: all of
# them, or the one of the integration tests called NAME.
run_tests() {
    local folder="$ROOT/${1%:*}" name="" package executable found=0
    [ "${1%:*}" = "$1" ] || name="${1#*:}"
    shift
    while IFS=$'\t' read -r package executable; do
        if [ "$package" = "$folder" ] && [[ "${executable##*/}" == ${name:-*}-* ]]; then
            found=1
            (cd "$package" && "$executable" --quiet "$@" </dev/null) || return 1
        fi
    done <"$EXECUTABLES"
    [ "$found" = 1 ] || { echo "no test executables ${name:+called $name }in $folder"; return 1; }
}

export ROOT EXECUTABLES
export -f run_tests

lints() {
    cargo clippy "${SELECTION[@]}" --quiet -- -D warnings
}

# Everything that belongs to no stage of its own. Before it, whether `make check` still shares what
# the build compiles.
unit_tests() {
    scripts/check.sh --fresh &&
        run_tests mechanism && run_tests runtime && run_tests node && run_tests embedded-scorer && run_tests client && run_tests tests/simulation
}

pallet_tests() {
    run_tests pallets/proof-of-quality --skip offchain
}

off_chain_worker_tests() {
    run_tests pallets/proof-of-quality offchain
}

scorer_tests() {
    run_tests ocw-scorer
}

# The judge's training, with its own Python environment.
training() {
    scripts/check-python.sh
}

# What docs.rs would show, without a broken link or an item that nobody explained, and every example
# in it.
documentation() {
    RUSTDOCFLAGS="-D warnings" cargo doc --release --locked --workspace --no-deps --quiet &&
        cargo test --release --locked --workspace --doc --quiet
}

features() {
    scripts/features.sh
}

# What others depend on can be packaged. `cargo package` would compile each again with everything it
# needs; what goes on chain is compiled
# from the packages instead, in the folder where the features' stage has the rest already.
packages() {
    cargo package -p poq-wire -p poq-mechanism -p pallet-proof-of-quality -p poq-runtime -p ocw-scorer --locked --allow-dirty --no-verify --quiet &&
        scripts/packages.sh
}

# Another chain with the pallet: all of the pallet's behaviour tests on its runtime, then the
# commands of docs/integrating.md on its
# node.
second_chain() {
    run_tests tests/second-chain/runtime && run_tests tests/second-chain/node --nocapture
}

# With features and in a profile of its own, therefore in a folder of its own.
benchmark_tests() {
    CARGO_TARGET_DIR="$CARGO_TARGET_DIR-benchmarks" \
        cargo test --locked -p pallet-proof-of-quality --features runtime-benchmarks --quiet -- benchmark
}

# Wallets' and scripts' libraries use a real network; they submit their own tasks, and three of the
# four validators are
# enough. Then what operators are given must fit the programs, and the metrics of one of these
# validators. Last, as they add an
# evaluator to that network, the commands of all documents.
user_checks() {
    # shellcheck disable=SC2016
    "$CARGO_TARGET_DIR/release/poq-demo" --validators 3 --tasks 0 --then bash -c \
        'run_tests client --ignored --test-threads=1 &&
            node tests/js/wallets/check.mjs &&
            node tests/js/operators/check.mjs --binaries "$CARGO_TARGET_DIR/release" "$POQ_METRICS" &&
            node tests/js/documents/check.mjs --binaries "$CARGO_TARGET_DIR/release"'
}

# Every service of our image in docker-compose.yml, with its very command, without a container
# engine.
compose_run() {
    node tests/js/operators/compose-run.mjs --binaries "$CARGO_TARGET_DIR/release"
}

stories() {
    run_tests tests/network:poq_network && run_tests tests/network:end_to_end --nocapture --test-threads=1
}

upgrades() {
    run_tests tests/network:upgrade --nocapture --test-threads=1
}

# lane_chosen LANE: whether a stage of the lane is to run.
lane_chosen() {
    local name
    for name in "${NAMES[@]}"; do
        [ "${LANES[$name]}" != "$1" ] || [ -z "${CHOSEN[$name]:-}" ] || return 0
    done
    return 1
}

for name in "${NAMES[@]}"; do
    if [ "${LANES[$name]}" = first ] && [ -n "${CHOSEN[$name]:-}" ]; then
        stage "${TITLES[$name]}" "${FUNCTIONS[$name]}"
    fi
done
for name in cores users stories upgrade; do
    if lane_chosen "$name"; then
        begin "$name"
    fi
done
await_lanes

report
printf '\nAll stages passed in %d min %d s.\n' "$(((SECONDS - STARTED) / 60))" "$(((SECONDS - STARTED) % 60))"
printf 'stages: %d passed, 0 failed\n' "${#TIMES[@]}"
