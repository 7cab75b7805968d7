#!/usr/bin/env bash
# Checks that what goes on chain compiles with each of its features alone, for wasm and natively: a feature that only works together with
# another one is found nowhere else, as everything here is built at once.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# Other features than the rest, so a folder of its own.
export CARGO_TARGET_DIR="$CARGO_TARGET_DIR-features"
# What the wasm builder tells the SDK's crates: without it they take a target without std for no runtime.
export CARGO_TARGET_WASM32V1_NONE_RUSTFLAGS="--cfg substrate_runtime"
# The runtime's own wasm is not wanted here.
export SKIP_WASM_BUILD=1

CRATES=(-p poq-mechanism -p pallet-proof-of-quality -p poq-runtime)

# of FEATURE: the names by which cargo knows it.
of() {
    printf 'pallet-proof-of-quality/%s,poq-runtime/%s' "$1" "$1"
}

check() {
    say "$*"
    cargo check --quiet --locked "${CRATES[@]}" "$@"
}

check --target wasm32v1-none --no-default-features
check --target wasm32v1-none --no-default-features --features "$(of runtime-benchmarks)"
check --target wasm32v1-none --no-default-features --features "$(of try-runtime)"
# Natively `make test` builds all without a feature, and the pallet with `runtime-benchmarks` for the benchmark tests.
say "natively, --features try-runtime"
cargo check --quiet --locked -p pallet-proof-of-quality --features try-runtime
