#!/usr/bin/env bash
# Examines the judge and writes models/REPORT.md with its plots. Arguments go to models.report: see
# its --help. POQ_DATA names the
# folder of public graded texts; without it the sources that training never saw are not measured.

. "$(dirname "${BASH_SOURCE[0]}")/python.sh"

python_with models/report/requirements.txt

scripts/build.sh
say "Examining the judge (an hour or more at the first time, minutes where its verdicts are known)"
"$PYTHON/bin/python" -m models.report ${POQ_DATA:+--data "$POQ_DATA"} "$@"
