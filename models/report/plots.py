"""The report's pictures."""
import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from . import cases


def scores_by_grade(path, all_cases, scores):
    """Where the scores of each grade and attack lie: box from quarter to quarter, whiskers from 5 to 95 of 100."""
    names = list(cases.WORTH) + sorted({c.grade for c in all_cases} - set(cases.WORTH))
    groups = [[s for c, s in zip(all_cases, scores) if c.grade == name] for name in names]
    figure, axes = plt.subplots(figsize=(9, 6), layout="constrained")
    boxes = axes.boxplot(groups, orientation="horizontal", whis=(5, 95), showfliers=False, patch_artist=True, medianprops={"color": "black"})
    for name, box in zip(names, boxes["boxes"]):
        box.set_facecolor("#7fb77e" if name in ("full", "padded") else "#e9c46a" if name == "half" else "#e07a5f")
    axes.set_yticks(range(1, len(names) + 1), names)
    axes.invert_yaxis()
    axes.set_xlim(-0.02, 1.02)
    axes.set_xlabel("score")
    axes.grid(axis="x", alpha=0.3)
    axes.set_title("Scores by grade and attack")
    figure.savefig(path, dpi=110)
    plt.close(figure)


def calibration(path, all_cases, scores):
    """The mean worth of the answers whose scores fall into each tenth, and how many they are."""
    scores, worth = np.asarray(scores), np.asarray([c.worth for c in all_cases])
    place = np.clip((scores * 10).astype(int), 0, 9)
    figure, (axes, counts) = plt.subplots(2, 1, figsize=(6, 6.5), layout="constrained", height_ratios=(3, 1), sharex=True)
    centres = [scores[place == i].mean() for i in range(10) if (place == i).any()]
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":", label="perfect")
    axes.plot(centres, [worth[place == i].mean() for i in range(10) if (place == i).any()], marker="o", label="judge")
    axes.set_ylabel("mean worth of the grade")
    axes.set_ylim(-0.02, 1.02)
    axes.legend()
    axes.grid(alpha=0.3)
    axes.set_title("What a score is worth")
    counts.bar(np.arange(10) / 10 + 0.05, np.bincount(place, minlength=10), width=0.09)
    counts.set_xlabel("score")
    counts.set_ylabel("answers")
    figure.savefig(path, dpi=110)
    plt.close(figure)
