"""From texts to token ids, as the scorer reads them: its own normal form (asked of the program
itself), then the backbone's tokenizer.
"""

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

ROOT = Path(__file__).resolve().parents[2]


def scorer() -> Path:
    """The scorer's program: $POQ_SCORER, or the one that `make build` makes."""
    named = os.environ.get("POQ_SCORER")
    return (
        Path(named)
        if named
        else Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "ocw-scorer"
    )


def normal(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The normal forms of (prompt, answer) pairs."""
    lines = "".join(
        json.dumps({"prompt": prompt, "answer": answer}) + "\n" for prompt, answer in pairs
    )
    done = subprocess.run(
        [scorer(), "normal"], input=lines, capture_output=True, text=True, encoding="utf-8"
    )
    if done.returncode:
        raise SystemExit(f"{scorer()} failed: {done.stderr.strip()}")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(pairs), f"{len(found)} normal forms of {len(pairs)} pairs"
    return [(line["prompt"], line["answer"]) for line in found]


def encode(
    tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], longest: int
) -> list[tuple[list[int], list[int]]]:
    """[(ids, types)] of pairs in normal form, the longer side cut first."""
    tokenizer.enable_truncation(longest, strategy="longest_first")
    tokenizer.no_padding()
    return [(e.ids, e.type_ids) for e in tokenizer.encode_batch(pairs)]
