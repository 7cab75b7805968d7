"""How far a dress moves the score of the same content, and whether it lifts wrong answers above
full ones.
"""

import json
import random
from collections import defaultdict
from functools import cache

import numpy as np

from . import attacks, measures
from .cases import EVAL, Case
from .dresses import dressed
from .examination import WRITTEN, Examination
from .markdown import percent, table

#: How many prompts of each column are dressed.
PROMPTS = {"own": 12, "short": 16, "chat": 32}
#: These prompts ask for a form, which a dress would break.
WITHOUT = ("instruction",)


@cache
def changes(exam):
    """{dress: [(column, grade, change of the score, whether a wrong answer passes the plain full
    one)]}.
    """
    rng = random.Random(3)
    tried = []
    for column, prompts in exam.prompts.items():
        usable = [p for p in prompts if p.family not in WITHOUT]
        for prompt in rng.sample(usable, PROMPTS[column]):
            for grade, text in (("full", prompt.full), ("wrong", prompt.wrong)):
                tried += [
                    (column, prompt, grade, text, dress, answer)
                    for dress, answer in dressed(text).items()
                ]
    scores = exam.judge.scores(
        [
            pair
            for _, p, _, text, _, answer in tried
            for pair in ((p.text, p.full), (p.text, text), (p.text, answer))
        ]
    )
    found = defaultdict(list)
    for (column, _, grade, _, dress, _), full, plain, score in zip(
        tried, scores[::3], scores[1::3], scores[2::3]
    ):
        found[dress].append(
            (
                column,
                grade,
                score - plain,
                score >= full if grade == "wrong" else None,
                plain >= full if grade == "wrong" else None,
            )
        )
    return found


def mean_change(found, column=None):
    """The mean change of the score by one dress."""
    moved = [f[2] for f in found if column in (None, f[0])]
    return float(np.mean(moved)) if moved else 0.0


def largest(exam: Examination, column: str) -> tuple[str, float]:
    """(dress, mean change) of the dress that moves the mean score of a column most."""
    return max(
        ((dress, mean_change(found, column)) for dress, found in changes(exam).items()),
        key=lambda item: abs(item[1]),
    )


def section(exam: Examination) -> str:
    """A table with a line for each dress."""
    rows = []
    for dress, found in changes(exam).items():
        passed = [(f[3], f[4]) for f in found if f[1] == "wrong"]
        rows.append(
            [
                dress,
                *(
                    f"{np.mean([f[2] for f in found if f[1] == grade]):+.3f}"
                    for grade in ("full", "wrong")
                ),
                *(f"{mean_change(found, column):+.3f}" for column in WRITTEN),
                f"{max((f[2] for f in found), key=abs):+.3f}",
                percent(100 * np.mean([p for p, _ in passed])),
                percent(100 * np.mean([p for _, p in passed])),
                len(found),
            ]
        )
    return table(
        [
            "dress",
            "mean change, full",
            "wrong",
            *WRITTEN.values(),
            "largest single change",
            "wrong passes the plain full one, of 100",
            "without the dress",
            "answers",
        ],
        rows,
    )


def variants_section(exam: Examination) -> str:
    """The right answer in another language, or in letters that only look right."""
    translated = [
        json.loads(line)["text"]
        for line in (EVAL / "languages.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    forms = {
        "in another language": lambda full, other: other,
        "with lookalikes": lambda full, other: full.translate(attacks.LOOKALIKES),
        "zero-width characters inside": lambda full, other: "\u200b".join(full),
    }
    prompts = exam.prompts["own"]
    made = [
        Case(p.prompt_id, p.family, p.text, form(p.full, other), name)
        for p, other in zip(prompts, translated, strict=True)
        for name, form in forms.items()
    ]
    verdicts = exam.judge.verdicts([c.pair for c in made])
    everything, scores = exam.cases["own"] + made, exam.scores["own"] + [v.score for v in verdicts]
    rows = []
    for name in forms:
        chosen = [v for c, v in zip(made, verdicts) if c.grade == name]
        rows.append(
            [
                name,
                percent(measures.accuracy(everything, scores, "full", name).value),
                percent(measures.accuracy(everything, scores, name, "unrelated").value),
                f"{np.median([v.score for v in chosen]):.3f}",
                sum(v.guard is not None for v in chosen),
                len(chosen),
            ]
        )
    return table(
        [
            "a full answer",
            "plain one above it, of 100",
            "it above an unrelated one",
            "median score",
            "settled by guards",
            "tried",
        ],
        rows,
    )
