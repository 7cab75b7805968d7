#!/usr/bin/env bash
# Runs the experiments on the rules and writes docs/simulation/. Arguments go to poq-simulation: see
# its --help.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/build.sh
"$CARGO_TARGET_DIR/release/poq-simulation" "$@"
