#!/usr/bin/env bash
# Sets up and tests everything, and tells what each stage took. Stops at the first stage that fails.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

STARTED=$SECONDS
TIMES=()
EXECUTABLES="$(mktemp)"
BESIDE_LOG="$(mktemp)"
trap 'rm -f "$EXECUTABLES" "$BESIDE_LOG"; [ -z "${BESIDE_PID:-}" ] || kill -- "-$BESIDE_PID" 2>/dev/null || true' EXIT

# stage NAME COMMAND...
stage() {
    local name="$1" begun=$SECONDS
    shift
    say "$name"
    if ! "$@"; then
        report
        fail "failed: $name"
    fi
    TIMES+=("$(printf '%5d s  %s' "$((SECONDS - begun))" "$name")")
}

# beside NAME COMMAND... begins a stage that runs beside the next one; `joined` waits for it and shows what it printed.
beside() {
    BESIDE_NAME="$1"
    shift
    # In a process group of its own, so that all of it can be ended.
    set -m
    timed "$@" >"$BESIDE_LOG" 2>&1 &
    set +m
    BESIDE_PID=$!
}

timed() {
    local begun=$SECONDS
    "$@" || return
    printf '(%d s)\n' "$((SECONDS - begun))"
}

joined() {
    local status=0
    wait "$BESIDE_PID" || status=$?
    BESIDE_PID=
    cat "$BESIDE_LOG"
    return "$status"
}

report() {
    say "What each stage took"
    printf '%s\n' "${TIMES[@]}"
}

# Builds all binaries and test executables and notes "package folder <tab> executable" for each of the latter (those
# whose profile says "test"), so that each stage can run its own without another selection of packages.
build() {
    cargo build "${SELECTION[@]}" --message-format=json-render-diagnostics |
        sed -n 's/.*"manifest_path":"\([^"]*\)\/Cargo.toml".*"test":true},"features":.*"executable":"\([^"]*\)".*/\1\t\2/p' \
            >"$EXECUTABLES"
}

# run_tests FOLDER ARGUMENTS... runs the test executables of the package in FOLDER.
run_tests() {
    local folder="$ROOT/$1" package executable found=0
    shift
    while IFS=$'\t' read -r package executable; do
        if [ "$package" = "$folder" ]; then
            found=1
            (cd "$package" && "$executable" --quiet "$@" </dev/null) || return 1
        fi
    done <"$EXECUTABLES"
    [ "$found" = 1 ] || { echo "no test executables in $folder"; return 1; }
}

export ROOT EXECUTABLES
export -f run_tests

# Everything that belongs to no stage of its own.
unit_tests() {
    run_tests mechanism && run_tests runtime && run_tests node && run_tests client && run_tests tests/simulation
}

# What docs.rs would show, without a broken link or an item that nobody explained, and every example in it.
documentation() {
    RUSTDOCFLAGS="-D warnings" cargo doc --release --locked --workspace --no-deps --quiet &&
        cargo test --release --locked --workspace --doc --quiet
}

# What others depend on can be packaged. `cargo package` would compile each again with everything it needs; what goes on chain is compiled
# from the packages instead, in the folder where the features' stage has the rest already.
packages() {
    cargo package -p poq-mechanism -p pallet-proof-of-quality -p poq-runtime -p ocw-scorer --locked --allow-dirty --no-verify --quiet &&
        scripts/packages.sh
}

# Another chain with the pallet: all of the pallet's behaviour tests on its runtime, then the commands of docs/integrating.md on its
# node.
second_chain() {
    run_tests tests/second-chain/runtime && run_tests tests/second-chain/node --nocapture
}

# With features and in a profile of its own, therefore in a folder of its own.
benchmark_tests() {
    CARGO_TARGET_DIR="$CARGO_TARGET_DIR-benchmarks" \
        cargo test --locked -p pallet-proof-of-quality --features runtime-benchmarks --quiet -- benchmark
}

# Wallets' and scripts' libraries use a real network; they submit their own tasks, and three of the four validators are
# enough. Then what operators are given must fit the programs, and the metrics of one of these validators. Last, as they add an
# evaluator to that network, the commands of all documents.
wallets_and_operators() {
    # shellcheck disable=SC2016
    "$CARGO_TARGET_DIR/release/poq-demo" --validators 3 --tasks 0 --then bash -c \
        'run_tests client --ignored --test-threads=1 &&
            node tests/polkadot-js/check.mjs &&
            node tests/operations/check.mjs --binaries "$CARGO_TARGET_DIR/release" "$POQ_METRICS" &&
            node tests/documents/check.mjs --binaries "$CARGO_TARGET_DIR/release"'
}

# Every service of our image in docker-compose.yml, with its very command, without a container engine.
compose_run() {
    node tests/operations/compose-run.mjs --binaries "$CARGO_TARGET_DIR/release"
}

user_checks() {
    wallets_and_operators && compose_run
}

network_tests() {
    run_tests tests/network --nocapture --test-threads=1
}

stage "set-up" scripts/setup.sh test
stage "formatting" cargo fmt --all --check
stage "build" build
stage "clippy" cargo clippy "${SELECTION[@]}" --quiet -- -D warnings
stage "documentation and its examples" documentation
stage "each feature alone" scripts/features.sh
stage "packages" packages
stage "unit and property tests" unit_tests
stage "pallet tests" run_tests pallets/proof-of-quality --skip offchain
stage "off-chain-worker tests" run_tests pallets/proof-of-quality offchain
stage "scorer tests, on the real model" run_tests ocw-scorer
stage "pallet benchmark tests" benchmark_tests
stage "the second chain, as a chain builder makes it" second_chain
# Networks wait for blocks most of the time, so two fit beside each other.
beside "checks for wallets, operators, documents and docker-compose.yml, on real nodes" user_checks
stage "network tests, on real nodes" network_tests
stage "$BESIDE_NAME, for the rest of the time" joined

report
printf '\nAll stages passed in %d min %d s.\n' "$(((SECONDS - STARTED) / 60))" "$(((SECONDS - STARTED) % 60))"
printf 'stages: %d passed, 0 failed\n' "${#TIMES[@]}"
