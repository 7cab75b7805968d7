"""The judge before this one, for comparison: its scores of the examined answers, kept by what was
judged.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from .cache import Judge, key

PATH = Path(__file__).resolve().parents[1] / "eval" / "previous-judge.json"


def remember(judge: Judge, pairs: Sequence[tuple[str, str]]) -> None:
    """Has a judge score all pairs and writes the file, with scores and digests and no texts."""
    found = {key(*pair): round(score, 4) for pair, score in zip(pairs, judge.scores(pairs))}
    lines = ",\n".join(f'"{name}": {score}' for name, score in sorted(found.items()))
    PATH.write_text("{\n" + lines + "\n}\n", encoding="utf-8")


class Previous:
    """What the judge before said; nothing of answers that it was not asked about."""

    def __init__(self):
        self.known = json.loads(PATH.read_text(encoding="utf-8")) if PATH.exists() else {}

    def scores(self, pairs: Sequence[tuple[str, str]]) -> list[float] | None:
        """One score for each pair, or None where one of them is unknown."""
        keys = [key(*pair) for pair in pairs]
        return [self.known[k] for k in keys] if all(k in self.known for k in keys) else None
