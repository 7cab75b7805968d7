#!/usr/bin/env bash
# Sets up, builds, and shows a whole network at work. Arguments go to poq-demo: see its --help.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

scripts/build.sh
say "Starting the demo"
# In place of this shell, so that an interrupt reaches the demo itself, which then cleans up.
exec "$CARGO_TARGET_DIR/release/poq-demo" "$@"
