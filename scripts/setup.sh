#!/usr/bin/env bash
# Brings a Debian-like machine with git and rustup to where this repository builds; does nothing where all is there.
#
# Usage: scripts/setup.sh [build|test]
#   build  what the build and the demo need (the default)
#   test   Node.js and the libraries of the polkadot.js check as well

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PURPOSE="${1:-build}"
case "$PURPOSE" in
    build | test) ;;
    *) fail "unknown purpose '$PURPOSE': use 'build' or 'test'" ;;
esac

has() {
    command -v "$1" >/dev/null
}

# Prints the Debian packages that are missing, judged by what they bring, so that other sources of a tool count too.
missing_packages() {
    if ! has gcc || ! has g++ || ! has make; then echo build-essential; fi
    if ! has pkg-config; then echo pkg-config; fi
    if ! has pkg-config || ! pkg-config --exists openssl; then echo libssl-dev; fi
    if ! has protoc; then echo protobuf-compiler; fi
    if [ "$PURPOSE" = test ]; then
        if ! has node; then echo nodejs; fi
        if ! has npm; then echo npm; fi
        # Commands in the documents use them.
        if ! has curl; then echo curl; fi
        if ! has jq; then echo jq; fi
    fi
}

# Runs apt-get with the rights it needs, or fails.
apt_get() {
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get "$@"
    else
        sudo -n env DEBIAN_FRONTEND=noninteractive apt-get "$@"
    fi
}

may_install() {
    has apt-get && { [ "$(id -u)" = 0 ] || { has sudo && sudo -n true 2>/dev/null; }; }
}

install_packages() {
    local packages
    mapfile -t packages < <(missing_packages)
    if [ "${#packages[@]}" = 0 ]; then
        return
    fi
    if ! may_install; then
        fail "these Debian packages are missing, and installing them needs root; install them and start again:
    apt-get install ${packages[*]}"
    fi
    say "Installing ${packages[*]}"
    apt_get update -q
    apt_get install -q -y --no-install-recommends "${packages[@]}"
}

# The toolchain of rust-toolchain.toml with its components and targets.
install_rust() {
    has rustup || fail "rustup is missing: install it as described on https://rustup.rs and start again"
    if rust_is_complete; then
        return
    fi
    say "Installing the Rust toolchain that rust-toolchain.toml names"
    local channel
    channel="$(sed -n 's/^channel *= *"\(.*\)"/\1/p' rust-toolchain.toml)"
    rustup toolchain install "$channel" --profile minimal --component rust-src,rustfmt,clippy --target wasm32v1-none
    rust_is_complete || fail "the Rust toolchain $channel is still incomplete; 'rustup show' may tell why"
}

rust_is_complete() {
    local installed component
    rustc --version >/dev/null 2>&1 || return 1
    installed="$(rustup component list --installed 2>/dev/null)" || return 1
    for component in rust-src rustfmt clippy rust-std-wasm32v1-none; do
        grep -q "^$component" <<<"$installed" || return 1
    done
}

check_node_version() {
    local version
    version="$(node --version)"
    [ "$(grep -o '[0-9]*' <<<"$version" | head -n 1)" -ge 20 ] ||
        fail "the polkadot.js check needs Node.js 20 or newer, and this is $version: see https://nodejs.org"
}

# install_node_modules FOLDER: exactly the versions in its lock file, and only if it has changed since the last time.
install_node_modules() {
    local folder="$1"
    local stamp="$folder/node_modules/.installed-for"
    if [ -f "$stamp" ] && cmp -s "$stamp" "$folder/package-lock.json"; then
        return
    fi
    say "Installing the libraries of $folder"
    # With the optional ones: PAPI's generator comes in parts for each processor.
    (cd "$folder" && npm ci --no-audit --no-fund --ignore-scripts --include=optional)
    cp "$folder/package-lock.json" "$stamp"
}

install_packages
install_rust
if [ "$PURPOSE" = test ]; then
    check_node_version
    install_node_modules tests/polkadot-js
    install_node_modules tests/operations
fi
