#!/usr/bin/env bash
# Makes the secrets that docker-compose.yml mounts, in packaging/compose/secrets/, and .env with
# what is public of them.
# What is there already stays as it is, so it can be run again.
#
# Usage: packaging/compose/prepare.sh
#   As root it gives each file to the user that reads it in its container, for nobody else (mode
#   0400). As another user it
#   cannot; then all containers can read them (0444), but on this machine nobody else gets into the
#   folder (0700).

set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/../.."
SECRETS=packaging/compose/secrets
IMAGE=proof-of-quality:0.1.0
# The users in our image and in Grafana's.
OURS=10001
GRAFANA=472

# The node's tools: those on this machine, or those in the image.
node() {
    if command -v poq-node >/dev/null; then
        poq-node "$@"
    else
        docker run --rm --interactive --network none "$IMAGE" poq-node "$@"
    fi
}

fail() {
    echo "error: $*" >&2
    exit 1
}

# keep NAME USER writes standard input to a secret for that user, unless there is one.
keep() {
    local file="$SECRETS/$1"
    if [ ! -s "$file" ]; then
        cat >"$file.new"
        [ -s "$file.new" ] || fail "could not make $file"
        mv "$file.new" "$file"
    else
        # Who writes must not find the pipe closed.
        cat >/dev/null
    fi
    if [ "$(id -u)" = 0 ]; then
        chown "$2" "$file"
        chmod 0400 "$file"
    else
        chmod 0444 "$file"
    fi
}

node --version >/dev/null || fail "there is neither poq-node on this machine nor the image: docker build --tag $IMAGE ."

umask 077
mkdir -p "$SECRETS"
chmod 0700 "$SECRETS"

for name in alice bob charlie dave; do
    # The key goes to standard output; the peer identity, which is no secret, to standard error.
    [ -s "$SECRETS/$name.node-key" ] || node key generate-node-key 2>/dev/null >"$SECRETS/$name.node-key"
    keep "$name.node-key" "$OURS" </dev/null
done
# Development accounts, which `--chain local` gives money at its start. On a real chain: a mnemonic.
echo //Inference1 | keep inference1.key "$OURS"
echo //Inference2 | keep inference2.key "$OURS"
# What the scorer asks the honest inference node for.
head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n' | keep scorer-token "$OURS"
head -c 18 /dev/urandom | base64 | keep grafana-admin "$GRAFANA"

{
    echo "# Written by packaging/compose/prepare.sh for docker-compose.yml: who the nodes are that others meet first. No secret."
    echo "ALICE_PEER_ID=$(node key inspect-node-key <"$SECRETS/alice.node-key")"
    echo "BOB_PEER_ID=$(node key inspect-node-key <"$SECRETS/bob.node-key")"
} >.env.new
chmod 0644 .env.new
mv .env.new .env

echo "Secrets are in $SECRETS, Grafana's password for the user admin in $SECRETS/grafana-admin."
