"""Sets the manifest's calibration from held-out answers: python -m models.train.calibrate

The curve only stretches the scale, it never reorders answers: three in four fitting ones
shall score at least 0.7 and, where that leaves room, nine in ten bad answers at most 0.1. models/eval/ is not used here, so that it stays an independent check.
"""
import argparse
from pathlib import Path

import numpy as np
from tqdm import tqdm

from . import corpus, evaluate, export, reference

BAD = ("echo", "passage echoed", "repetition", "empty", "evasion", "shuffled", "unrelated")


def curve(good, bad):
    """Points of the curve. Where good and bad overlap too much for both promises, the low end gives way."""
    low, middle, high = np.quantile(bad, 0.9), np.quantile(good, 0.25), np.quantile(good, 0.75)
    middle = float(np.clip(middle, 0.2, 0.9))
    low = float(min(low, middle - 0.15))  # never so steep that rounding in the logit shows in the score
    high = float(np.clip(high, middle + 0.02, 0.98))
    return [[0.0, 0.0], [round(low, 4), 0.1], [round(middle, 4), 0.7], [round(high, 4), 0.92], [1.0, 1.0]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, default=reference.DEFAULT_MODEL)
    parser.add_argument("--data", type=Path, default=corpus.DEFAULT_DATA)
    parser.add_argument("--count", type=int, default=300)
    args = parser.parse_args()

    judge = reference.Judge(args.model)
    cases = evaluate.held_out_cases(args.data, args.count, seed=8)
    good_pairs = [(prompt, good) for _, prompt, good, _ in cases]
    # One bad answer of each kind a prompt, so that no kind outweighs the others.
    bad_pairs = [(prompt, bad[name][0]) for _, prompt, _, bad in cases for name in BAD if name in bad]
    logits = judge.logits(good_pairs + bad_pairs, progress=lambda x: tqdm(x, mininterval=5))
    activated = reference.sigmoid(logits)
    points = curve(activated[: len(good_pairs)], activated[len(good_pairs):])
    export.write_manifest(Path(args.model), points)
    print(points)


if __name__ == "__main__":
    main()
