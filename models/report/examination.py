"""What is judged for more than one part of the report: the columns of cases, and the pairs of
unseen sources.
"""

from functools import cached_property
from pathlib import Path

from . import cases, sources
from .cache import Judge
from .judge import Verdict
from .previous import Previous

WRITTEN = {"own": "own hand", "short": "other hand, short", "chat": "other hand, chat"}
TITLES = {**WRITTEN, "unseen": "unseen sources"}


class Examination:
    """One judge, the written texts and, where the folder is given, the public ones."""

    def __init__(
        self, judge: Judge, data: Path | None = None, pairs_of_a_source: int = 300
    ) -> None:
        self.judge, self.data, self.pairs_of_a_source = judge, data, pairs_of_a_source
        self.previous = Previous()

    @cached_property
    def prompts(self) -> dict[str, list[cases.Prompt]]:
        """{column: its written prompts}."""
        return {column: cases.load(column) for column in WRITTEN}

    @cached_property
    def by_source(self) -> dict[str, list[dict]]:
        """{source: its groups}, of the held-out sources."""
        return sources.unseen(self.data) if self.data else {}

    @cached_property
    def pairs(self) -> dict[str, list[sources.Pair]]:
        """{source: pairs}, where it has pairs."""
        found = {
            source: sources.pairs(groups, self.pairs_of_a_source)
            for source, groups in sorted(self.by_source.items())
        }
        return {source: pairs for source, pairs in found.items() if pairs}

    @cached_property
    def pair_scores(self) -> dict[str, list[tuple[float, float]]]:
        """{source: [(score of the better answer, score of the worse one)]}."""
        flat = [
            (p.prompt, text)
            for pairs in self.pairs.values()
            for p in pairs
            for text in (p.better, p.worse)
        ]
        scores = iter(self.judge.scores(flat))
        return {
            source: [(next(scores), next(scores)) for _ in pairs]
            for source, pairs in self.pairs.items()
        }

    @cached_property
    def cases(self) -> dict[str, list[cases.Case]]:
        """{column: its cases}; the column of unseen sources holds the attacks on some of them."""
        found = {column: cases.with_attacks(prompts) for column, prompts in self.prompts.items()}
        return found | (
            {"unseen": cases.with_attacks(sources.prompts_for_attacks(self.by_source))}
            if self.data
            else {}
        )

    @cached_property
    def verdicts(self) -> dict[str, list[Verdict]]:
        """{column: the verdicts on its cases}."""
        return {
            column: self.judge.verdicts([c.pair for c in found])
            for column, found in self.cases.items()
        }

    @cached_property
    def scores(self) -> dict[str, list[float]]:
        """{column: the scores of its cases}."""
        return {column: [v.score for v in found] for column, found in self.verdicts.items()}

    def to_remember(self) -> list[tuple[str, str]]:
        """The pairs that a later judge is compared on."""
        return [c.pair for found in self.cases.values() for c in found] + [
            (p.prompt, text)
            for pairs in self.pairs.values()
            for p in pairs
            for text in (p.better, p.worse)
        ]
