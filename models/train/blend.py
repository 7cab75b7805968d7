"""Blends the weights of two checkpoints: python -m models.train.blend FIRST SECOND --share 0.6 --out FOLDER

A mean of two states of one training is often better than either: what each forgot, the other still knows.
"""
import argparse
from pathlib import Path

import numpy as np


def blend(first, second, share):
    """Every weight of both, with so much of the second. No optimizer state comes along: go on with --start-from."""
    return {name: (1 - share) * first[name] + share * second[name] for name in first.files if name.startswith("p/")}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("first", type=Path)
    parser.add_argument("second", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="how much of the second, from 0 to 1")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    with np.load(args.first / "state.npz") as first, np.load(args.second / "state.npz") as second:
        weights = blend(first, second, args.share)
        np.savez(args.out / "state.npz", chunk=second["chunk"], step=second["step"], **weights)


if __name__ == "__main__":
    main()
