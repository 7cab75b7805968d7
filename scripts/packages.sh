#!/usr/bin/env bash
# Compiles what goes on chain from the packages that `cargo package` has made: a file that is
# missing in them, or lies outside of them, is
# found nowhere else.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PACKAGES="$CARGO_TARGET_DIR/package"
FOLDER="$(mktemp -d)"
trap 'rm -rf "$FOLDER"' EXIT

# As scripts/features.sh, which has compiled all that these need.
check_on_chain

CRATES=(poq-wire poq-mechanism pallet-proof-of-quality poq-runtime)

{
    printf '[workspace]\nresolver = "2"\nmembers = ["*-*"]\n\n[patch.crates-io]\n'
    for crate in "${CRATES[@]}"; do
        version="$(cargo pkgid -p "$crate" | sed 's/.*[#@]//')"
        # With the time of now: `cargo package` dates files to 2006, and cargo would take what an
        # earlier run compiled for fresh.
        tar --extract --touch --gzip --file "$PACKAGES/$crate-$version.crate" --directory "$FOLDER"
        mv "$FOLDER/$crate-$version" "$FOLDER/$crate"
        # The registry does not have them; where it has, the package's own lock file would speak of
        # those.
        rm -f "$FOLDER/$crate/Cargo.lock"
        printf '%s = { path = "%s" }\n' "$crate" "$crate"
    done
} >"$FOLDER/Cargo.toml"
cp Cargo.lock "$FOLDER"

cd "$FOLDER"
for crate in "${CRATES[@]}"; do
    say "the package of $crate"
    cargo check --quiet --offline -p "$crate" --target wasm32v1-none --no-default-features
done
