#!/usr/bin/env bash
# Checks the Python programs: their form, and a few steps of the judge's training with an export.
# Needs the build. The first run installs PyTorch (several GB) into
# ~/.cache/proof-of-quality/python-training, or $POQ_PYTHON_ENV-training.

. "$(dirname "${BASH_SOURCE[0]}")/python.sh"

# Of its own, as other versions than those of the examination may be needed.
PYTHON="$PYTHON-training"
FILES=(models/train/requirements.txt models/requirements-lint.txt)

# Installs the packages, and only if their lists have changed since the last time.
install() {
    local stamp="$PYTHON/.installed-for" torch
    if [ -f "$stamp" ] && cmp -s "$stamp" <(cat "${FILES[@]}"); then
        return
    fi
    torch="$(grep '^torch==' models/train/requirements.txt)"
    python_environment
    say "Installing $torch (several GB at the first time)"
    if ! { "$PYTHON/bin/pip" install --quiet --disable-pip-version-check "$torch" && python_with "${FILES[@]}"; }; then
        fail "the packages of ${FILES[*]} cannot be had: pip needs PyPI or a mirror of it, and 8 GB in $PYTHON"
    fi
    cat "${FILES[@]}" >"$stamp"
}

install
say "Checking the form of the Python programs"
"$PYTHON/bin/ruff" check models ocw-scorer/tests/layouts
"$PYTHON/bin/ruff" format --check models ocw-scorer/tests/layouts
say "Training for a few steps"
"$PYTHON/bin/python" -m models.train.smoke
