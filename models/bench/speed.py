"""How fast the judge's graph runs here, beside ONNX Runtime on the same graph: python -m models.bench.speed --program PATH

Both are pinned to one core and take turns, so that whatever else the machine does hits both alike. Reported are medians and, as the
figure that carries over to other machines, the median of the ratios of neighbouring runs.
"""
import argparse
import os
import platform
import subprocess
import time
from pathlib import Path

import numpy as np

LENGTHS = (32, 128, 256, 512)
MODEL = Path(__file__).resolve().parents[1] / "minilm-l6-judge" / "model.onnx"


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", type=Path, required=True, help="the bench program, as `cargo bench -p ocw-scorer --bench model --no-run` names it")
    parser.add_argument("--model", type=Path, default=MODEL)
    parser.add_argument("--runs", type=int, default=60)
    parser.add_argument("--core", type=int, default=1)
    args = parser.parse_args()
    os.sched_setaffinity(0, {args.core})

    import onnxruntime  # after pinning, as it looks at the cores it may use

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(args.model), options)
    judge = subprocess.Popen([args.program, args.model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ours(length):
        judge.stdin.write(f"{length}\n")
        judge.stdin.flush()
        return int(judge.stdout.readline()) / 1e6

    def theirs(length):
        ids = (1000 + np.arange(length, dtype=np.int64) * 37 % 20000)[None]
        feeds = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": (np.arange(length)[None] >= length // 2).astype(np.int64)}
        start = time.perf_counter()
        session.run(["logits"], feeds)
        return (time.perf_counter() - start) * 1e3

    print(f"{processor()}, core {args.core}; onnxruntime {onnxruntime.__version__}; {args.runs} turns each, load before {os.getloadavg()[0]:.2f}\n")
    print("| tokens | judge, ms | ONNX Runtime, ms | ratio |\n| --- | --- | --- | --- |")
    for length in LENGTHS:
        for _ in range(3):
            ours(length), theirs(length)
        turns = np.array([(ours(length), theirs(length)) for _ in range(args.runs)])
        a, b = np.median(turns, axis=0)
        print(f"| {length} | {a:.1f} | {b:.1f} | {np.median(turns[:, 0] / turns[:, 1]):.2f} |", flush=True)
    judge.stdin.close()
    judge.wait()


if __name__ == "__main__":
    main()
