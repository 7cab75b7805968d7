#!/usr/bin/env bash
# Keeps the runtime as it is now for the upgrade test (tests/network/tests/upgrade.rs): run it before the first change of a new release that
# touches the storage, on the commit of the release before.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

KEPT=tests/network/runtimes/previous.compact.compressed.wasm

[ -z "$(git status --porcelain -- runtime pallets mechanism)" ] || fail "commit the runtime's changes first: what is kept must be a commit's"
scripts/setup.sh build
say "Building the runtime"
cargo build "${SELECTION[@]}"
cp "$CARGO_TARGET_DIR/release/wbuild/poq-runtime/poq_runtime.compact.compressed.wasm" "$KEPT"
printf '%s %s\n' "$(git rev-parse HEAD)" "$(sha256sum "$KEPT" | cut -d ' ' -f 1)" >tests/network/runtimes/previous.txt
say "Kept $KEPT of commit $(git rev-parse --short HEAD)"
