"""Sets the manifest's calibration: python -m models.train.calibrate --model FOLDER

The curve only stretches the scale, it never reorders answers. It comes from the project's own
groups that are kept from training: half of the full answers are to score at least 0.85 and three in
four at least 0.7, and nine in ten attacks and answers to something else at most 0.05. models/eval/
is not used here, so that it stays an independent check.
"""

import argparse
import random
from pathlib import Path

import numpy as np
from tqdm import tqdm

from . import export, mix, reference

GROUPS = 130


def curve(full, bad):
    """Points of the curve. Where full answers and bad ones overlap too much for all promises, the
    low end gives way.
    """
    quarter, half = np.quantile(full, 0.25), np.quantile(full, 0.5)
    low = min(
        np.quantile(bad, 0.9), quarter - 0.1
    )  # never so steep that rounding in the logit shows in the score
    high = float(np.clip(half, quarter + 0.02, 0.98))
    points = [[0.0, 0.0], [low, 0.05], [quarter, 0.7], [high, 0.85], [1.0, 1.0]]
    return [[round(float(x), 4), y] for x, y in points]


def judged(seed=29):
    """Pairs of full answers, and of attacks and answers to something else."""
    rng, source = random.Random(seed), mix.Mix(None, develop=True)
    rows = [row for _ in range(GROUPS) for row in source.rows(rng)]
    full = [(row.prompt, row.answer) for row in rows if row.kind == "full"]
    bad = [(row.prompt, row.answer) for row in rows if row.kind in ("attack", "unrelated")]
    return full, bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, default=reference.DEFAULT_MODEL)
    args = parser.parse_args()

    judge = reference.Judge(args.model)
    full, bad = judged()
    activated = reference.sigmoid(
        judge.logits(full + bad, progress=lambda x: tqdm(x, mininterval=5))
    )
    points = curve(activated[: len(full)], activated[len(full) :])
    export.write_manifest(Path(args.model), points)
    print(points)


if __name__ == "__main__":
    main()
