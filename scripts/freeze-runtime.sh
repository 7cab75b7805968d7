#!/usr/bin/env bash
# Keeps the runtime as it is now for the upgrade test (tests/network/tests/upgrade.rs): run it
# before the first change that raises
# `spec_version`, on a commit of main.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

VERSION="$(sed -n 's/^ *spec_version: \([0-9]*\),$/\1/p' runtime/src/lib.rs)"
[ -n "$VERSION" ] || fail "runtime/src/lib.rs names no spec_version"
KEPT="tests/network/runtimes/spec-$VERSION"

[ -z "$(git status --porcelain -- runtime pallets mechanism wire)" ] || fail "commit the runtime's changes first: what is kept must be a commit's"
scripts/setup.sh build
say "Building the runtime"
cargo build "${SELECTION[@]}"
cp "$CARGO_TARGET_DIR/release/wbuild/poq-runtime/poq_runtime.compact.compressed.wasm" "$KEPT.compact.compressed.wasm"
printf '%s %s\n' "$(git rev-parse HEAD)" "$(sha256sum "$KEPT.compact.compressed.wasm" | cut -d ' ' -f 1)" >"$KEPT.txt"
say "Kept $KEPT.compact.compressed.wasm of commit $(git rev-parse --short HEAD)"
