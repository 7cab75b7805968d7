#!/usr/bin/env bash
# Throws bytes at what reads untrusted input, for a bounded time. Inputs that were found interesting
# are kept for the next time.
#
# Usage: scripts/fuzz.sh [SECONDS_PER_TARGET]   (default 60)

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

SECONDS_EACH="${1:-60}"
VERSION=0.13.2

if ! cargo fuzz --version 2>/dev/null | grep -qF "$VERSION"; then
    say "Installing cargo-fuzz $VERSION"
    # With a folder of its own: the flags of a fuzzing build are no business of ours.
    CARGO_TARGET_DIR="$CARGO_TARGET_DIR-fuzz" cargo install --locked --version "$VERSION" cargo-fuzz
fi

# Without a sanitizer, and so with the stable compiler: what is fuzzed has no unsafe code.
cd ocw-scorer/fuzz
for target in bodies manifests texts; do
    say "Fuzzing $target for $SECONDS_EACH seconds"
    mkdir -p "$HOME/.cache/proof-of-quality/fuzz/$target"
    CARGO_TARGET_DIR="$CARGO_TARGET_DIR-fuzz" cargo fuzz run --sanitizer none "$target" "$HOME/.cache/proof-of-quality/fuzz/$target" "seeds/$target" -- \
        -max_total_time="$SECONDS_EACH" -max_len=4096 -print_final_stats=1 2>&1 | grep -v '^#.*\(NEW\|REDUCE\|pulse\)'
done
