"""The judge's errors as a file for the simulation, from the column where they are worst."""

from pathlib import Path

import numpy as np

from .cases import WORTH
from .examination import TITLES, Examination

#: The bands of worth that the simulation draws errors for: least worth, the grades in it, and the
#: qualities of
#: public sources in it.
BANDS = [
    (0.0, ("unrelated",), None),
    (0.08, ("wrong", "wrong_other", "nonanswer"), (0.0, 0.35)),
    (0.35, ("half",), (0.35, 0.7)),
    (0.7, ("padded",), (0.7, 0.9)),
    (0.9, ("full",), (0.9, 1.1)),
]
COUNT = 40


def _by_column(exam, grades, qualities):
    """{column: the score less the worth}, where the column has such answers."""
    found = {
        column: [
            s - WORTH.get(c.grade, 0.0)
            for c, s in zip(exam.cases[column], exam.scores[column])
            if c.grade in grades and (qualities is None or column != "unseen")
        ]
        for column in exam.cases
    }
    if qualities and exam.pairs:
        judged = {
            (source, pair.group, text): (quality, score)
            for source, pairs in exam.pairs.items()
            for pair, scores in zip(pairs, exam.pair_scores[source])
            for text, quality, score in zip((pair.better, pair.worse), pair.quality, scores)
        }
        found["unseen"] = [
            score - quality
            for quality, score in judged.values()
            if qualities[0] <= quality < qualities[1]
        ]
    return {column: errors for column, errors in found.items() if errors}


def worst(exam: Examination) -> list[tuple[float, str, list[float]]]:
    """[(least worth, column, errors)]: for each band the column with the largest mean square of its
    errors.
    """
    out = []
    for least, grades, qualities in BANDS:
        found = _by_column(exam, grades, qualities)
        column = max(found, key=lambda name: np.mean(np.square(found[name])))
        out.append((least, column, found[column]))
    return out


def write(exam: Examination, path: Path) -> None:
    """Evenly spaced quantiles of the errors of each band."""
    found = worst(exam)
    lines = [
        f"# Written by `make judge-report` for the model {exam.judge.digest}:",
        "# the score less the worth, for each worth on the examined texts",
        "# where the judge errs most: "
        f"{', '.join(f'from {least} {TITLES[column]}' for least, column, _ in found)}.",
        "judge_errors = [",
    ]
    for least, _, errors in found:
        quantiles = np.quantile(errors, (np.arange(COUNT) + 0.5) / COUNT)
        lines.append(
            f"  {{ from = {least}, errors = [{', '.join(f'{e:.3f}' for e in quantiles)}] }},"
        )
    path.write_text("\n".join([*lines, "]"]) + "\n", encoding="utf-8")
