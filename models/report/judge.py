"""Asks the judge itself, the program with its guards and windows, by way of its command line."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_MODEL = ROOT / "models" / "mpnet-judge"


def default_program() -> Path:
    """Where `make build` puts the program."""
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "ocw-scorer"


@dataclass(frozen=True)
class Verdict:
    """What the program says of one answer."""

    score: float
    guard: str | None
    windows: int
    logit: float | None


def verdicts(
    pairs: Sequence[tuple[str, str]],
    model: Path,
    program: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[Verdict]:
    """One verdict for each (prompt, answer); `environment` is added to the program's."""
    program = program or default_program()
    if not program.exists():
        raise SystemExit(f"{program} is not there: build it with `make build`")
    lines = "".join(
        json.dumps({"prompt": p, "answer": a}, ensure_ascii=False) + "\n" for p, a in pairs
    )
    done = subprocess.run(
        [program, "score", "--model", model],
        input=lines,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
    )
    if done.returncode:
        raise SystemExit(f"{program} failed: {done.stderr.strip()}")
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return [Verdict(f["score"], f["refused"], f["windows"], f["logit"]) for f in found]
