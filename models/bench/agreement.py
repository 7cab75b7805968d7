"""How far two honest machines may differ: python -m models.bench.agreement --program PATH

The judge's runtime picks its kernels by what the processor can do. This takes abilities away, one after the other, as if on older
processors, and compares the scores of the same answers. Differences are in parts per million, the unit of scores.
"""
import argparse
import json
import os
import subprocess
from pathlib import Path

import numpy as np

from ..report import cases
from .speed import processor

#: What is taken away, by the name of what is left.
MACHINES = {
    "all that this one can do": "",
    "no AVX-512": "-avx512f",
    "no AVX-512, no FMA": "-avx512f,-fma",
    "no vector instructions that are chosen at run time": "-avx512f,-fma,-avx2,-avx",
}


def scores(program, pairs, isa):
    lines = "".join(json.dumps({"prompt": p, "answer": a}) + "\n" for p, a in pairs)
    environment = {**os.environ, "RUST_LOG": "warn", **({"TRACT_CPU_ISA": isa} if isa else {})}
    done = subprocess.run([program, "score"], input=lines, capture_output=True, text=True, encoding="utf-8", env=environment)
    if done.returncode:
        raise SystemExit(done.stderr)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return np.array([f["score"] for f in found]), np.array([f["logit"] if f["logit"] is not None else np.nan for f in found])


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
