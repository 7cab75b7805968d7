#!/usr/bin/env bash
# Examines the judge and writes models/REPORT.md with its plots. Arguments go to models.report: see its --help.

. "$(dirname "${BASH_SOURCE[0]}")/common.sh"

PYTHON="${POQ_PYTHON_ENV:-$HOME/.cache/proof-of-quality/python}"

if [ ! -x "$PYTHON/bin/python" ]; then
    say "Making a Python environment in $PYTHON"
    python3 -m venv "$PYTHON" || fail "python3 with its venv module is needed: apt-get install python3-venv"
fi
say "Installing the Python packages of models/requirements.txt"
"$PYTHON/bin/pip" install --quiet --disable-pip-version-check --no-deps -r models/requirements.txt -r models/report/requirements.txt

scripts/build.sh
say "Examining the judge (several minutes)"
"$PYTHON/bin/python" -m models.report "$@"
