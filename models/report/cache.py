"""Keeps what was judged, so that parts of the examination can be run again.

The model's digest stands for all that a score depends on.
"""

import hashlib
import json
import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple
from pathlib import Path
from typing import Any

from . import judge

FOLDER = Path.home() / ".cache" / "proof-of-quality" / "verdicts"
#: Answers that are asked for at a time, and kept when they are there.
CHUNK = 100
#: Known verdicts that are asked for again in each run, lest a changed program pass for the one
#: that gave them.
CHECKED = 60


def key(prompt: str, answer: str) -> str:
    """Names a pair in a file of scores."""
    return hashlib.sha256(f"{prompt}\0{answer}".encode()).hexdigest()[:16]


class Kept:
    """A file of JSON lines [key, value] that grows."""

    def __init__(self, name: str) -> None:
        FOLDER.mkdir(parents=True, exist_ok=True)
        self.path = FOLDER / f"{name}.jsonl"
        text = self.path.read_text(encoding="utf-8") if self.path.exists() else ""
        # A run that was stopped may have left half a line at the end.
        self.known = dict(json.loads(line) for line in text.splitlines() if line.endswith("]"))

    def add(self, found: Mapping[str, Any]) -> None:
        """Keeps `found`, {key: value}."""
        self.known |= found
        with self.path.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(item) + "\n" for item in found.items())


class Judge:
    """The program with one model, asked only for what it was not asked before."""

    def __init__(self, model: Path, program: Path | None = None, jobs: int = 1) -> None:
        self.model, self.program, self.jobs = model, program, jobs
        self.digest = hashlib.sha256((model / "manifest.json").read_bytes()).hexdigest()
        self.kept = Kept(self.digest)
        self.asked = set()
        self.checked = False

    def _check(self, known: Mapping[str, tuple[str, str]]) -> None:
        """Asks for some known verdicts again, and stops where the program now judges otherwise."""
        some = random.Random(1).sample(sorted(known.items()), min(len(known), CHECKED))
        found = judge.verdicts([pair for _, pair in some], self.model, self.program)
        changed = sum(
            list(astuple(verdict)) != list(self.kept.known[k])
            for (k, _), verdict in zip(some, found)
        )
        if changed:
            raise SystemExit(
                f"the program judges {changed} of {len(some)} answers otherwise: delete "
                f"{self.kept.path}"
            )
        self.checked = True

    def verdicts(self, pairs: Sequence[tuple[str, str]]) -> list[judge.Verdict]:
        """One verdict for each (prompt, answer)."""
        keys = [key(*pair) for pair in pairs]
        self.asked.update(keys)
        if not self.checked and (
            known := {k: pair for k, pair in zip(keys, pairs) if k in self.kept.known}
        ):
            self._check(known)
        new = list({k: pair for k, pair in zip(keys, pairs) if k not in self.kept.known}.items())
        chunks = [new[start : start + CHUNK] for start in range(0, len(new), CHUNK)]
        with ThreadPoolExecutor(self.jobs) as pool:
            asked = pool.map(
                lambda chunk: judge.verdicts([pair for _, pair in chunk], self.model, self.program),
                chunks,
            )
            for done, (chunk, found) in enumerate(zip(chunks, asked), 1):
                self.kept.add(
                    {k: astuple(verdict) for (k, _), verdict in zip(chunk, found, strict=True)}
                )
                print(f"judged {min(done * CHUNK, len(new))} of {len(new)}", flush=True)
        return [judge.Verdict(*self.kept.known[k]) for k in keys]

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """One score for each (prompt, answer)."""
        return [verdict.score for verdict in self.verdicts(pairs)]
