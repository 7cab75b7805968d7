#!/usr/bin/env bash
# Checks that what goes on chain compiles crate by crate and feature by feature, for wasm and
# natively: a crate that only compiles with
# what another one turns on is found nowhere else, as everything here is built at once.
#
# Usage: scripts/features.sh [--all]
#   --all   the runtimes natively as well, which takes some minutes more the first time; `make test`
#           leaves that out

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

check_on_chain

# check CRATE... -- FLAGS... checks each crate alone.
check() {
    local crates=()
    while [ "$1" != -- ]; do
        crates+=("$1")
        shift
    done
    shift
    for crate in "${crates[@]}"; do
        say "$crate $*"
        cargo check --quiet --locked -p "$crate" "$@"
    done
}

RUNTIMES=(poq-runtime second-runtime)

check poq-wire poq-mechanism pallet-proof-of-quality "${RUNTIMES[@]}" -- --target wasm32v1-none --no-default-features
for feature in runtime-benchmarks try-runtime; do
    check pallet-proof-of-quality "${RUNTIMES[@]}" -- --target wasm32v1-none --no-default-features --features "$feature"
done
# Natively `make test` builds all without a feature, and the pallet with `runtime-benchmarks` for
# the benchmark tests.
check pallet-proof-of-quality -- --features try-runtime
if [ "${1:-}" = --all ]; then
    for feature in runtime-benchmarks try-runtime; do
        check "${RUNTIMES[@]}" -- --features "$feature"
    done
fi
