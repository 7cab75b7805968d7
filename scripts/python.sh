#!/usr/bin/env bash
# The Python environment of the scripts that train and examine the judge. To be sourced, not run.
# shellcheck shell=bash

# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PYTHON="${POQ_PYTHON_ENV:-$HOME/.cache/proof-of-quality/python}"

# Makes the environment where there is none.
python_environment() {
    if [ ! -x "$PYTHON/bin/python" ]; then
        say "Making a Python environment in $PYTHON"
        python3 -m venv "$PYTHON" || fail "python3 with its venv module is needed: apt-get install python3-venv"
    fi
}

# python_with REQUIREMENTS... makes sure of the environment and of what these files list.
python_with() {
    local file wanted=()
    python_environment
    say "Installing the Python packages of $*"
    for file in "$@"; do
        wanted+=(-r "$file")
    done
    "$PYTHON/bin/pip" install --quiet --disable-pip-version-check --no-deps "${wanted[@]}"
}
