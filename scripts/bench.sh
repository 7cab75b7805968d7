#!/usr/bin/env bash
# Times the judge and writes docs/benchmarks.md. Arguments go to models.bench: see its --help. Best
# on a machine that does nothing else.

. "$(dirname "${BASH_SOURCE[0]}")/python.sh"

python_with models/report/requirements.txt models/bench/requirements.txt

say "Building"
programs="$(cargo build "${SELECTION[@]}" --message-format=json-render-diagnostics |
    sed -n 's/.*"kind":\["bench"\].*"name":"\([^"]*\)".*"executable":"\([^"]*\)".*/\1 \2/p')"
program() {
    sed -n "s/^$1 //p" <<<"$programs"
}
say "Measuring (about twenty minutes)"
"$PYTHON/bin/python" -m models.bench --model-bench "$(program model)" --load-bench "$(program load)" "$@"
