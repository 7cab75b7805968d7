#!/usr/bin/env bash
# Examines the judge and writes models/REPORT.md with its plots. Arguments go to models.report: see its --help.

. "$(dirname "${BASH_SOURCE[0]}")/python.sh"

python_with models/requirements.txt models/report/requirements.txt

scripts/build.sh
say "Examining the judge (several minutes)"
"$PYTHON/bin/python" -m models.report "$@"
