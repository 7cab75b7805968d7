"""Sets the manifest's calibration: python -m models.train.calibrate

The curve only stretches the scale, it never reorders answers. It comes from the hand-written groups that are kept from training:
three in four full answers shall score at least 0.7, half of them at least 0.85, and nine in ten attacks and answers to something else at
most 0.05. models/eval/ is not used here, so that it stays an independent check.
"""
import argparse
import random
from pathlib import Path

import numpy as np
from tqdm import tqdm

from . import export, groups, reference


def curve(full, bad):
    """Points of the curve. Where full answers and bad ones overlap too much for all promises, the low end gives way."""
    quarter, half = np.quantile(full, 0.25), np.quantile(full, 0.5)
    low = min(np.quantile(bad, 0.9), quarter - 0.1)  # never so steep that rounding in the logit shows in the score
    high = float(np.clip(half, quarter + 0.02, 0.98))
    points = [[0.0, 0.0], [low, 0.05], [quarter, 0.7], [high, 0.85], [1.0, 1.0]]
    return [[round(float(x), 4), y] for x, y in points]


def judged(seed=29):
    """Pairs of full answers, and of attacks and answers to something else."""
    rng = random.Random(seed)
    lines = groups.written(develop=True)
    full, bad = [], []
    for prompt, family, answers in lines:
        own = [a for a, grade in answers if grade == "full"]
        wrong = next(a for a, grade in answers if grade == "wrong")
        stranger = rng.choice([a for p, _, others in lines if p != prompt for a, grade in others if grade == "full"])
        full += [(prompt, a) for a in own]
        bad += [(prompt, stranger)] + [(prompt, groups.attack(rng, prompt, own[0], wrong, stranger)) for _ in range(3)]
    return full, bad


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, default=reference.DEFAULT_MODEL)
    args = parser.parse_args()

    judge = reference.Judge(args.model)
    full, bad = judged()
    activated = reference.sigmoid(judge.logits(full + bad, progress=lambda x: tqdm(x, mininterval=5)))
    points = curve(activated[: len(full)], activated[len(full):])
    export.write_manifest(Path(args.model), points)
    print(points)


if __name__ == "__main__":
    main()
