# What all scripts share: the folder of the repository, the build's settings, and how to speak to
# the user.
# To be sourced, not run.
# shellcheck shell=bash

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$ROOT"

# rustup's own file, for shells that were started before rustup was installed.
if ! command -v cargo >/dev/null && [ -f "${CARGO_HOME:-$HOME/.cargo}/env" ]; then
    # shellcheck disable=SC1091
    . "${CARGO_HOME:-$HOME/.cargo}/env"
fi

# What scripts/setup.sh fetches where the system has none, or too old a one: Node.js, promtool.
TOOLS="${POQ_TOOLS:-$HOME/.cache/proof-of-quality/tools}"
PATH="$TOOLS/bin:$PATH"

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$ROOT/target}"
# The system's OpenSSL, instead of compiling one.
export OPENSSL_NO_VENDOR=1

# One selection of packages, targets and profile for everything, so that the demo and the tests
# never compile a crate
# twice: another selection would mean other features of the dependencies, and with them another
# build.
WHOLE=(--release --locked --workspace)
# shellcheck disable=SC2034
SELECTION=("${WHOLE[@]}" --all-targets)

say() {
    printf '\n== %s\n' "$*"
}

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

TIMES=()

# stage NAME COMMAND... runs a part of a script and notes how long it took. The first part that
# fails ends the script.
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

report() {
    if [ "${#TIMES[@]}" -gt 0 ]; then
        say "What each stage took"
        printf '%s\n' "${TIMES[@]}"
    fi
}

# From here on cargo checks what goes on chain, by itself and not as a part of the rest.
check_on_chain() {
    # Other features than the rest, so a folder of its own.
    export CARGO_TARGET_DIR="$CARGO_TARGET_DIR-features"
    # What the wasm builder tells the SDK's crates: without it they take a target without std for no
    # runtime.
    export CARGO_TARGET_WASM32V1_NONE_RUSTFLAGS="--cfg substrate_runtime"
    # The runtimes' own wasm is not wanted.
    export SKIP_WASM_BUILD=1
}
