"""How far two honest machines may differ: python -m models.bench.agreement --program PATH

The judge's runtime picks its kernels by what the processor can do. This takes abilities away, one after the other, as if on older
processors, and compares the scores of the same answers. Differences are in parts per million, the unit of scores.
"""
import argparse
from pathlib import Path

import numpy as np

from ..report import cases, judge
from ..train import reference
from .speed import processor

#: What is taken away, by the name of what is left.
MACHINES = {
    "all that this one can do": "",
    "no AVX-512": "-avx512f",
    "no AVX-512, no FMA": "-avx512f,-fma",
    "no vector instructions that are chosen at run time": "-avx512f,-fma,-avx2,-avx",
}


def scores(program, pairs, isa):
    found = judge.verdicts(pairs, reference.DEFAULT_MODEL, program, {"TRACT_CPU_ISA": isa} if isa else {})
    return np.array([v.score for v in found]), np.array([np.nan if v.logit is None else v.logit for v in found])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, required=True, help="ocw-scorer")
    parser.add_argument("--every", type=int, default=6, help="take one case in so many")
    args = parser.parse_args()
    pairs = [(c.prompt, c.answer) for c in cases.cases()][:: args.every]
    print(f"{processor()}; {len(pairs)} answers\n")
    print("| kernels | largest difference of the logit | of the score, ppm | scores that differ |\n| --- | --- | --- | --- |")
    base, base_logits = scores(args.program, pairs, "")
    for name, isa in MACHINES.items():
        found, logits = scores(args.program, pairs, isa)
        differ = np.abs(found - base) * 1e6
        print(f"| {name} | {np.nanmax(np.abs(logits - base_logits)):.1e} | {differ.max():.0f} | {(differ > 0.5).sum()} |", flush=True)


if __name__ == "__main__":
    main()
