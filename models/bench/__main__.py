"""Writes docs/benchmarks.md: the judge beside other runtimes, under load, and with the kernels of other processors. Run it with `make bench`."""

import argparse
import json
import os
import platform
import subprocess
from pathlib import Path

from ..report.judge import default_program
from ..train import reference
from . import agreement, speed

ROOT = Path(__file__).resolve().parents[2]
THREADS = (1, 2, 4)
#: For the memory: how many pairs, and the tokens of each.
MANY, SHORT = 10_000, 30


def load(program, threads, tokens, answers):
    """What benches/load.rs prints: [{judged, seconds, resident_mib}]."""
    done = subprocess.run(
        [
            program,
            reference.DEFAULT_MODEL,
            "--threads",
            str(threads),
            "--tokens",
            str(tokens),
            "--answers",
            str(answers),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def machine():
    memory = next(
        int(line.split()[1])
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal")
    )
    flags = next(
        line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("flags")
    ).split()
    able = [
        flag
        for flag in ("avx2", "fma", "avx512f", "avx512_vnni", "avx512_bf16", "amx_int8")
        if flag in flags
    ]
    return f"{os.cpu_count()} cores of {speed.processor()} ({', '.join(able)}), {memory // 1024 // 1024} GiB, {platform.system()} {platform.release()}"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--model-bench", type=Path, required=True, help="the program of ocw-scorer/benches/model.rs"
    )
    parser.add_argument(
        "--load-bench", type=Path, required=True, help="the program of ocw-scorer/benches/load.rs"
    )
    parser.add_argument("--program", type=Path, default=default_program(), help="ocw-scorer")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument(
        "--every", type=int, default=2, help="for the agreement, of this number of cases, take one"
    )
    parser.add_argument(
        "--many", type=int, default=MANY, help="answers judged to see whether memory grows"
    )
    parser.add_argument("--notes", type=Path, default=Path(__file__).with_name("NOTES.md"))
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "benchmarks.md")
    args = parser.parse_args()

    at_start = os.getloadavg()[0]
    beside = speed.table(args.model_bench, args.runs)
    throughput = []
    for tokens in (32, 128, 320):
        row = [str(tokens)]
        for threads in THREADS[:2]:
            last = load(args.load_bench, threads, tokens, 40_000 // tokens)[-1]
            row.append(f"{last['judged'] / last['seconds']:.1f}")
        throughput.append("| " + " | ".join(row) + " |")
    long_run = load(args.load_bench, THREADS[-1], SHORT, args.many)
    memory = "\n".join(f"| {line['judged']} | {line['resident_mib']} |" for line in long_run)
    inspected = subprocess.run(
        [args.program, "inspect", "--profile", "320"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    ).stdout.splitlines()
    loading = next(line.split(maxsplit=2)[2] for line in inspected if line.startswith("load time"))
    profile = "\n".join(
        line.removeprefix("profile").strip() for line in inspected if line.startswith("profile")
    )
    args.out.write_text(
        f"""# Benchmarks

`make bench` writes this page, and every figure is its output.
Ratios are taken in one interleaved run.
Absolute times are those of one machine:

- {machine()}
- load {at_start:.2f} when it began

## The judge's model, beside other runtimes

Each program runs the same graph with the same ids on one core, in turns.
Times are medians of {args.runs} turns.
Ratios are medians of the ratios of neighbouring turns.

{beside}
## Under load

Pairs per second with a queue that is never empty:

| tokens in a pair | 1 thread | 2 threads |
| --- | --- | --- |
{chr(10).join(throughput)}

## Memory and start

The model is loaded and ready in {loading}.
This is the resident memory with four threads, after a number of answers of about {SHORT} tokens:

| answers judged | MiB |
| --- | --- |
{memory}

## Where the time goes

`ocw-scorer inspect --profile 320`, the mean of five runs:

```
{profile}
```

## Agreement between machines

The same answers are judged with the kernels of older processors, as the runtime would pick them there.
*ppm* are parts per million, the unit of scores.
*Rounded* scores are those that evaluators publish, which are multiples of 100 ppm.

{agreement.table(args.program, args.every)}
{args.notes.read_text(encoding="utf-8")}""",
        encoding="utf-8",
    )
    print(args.out.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
