#!/usr/bin/env bash
# Brings a Debian-like machine with git and rustup to where this repository builds; does nothing
# where all is there.
#
# Usage: scripts/setup.sh [build|test]
#   build  what the build and the demo need (the default)
#   test   what the checks need as well: Node.js with their libraries, promtool, and what commands
#          in the documents use
#
# Tools that the system has not, or only too old ones, it fetches into
# ~/.cache/proof-of-quality/tools, or $POQ_TOOLS.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PURPOSE="${1:-build}"
case "$PURPOSE" in
    build | test) ;;
    *) fail "unknown purpose '$PURPOSE': use 'build' or 'test'" ;;
esac

has() {
    command -v "$1" >/dev/null
}

# Prints the Debian packages that are missing, judged by what they bring, so that other sources of a
# tool count too.
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
        if ! has openssl; then echo openssl; fi
        # The stage "training" makes an environment.
        if ! python3 -c "import ensurepip, venv" 2>/dev/null; then echo python3-venv; fi
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

node_is_new_enough() {
    [ "$(node --version | grep -o '[0-9]*' | head -n 1)" -ge 20 ]
}

# Debian 12 has 18. Node.js comes as an npm package as well, and with its own npm: that of Debian
# works with no other.
install_node() {
    local processor modules="$TOOLS/node/node_modules"
    if node_is_new_enough; then
        return
    fi
    case "$(uname -m)" in
        x86_64) processor=x64 ;;
        aarch64) processor=arm64 ;;
        *) fail "the checks need Node.js 20 or newer, and this is $(node --version): see https://nodejs.org" ;;
    esac
    say "Fetching Node.js 22, as the checks need 20 and this is $(node --version)"
    npm install --prefix "$TOOLS/node" --no-audit --no-fund --ignore-scripts "node-linux-$processor@22" npm@10
    mkdir -p "$TOOLS/bin"
    ln -sf "$modules/node-linux-$processor/bin/node" "$modules/npm/bin/npm-cli.js" "$modules/npm/bin/npx-cli.js" "$TOOLS/bin"
    mv "$TOOLS/bin/npm-cli.js" "$TOOLS/bin/npm"
    mv "$TOOLS/bin/npx-cli.js" "$TOOLS/bin/npx"
    hash -r
    node_is_new_enough || fail "the Node.js in $TOOLS/bin does not run"
}

# Out of Debian's package of Prometheus, which would be started as a service if it were installed.
install_promtool() {
    local folder
    if has promtool; then
        return
    fi
    if ! has apt-get || ! has dpkg-deb; then
        fail "promtool is missing, which tries the alerts: it comes with Prometheus, https://prometheus.io/download"
    fi
    say "Fetching promtool"
    folder="$(mktemp -d)"
    if ! download_prometheus "$folder"; then
        # A new machine has no list of packages yet, or an old one.
        may_install || fail "the Debian package prometheus cannot be fetched: run 'apt-get update' as root and start again"
        apt_get update -q
        download_prometheus "$folder"
    fi
    dpkg-deb -x "$folder"/prometheus_*.deb "$folder"
    mkdir -p "$TOOLS/bin"
    install "$folder/usr/bin/promtool" "$TOOLS/bin/"
    rm -r "$folder"
}

# Needs no rights. Into a folder of ours, so as ourselves, and not as the user that apt has for
# downloads.
download_prometheus() {
    (cd "$1" && apt-get download -q -o "APT::Sandbox::User=$(id -un)" prometheus)
}

# The libraries of the checks: exactly the versions in the lock file, and only if it has changed
# since the last time.
install_node_modules() {
    local folder=tests/js
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
    install_node
    install_promtool
    install_node_modules
fi
