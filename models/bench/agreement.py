"""How far two honest machines may differ.

The judge's runtime picks its kernels by what the processor can do, and so do our own. This takes
abilities away, one after the other, as if on older processors, and compares the scores of the same
answers. Which operators ran is asked of the program itself, so that a row can't compare kernels
with themselves.
"""

import os
import subprocess
from pathlib import Path

import numpy as np

from ..report import cases, judge
from ..train import reference

#: What is taken away, by the name of what is left. Our own operators need both abilities of
#: AVX-512, so a processor without either has neither here. All have FMA, as servers have had since
#: 2013: without it the runtime computes it digit by digit, and one answer takes many seconds.
MACHINES = {
    "all that this one can do": "",
    "no AVX-512 VNNI: the runtime's own products and attention": "-avx512vnni",
    "no AVX-512": "-avx512f,-avx512vnni",
}
#: Our own operators (ocw-scorer's kernels), and those of the runtime that stand there without them.
OURS, RUNTIMES = {"ByteProduct", "Attention"}, {"Softmax"}
#: What our operators need of a processor, as /proc/cpuinfo calls it.
NEEDED = {"avx512f", "avx512_vnni"}


def environment(isa: str) -> dict[str, str]:
    """What the program's environment needs, so that its runtime does without these abilities."""
    return {"TRACT_CPU_ISA": isa} if isa else {}


def operators(program: Path, isa: str) -> set[str]:
    """The names of the operators that run on such a processor."""
    done = subprocess.run(
        [program, "inspect", "--model", reference.DEFAULT_MODEL, "--profile", "32"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment(isa)},
    )
    rows = [line.split() for line in done.stdout.splitlines()]
    return {row[-1] for row in rows if row and row[0] == "profile"}


def check(program: Path) -> None:
    """Stops unless each row of the table is measured with the operators that its name promises."""
    flags = next(
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")
    )
    for name, isa in MACHINES.items():
        wanted, other = (
            (RUNTIMES, OURS) if isa or not set(flags.split()) >= NEEDED else (OURS, RUNTIMES)
        )
        ran = operators(program, isa)
        assert wanted <= ran and not other & ran, (
            f"{name}: {sorted(wanted)} are to run and {sorted(other)} are not, but these ran: "
            f"{sorted(ran)}"
        )


def found_by(
    program: Path, pairs: list[tuple[str, str]], isa: str
) -> tuple[np.ndarray, np.ndarray]:
    """(logits, scores) [pairs]; a logit is NaN where a guard or several windows settled it."""
    verdicts = judge.verdicts(pairs, reference.DEFAULT_MODEL, program, environment(isa))
    logits = np.array([np.nan if v.logit is None or v.windows > 1 else v.logit for v in verdicts])
    return logits, np.array([v.score for v in verdicts])


def table(program: Path, every: int) -> str:
    """A table with a line for each processor; takes one case of the examination in `every`."""
    check(program)
    pairs = [(c.prompt, c.answer) for c in cases.cases()][::every]
    curve = reference.Judge().unrounded
    lines = [
        "| kernels | largest difference of the logit | of the score before rounding, ppm "
        "| of the rounded score, ppm | rounded scores that differ |",
        "| --- | --- | --- | --- | --- |",
    ]
    base_logits, base = found_by(program, pairs, "")
    for name, isa in MACHINES.items():
        logits, scores = found_by(program, pairs, isa)
        moved = np.nanmax(np.abs(curve(logits) - curve(base_logits))) * 1e6
        differ = np.abs(scores - base) * 1e6
        lines.append(
            f"| {name} | {np.nanmax(np.abs(logits - base_logits)):.1e} | {moved:.1f} "
            f"| {differ.max():.0f} | {(differ > 0.5).sum()} of {len(pairs)} |"
        )
    return "\n".join(lines) + "\n"
