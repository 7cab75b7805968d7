"""The report's pictures."""

from pathlib import Path

import matplotlib

from .examination import Examination

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from . import measures
from .cases import CORE, WORTH
from .cases import WRITTEN as GRADES
from .examination import TITLES, WRITTEN

COLOURS = {"full": "#2a7f62", "half": "#e9a23b", "wrong": "#c8553d", "nonanswer": "#5b5f97"}


def _saved(figure, path):
    figure.savefig(path, dpi=110)
    plt.close(figure)


def scores_by_grade(path: Path, exam: Examination) -> None:
    """Where the scores of each written grade lie: box from quarter to quarter, whiskers from 5 to
    95 of 100.
    """
    figure, all_axes = plt.subplots(
        1, len(WRITTEN), figsize=(12, 4.2), layout="constrained", sharey=True
    )
    for axes, (column, title) in zip(all_axes, WRITTEN.items()):
        groups = [
            [s for c, s in zip(exam.cases[column], exam.scores[column]) if c.grade == grade]
            for grade in GRADES
        ]
        boxes = axes.boxplot(
            [g or [np.nan] for g in groups],
            orientation="horizontal",
            whis=(5, 95),
            showfliers=False,
            patch_artist=True,
            medianprops={"color": "black"},
        )
        for grade, box in zip(GRADES, boxes["boxes"]):
            box.set_facecolor(
                "#7fb77e"
                if grade in ("full", "padded")
                else "#e9c46a"
                if grade == "half"
                else "#e07a5f"
            )
        axes.set_yticks(range(1, len(GRADES) + 1), GRADES)
        axes.set_xlim(-0.02, 1.02)
        axes.set_xlabel("score")
        axes.grid(axis="x", alpha=0.3)
        axes.set_title(title)
    all_axes[0].invert_yaxis()
    _saved(figure, path)


def _judged(exam):
    """{column: [(score, worth)]} of what has a worth; of unseen sources the qualities are their
    own.
    """
    out = {
        column: [
            (s, c.worth)
            for c, s in zip(exam.cases[column], exam.scores[column])
            if c.grade in WORTH or c.grade == "unrelated"
        ]
        for column in WRITTEN
    }
    if exam.pairs:
        out["unseen"] = [
            item
            for source, pairs in exam.pairs.items()
            for p, scores in zip(pairs, exam.pair_scores[source])
            for item in zip(scores, p.quality)
        ]
    return out


def calibration(path: Path, exam: Examination) -> None:
    """The mean worth of the answers whose scores fall into each tenth, for each column, and how
    many they are.
    """
    figure, (axes, counts) = plt.subplots(
        2, 1, figsize=(6.5, 7), layout="constrained", height_ratios=(3, 1), sharex=True
    )
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":", label="perfect")
    for shift, (column, judged) in enumerate(_judged(exam).items()):
        scores, worth = np.array(judged).T
        place = np.clip((scores * 10).astype(int), 0, 9)
        filled = [i for i in range(10) if (place == i).any()]
        axes.plot(
            [scores[place == i].mean() for i in filled],
            [worth[place == i].mean() for i in filled],
            marker="o",
            label=TITLES[column],
        )
        counts.bar(
            np.arange(10) / 10 + 0.02 + 0.02 * shift,
            100 * np.bincount(place, minlength=10) / len(place),
            width=0.02,
        )
    axes.set_ylabel("mean worth")
    axes.set_ylim(-0.02, 1.02)
    axes.legend()
    axes.grid(alpha=0.3)
    axes.set_title("What a score is worth")
    counts.set_xlabel("score")
    counts.set_ylabel("of 100 answers")
    _saved(figure, path)


def length(path: Path, exam: Examination) -> None:
    """Scores against words by grade, each answer a dot."""
    figure, all_axes = plt.subplots(
        1, len(WRITTEN), figsize=(12, 4), layout="constrained", sharey=True
    )
    for axes, (column, title) in zip(all_axes, WRITTEN.items()):
        for grade in CORE:
            words, scores = zip(
                *[
                    (len(c.answer.split()), s)
                    for c, s in zip(exam.cases[column], exam.scores[column])
                    if c.grade == grade
                ]
            )
            axes.scatter(
                words,
                scores,
                s=8,
                alpha=0.6,
                color=COLOURS[grade],
                label=f"{grade}, Spearman {measures.spearman(words, scores):+.2f}",
            )
        axes.set_xlabel("words")
        axes.set_title(title)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7, loc="upper center", bbox_to_anchor=(0.5, -0.14), ncols=2)
    all_axes[0].set_ylabel("score")
    _saved(figure, path)
