"""The written grades by family, and every attack."""

from collections import Counter

import numpy as np

from . import measures
from .cases import CORE
from .cases import WRITTEN as GRADES
from .examination import TITLES, WRITTEN, Examination
from .markdown import percent, table

PAIRS = [
    ("full", "half"),
    ("full", "wrong"),
    ("full", "wrong_other"),
    ("full", "nonanswer"),
    ("full", "padded"),
    ("half", "wrong"),
    ("half", "nonanswer"),
    ("wrong", "unrelated"),
    ("nonanswer", "unrelated"),
    ("full", "restated"),
    ("full", "shell"),
]


def section(exam: Examination) -> str:
    """A table for each column of written texts, a column for each family."""
    out = []
    for column, title in WRITTEN.items():
        found, scores = exam.cases[column], exam.scores[column]
        families = sorted({c.family for c in found})
        rows = [
            [
                f"{better} above {worse}",
                *(
                    percent(measures.accuracy(found, scores, better, worse, family).value)
                    for family in (None, *families)
                ),
            ]
            for better, worse in PAIRS
            if any(c.grade == worse for c in found)
        ]
        rows.append(
            [
                "Spearman of the four grades",
                *(
                    f"{measures.correlation(found, scores, CORE, family).value:.2f}"
                    for family in (None, *families)
                ),
            ]
        )
        out.append(f"### {title[0].upper()}{title[1:]}\n{table(['', 'all', *families], rows)}")
    return "\n".join(out)


def attacks_section(exam: Examination) -> str:
    """A table with a line for each attack: full answers above it in each column, and who settled
    it.
    """
    names = [
        name for name in dict.fromkeys(c.grade for c in exam.cases["own"]) if name not in GRADES
    ]
    rows = []
    for name in names:
        chosen = [
            v
            for column in exam.cases
            for c, v in zip(exam.cases[column], exam.verdicts[column])
            if c.grade == name
        ]
        settled = Counter(v.guard for v in chosen if v.guard)
        rows.append(
            [
                name,
                *(
                    percent(
                        measures.accuracy(
                            exam.cases[column], exam.scores[column], "full", name
                        ).value
                    )
                    for column in exam.cases
                ),
                f"{np.median([v.score for v in chosen]):.3f}",
                f"{np.percentile([v.score for v in chosen], 90):.3f}",
                ", ".join(f"{guard} {count}" for guard, count in settled.most_common()) or "–",
                len(chosen),
            ]
        )
    return table(
        [
            "full above",
            *(TITLES[column] for column in exam.cases),
            "median score",
            "90th percentile",
            "settled by guards",
            "tried",
        ],
        rows,
    )
