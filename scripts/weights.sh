#!/usr/bin/env bash
# Measures what the pallet's calls cost on this machine with the runtime's limits, and writes
# runtime/src/weights.rs.
#
# The benchmarks are the pallet's (pallets/proof-of-quality/src/benchmarking.rs), the tool is the
# SDK's frame-omni-bencher, which is built the first time
# (half an hour on two cores; it needs libclang). On your own chain: your runtime, its name of the
# pallet, and your file.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

BENCHER_VERSION=0.28.0
# Features and tools of their own, so a folder of their own.
export CARGO_TARGET_DIR="$CARGO_TARGET_DIR-benchmarks"
BENCHER="$CARGO_TARGET_DIR/tools/bin/frame-omni-bencher"

if ! "$BENCHER" --version 2>/dev/null | grep -qF " $BENCHER_VERSION"; then
    say "Building frame-omni-bencher $BENCHER_VERSION"
    cargo install frame-omni-bencher --version "=$BENCHER_VERSION" --locked \
        --root "$CARGO_TARGET_DIR/tools" --target-dir "$CARGO_TARGET_DIR/bencher"
fi

say "Building the runtime with its benchmarks"
cargo build --release --locked -p poq-runtime --features runtime-benchmarks

say "Measuring (some minutes; let the machine rest meanwhile)"
# From an empty state: the benchmarks bring their own participants.
"$BENCHER" v1 benchmark pallet \
    --runtime "$CARGO_TARGET_DIR/release/wbuild/poq-runtime/poq_runtime.compact.compressed.wasm" \
    --genesis-builder none \
    --pallet pallet_proof_of_quality \
    --extrinsic '*' \
    --steps "${STEPS:-20}" \
    --repeat "${REPEAT:-10}" \
    --template scripts/weights.hbs \
    --output runtime/src/weights.rs

say "Done: runtime/src/weights.rs"
