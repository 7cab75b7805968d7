#!/usr/bin/env bash
# Builds all binaries and tests, in the one profile that the demo and the tests share.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/setup.sh build
say "Building (the first time takes long: a whole blockchain node is compiled)"
cargo build "${SELECTION[@]}"
