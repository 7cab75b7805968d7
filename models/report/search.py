"""An adversary who has the model: a beam search for edits that lift a bad answer to the plain full
one.

All searches go on at once, so that the program is asked for a whole round of candidates at a time.
"""

import random
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from . import edits
from .cases import Prompt
from .edits import Edit
from .examination import WRITTEN, Examination
from .markdown import percent, quoted, table

#: How many prompts of each column are attacked, from an answer of each of these grades.
PROMPTS = {"own": 6, "short": 8, "chat": 16}
GRADES = ("wrong", "half", "nonanswer")
BEAM, OF_EACH = 3, 9


@dataclass
class Attempt:
    """One search: its states are (score, text, kinds of edits so far), the best first."""

    prompt: Prompt
    grade: str
    start: str
    others: list
    states: list = field(default_factory=list)
    spent: int = 0
    rounds: int = 0
    before: float = 0.0
    target: float = 0.0

    @property
    def best(self) -> float:
        """The score of the best text so far."""
        return self.states[0][0]


class Search:
    """All attempts, with at most `budget` judgements for each."""

    def __init__(self, exam: Examination, budget: int) -> None:
        self.exam, self.budget, self.rng = exam, budget, random.Random(23)

    def _attempts(self):
        for column, prompts in self.exam.prompts.items():
            for prompt in self.rng.sample(prompts, PROMPTS[column]):
                others = [p.full for p in prompts if p.family == prompt.family and p is not prompt]
                yield from (
                    Attempt(prompt, grade, prompt.answers[grade][0], others) for grade in GRADES
                )

    def _round(self, attempts, make):
        """Judges what `make` gives for each attempt; returns the candidates with their scores."""
        chosen = []
        for attempt in attempts:
            fresh = {edit.text: (edit, kinds) for edit, kinds in make(attempt) if edit.text.strip()}
            chosen += [
                (attempt, edit, kinds)
                for edit, kinds in list(fresh.values())[: self.budget - attempt.spent]
            ]
        scores = self.exam.judge.scores(
            [(attempt.prompt.text, edit.text) for attempt, edit, _ in chosen]
        )
        for (attempt, edit, kinds), score in zip(chosen, scores):
            attempt.spent += 1
            attempt.states.append((score, edit.text, (*kinds, edit.kind)))
        for attempt in attempts:
            attempt.rounds += 1
            attempt.states = sorted(attempt.states, key=lambda state: -state[0])[:BEAM]
        return [(attempt, edit, score) for (attempt, edit, _), score in zip(chosen, scores)]

    def _further(self, attempt):
        for _, text, kinds in attempt.states:
            yield from (
                (edit, kinds)
                for edit in edits.some(self.rng, OF_EACH, attempt.prompt.text, text, attempt.others)
            )

    @cached_property
    def _found(self):
        """The attempts when they are over, and (attempt, edit, score) of every single edit of a
        starting answer.
        """
        found = list(self._attempts())
        pairs = [
            pair
            for a in found
            for pair in ((a.prompt.text, a.start), (a.prompt.text, a.prompt.full))
        ]
        scores = iter(self.exam.judge.scores(pairs))
        for attempt in found:
            attempt.before, attempt.target = next(scores), next(scores)
            attempt.states = [(attempt.before, attempt.start, ())]
        singles = self._round(found, self._first)
        while open_ones := [a for a in found if a.spent < self.budget and a.best < a.target]:
            if not self._round(open_ones, self._further):
                break
        return found, singles

    @property
    def attempts(self) -> list[Attempt]:
        """Every attempt, when it is over."""
        return self._found[0]

    @property
    def singles(self) -> list[tuple[Attempt, Edit, float]]:
        """(attempt, edit, score) of every single edit of a starting answer."""
        return self._found[1]

    def _first(self, attempt):
        made = edits.every(self.rng, attempt.prompt.text, attempt.start, attempt.others)
        return [(edit, ()) for edit in self.rng.sample(made, len(made))]

    def reached(self, grade: str) -> float:
        """Of 100 attempts from this grade, how many reach their full answer."""
        chosen = [a for a in self.attempts if a.grade == grade]
        return 100 * float(np.mean([a.best >= a.target for a in chosen]))

    @cached_property
    def phrase_effects(self) -> list[tuple[str, str, float, int]]:
        """[(phrase, kind, mean change of the score, tries)], the largest first."""
        found = defaultdict(list)
        for attempt, edit, score in self.singles:
            if edit.phrase:
                found[edit.phrase, edit.kind].append(score - attempt.before)
        return sorted(
            (
                (phrase, kind, float(np.mean(moved)), len(moved))
                for (phrase, kind), moved in found.items()
            ),
            key=lambda item: -abs(item[2]),
        )

    @property
    def largest_phrase_effect(self) -> float:
        """How far a phrase moves the mean: either way, but only up for control words, which may
        well cost something.
        """
        return max(
            moved if kind == "control words" else abs(moved)
            for _, kind, moved, _ in self.phrase_effects
        )

    def section(self) -> str:
        """How far it gets, by which edits, and what each phrase does."""
        rows = []
        for grade in GRADES:
            for title, chosen in [("all", [a for a in self.attempts if a.grade == grade])] + [
                (
                    name,
                    [
                        a
                        for a in self.attempts
                        if a.grade == grade and a.prompt.prompt_id[0] == column
                    ],
                )
                for column, name in WRITTEN.items()
            ]:
                rows.append(
                    [
                        grade,
                        title,
                        len(chosen),
                        *(
                            f"{np.mean([getattr(a, what) for a in chosen]):.3f}"
                            for what in ("before", "best", "target")
                        ),
                        *(
                            percent(100 * np.mean(hit))
                            for hit in (
                                [a.before >= a.target for a in chosen],
                                [a.best >= a.target for a in chosen],
                            )
                        ),
                        f"{np.mean([a.spent for a in chosen]):.0f}",
                        f"{np.mean([a.rounds for a in chosen]):.1f}",
                    ]
                )
        out = table(
            [
                "from",
                "texts",
                "attempts",
                "mean score before",
                "after",
                "of the plain full answer",
                "at or above it before, of 100",
                "after",
                "judgements each",
                "rounds (1: single edits only)",
            ],
            rows,
        )
        by_kind = defaultdict(list)
        for attempt, edit, score in self.singles:
            by_kind[edit.kind].append(score - attempt.before)
        best = [state[2] for a in self.attempts for state in a.states[:1]]
        rows = [
            [
                kind,
                f"{np.mean(moved):+.3f}",
                f"{max(moved):+.3f}",
                percent(100 * np.mean(np.array(moved) > 0.01)),
                percent(100 * np.mean([kind in kinds for kinds in best])),
                len(moved),
            ]
            for kind, moved in sorted(by_kind.items(), key=lambda item: -np.mean(item[1]))
        ]
        out += "\n" + table(
            [
                "edit",
                "mean change alone",
                "largest",
                "raises the score by more than 0.01, of 100",
                "in the best text of an attempt, of 100",
                "tries",
            ],
            rows,
        )
        rows = [
            [kind, quoted(phrase), f"{moved:+.3f}", tries]
            for phrase, kind, moved, tries in self.phrase_effects
        ]
        return out + "\n" + table(["kind", "phrase", "mean change alone", "tries"], rows)
