"""How far two honest machines may differ.

The judge's runtime picks its kernels by what the processor can do, and so do our own. This takes abilities away, one after the other, as if on
older processors, and compares the scores of the same answers.
"""
import numpy as np

from ..report import cases, judge
from ..train import reference

#: What is taken away, by the name of what is left.
MACHINES = {
    "all that this one can do": "",
    "no AVX-512 VNNI: the runtime's own products and attention": "-avx512vnni",
    "no AVX-512": "-avx512f",
    "no AVX-512, no FMA": "-avx512f,-fma",
    "no vector instructions that are chosen at run time": "-avx512f,-fma,-avx2,-avx",
}


def found_by(program, pairs, isa):
    """(logits, scores before they are rounded, scores), NaN where a guard settled the answer."""
    verdicts = judge.verdicts(pairs, reference.DEFAULT_MODEL, program, {"TRACT_CPU_ISA": isa} if isa else {})
    logits = np.array([np.nan if v.logit is None or v.windows > 1 else v.logit for v in verdicts])
    return logits, np.array([v.score for v in verdicts])


def table(program, every):
    """A table with a line for each processor; takes one case of the examination in `every`."""
    pairs = [(c.prompt, c.answer) for c in cases.cases()][::every]
    curve = reference.Judge().unrounded
    lines = ["| kernels | largest difference of the logit | of the score before rounding, ppm | of the rounded score, ppm | rounded scores that differ |", "| --- | --- | --- | --- | --- |"]
    base_logits, base = found_by(program, pairs, "")
    for name, isa in MACHINES.items():
        logits, scores = found_by(program, pairs, isa)
        moved = np.nanmax(np.abs(curve(logits) - curve(base_logits))) * 1e6
        differ = np.abs(scores - base) * 1e6
        lines.append(f"| {name} | {np.nanmax(np.abs(logits - base_logits)):.1e} | {moved:.1f} | {differ.max():.0f} | {(differ > 0.5).sum()} of {len(pairs)} |")
    return "\n".join(lines) + "\n"
