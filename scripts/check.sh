#!/usr/bin/env bash
# Checks a change in minutes: the formatting, clippy, and the unit tests of the mechanism, the
# pallet, the scorer and the client.
# Profile and features are those of the build, so the two share what they compile. `make check` runs
# this.
#
# Usage: scripts/check.sh [FILTER...]
#        scripts/check.sh --test NAME [ARGUMENT...]
#        scripts/check.sh --fresh
#   FILTER    runs only the unit tests that have one of these in their name
#   --test    runs only the integration tests named NAME, with these arguments; programs that they
#             start are those of the last `make build`
#   --fresh   runs nothing, and fails if the unit tests here are not what the build has compiled

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

# The four packages, and poq-node for its features.
#
# Cargo compiles a dependency with the features that the selected packages ask for. The four alone
# ask for fewer than the whole workspace,
# and so cargo would compile 400 crates once more. poq-node depends on the node and the runtime, and
# asks for the rest. It has no library
# and no tests, so that `--lib` and `--tests` take nothing of it: after a change in the mechanism
# neither the runtimes' wasm nor a node is
# compiled. Any fewer packages lack features again, so one package is tested with the same five and
# a filter.
QUICK=(--release --locked -p poq-wire -p poq-mechanism -p pallet-proof-of-quality -p ocw-scorer -p poq-embedded-scorer -p poq-client -p poq-node)

formatting() {
    cargo fmt --all --check
}

# Benches by their names: `--benches` would take the program poq-node with them.
lints() {
    cargo clippy "${QUICK[@]}" --lib --tests --bench model --bench load --quiet -- -D warnings
}

compile() {
    cargo test "${QUICK[@]}" --lib --no-run "$@"
}

unit_tests() {
    cargo test "${QUICK[@]}" --lib --quiet
}

# Asked right after the build: what cargo compiles here then has other features than there.
fresh() {
    local stale
    stale="$(compile --quiet --message-format=json-render-diagnostics |
        sed -n '/"fresh":false/s/.*"target":{[^}]*"name":"\([^"]*\)".*/\1/p' | sort -u | paste -s -d ' ')"
    [ -z "$stale" ] || fail "scripts/check.sh compiled what the build had compiled with other features, or has not seen yet: $stale
    Find the feature with 'cargo tree --workspace -e features -i CRATE', and let a package that scripts/check.sh selects ask for it."
}

case "${1:-}" in
    --fresh) fresh ;;
    --test)
        [ $# -ge 2 ] || fail "--test needs the name of integration tests, such as http"
        cargo test "${WHOLE[@]}" --test "$2" -- "${@:3}"
        ;;
    -*) fail "unknown flag '$1': see the head of scripts/check.sh" ;;
    ?*) cargo test "${QUICK[@]}" --lib -- "$@" ;;
    *)
        scripts/setup.sh build
        stage "formatting" formatting
        stage "clippy" lints
        stage "compiling the unit tests" compile
        stage "unit tests" unit_tests
        report
        ;;
esac
