"""What length does: score against words by grade, and right answers behind hundreds of words of
other true text.
"""

import random
from functools import cache

import numpy as np

from . import measures
from .cases import CORE
from .examination import WRITTEN, Examination
from .markdown import percent, table

FILLERS = (300, 1500)
PROMPTS = 24


def section(exam: Examination) -> str:
    """Score against words, a line for each grade of each column."""
    rows = []
    for column, title in WRITTEN.items():
        for grade in CORE:
            chosen = [
                (len(c.answer.split()), s)
                for c, s in zip(exam.cases[column], exam.scores[column])
                if c.grade == grade
            ]
            words, scores = zip(*chosen)
            rows.append(
                [
                    title,
                    grade,
                    f"{np.mean(words):.0f}",
                    f"{np.mean(scores):.3f}",
                    f"{measures.spearman(words, scores):+.2f}",
                ]
            )
    return table(
        ["texts", "grade", "mean words", "mean score", "Spearman of words and score"], rows
    )


def _filler(rng, others, tokens):
    """Full answers to other prompts of the family, about `tokens` tokens of them (four characters
    each).
    """
    text = ""
    for other in rng.sample(others, len(others)):
        text += other.full + "\n\n"
        if len(text) >= 4 * tokens:
            break
    return text[: 4 * tokens].rsplit(None, 1)[0]


@cache
def behind_filler(exam):
    """{tokens: {grade: scores}} of full and wrong answers behind so much filler, and of the filler
    alone.
    """
    rng = random.Random(17)
    prompts = exam.prompts["chat"]
    chosen = rng.sample([p for p in prompts if p.family not in ("code", "instruction")], PROMPTS)
    made = []
    for tokens in FILLERS:
        for p in chosen:
            filler = _filler(
                rng, [o for o in prompts if o.family == p.family and o is not p], tokens
            )
            made += [
                (tokens, "full", p, f"{filler}\n\n{p.full}"),
                (tokens, "wrong", p, f"{filler}\n\n{p.wrong}"),
                (tokens, "filler alone", p, filler),
            ]
    made += [
        (0, grade, p, text)
        for p in chosen
        for grade, text in (("full", p.full), ("wrong", p.wrong))
    ]
    found = {}
    for (tokens, grade, _, _), score in zip(
        made, exam.judge.scores([(p.text, text) for _, _, p, text in made])
    ):
        found.setdefault(tokens, {}).setdefault(grade, []).append(score)
    return found


def windows_section(exam: Examination) -> str:
    """Whether the right answer at the end of a long text is lost."""
    found = behind_filler(exam)
    rows = []
    for tokens in (0, *FILLERS):
        of = found[tokens]
        above = {
            grade: measures.share(
                [measures.win(f, o) for f, o in zip(of["full"], of[grade])], [1] * PROMPTS
            ).value
            for grade in of
            if grade != "full"
        }
        rows.append(
            [
                tokens or "none",
                *(
                    f"{np.mean(of[grade]):.3f}" if grade in of else "–"
                    for grade in ("full", "wrong", "filler alone")
                ),
                percent(above["wrong"]),
                percent(above.get("filler alone")),
            ]
        )
    return table(
        [
            "tokens of other true text before it",
            "mean score, full",
            "wrong",
            "that text alone",
            "full above wrong",
            "full above that text alone",
        ],
        rows,
    )
