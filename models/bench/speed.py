"""How fast the judge's graph runs here, beside ONNX Runtime and OpenVINO on the same graph.

All are pinned to one core and take turns, so that whatever else the machine does hits all alike.
Reported are medians and, as the figures that carry over to other machines, the medians of the
ratios of neighbouring runs.
"""

import os
import platform
import subprocess
import time
from pathlib import Path

import numpy as np

from ..train import reference

LENGTHS = (32, 128, 256, 320, 512)
CORE = 1


def processor() -> str:
    """The name of the processor."""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor()


def onnx_runtime(model):
    import onnxruntime  # after pinning, as it looks at the cores it may use

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options)
    return f"ONNX Runtime {onnxruntime.__version__}", lambda feeds: session.run(["logits"], feeds)


def openvino(model):
    try:
        import openvino
    except ImportError:  # only there to compare with
        return None
    compiled = openvino.Core().compile_model(
        str(model),
        "CPU",
        {
            "INFERENCE_NUM_THREADS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "f32",
        },
    )
    request = compiled.create_infer_request()
    return f"OpenVINO {openvino.__version__.split('-')[0]}", lambda feeds: request.infer(feeds)


def table(program: Path, runs: int) -> str:
    """A table of medians and ratios. `program` is what `cargo bench -p ocw-scorer --bench model
    --no-run` names.
    """
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {CORE})
    try:
        return _table(program, runs, reference.DEFAULT_MODEL / "model.onnx")
    finally:
        os.sched_setaffinity(0, everywhere)


def _table(program, runs, model):
    others = [found for found in (onnx_runtime(model), openvino(model)) if found]
    judge = subprocess.Popen(
        [program, model], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )

    def ours(length):
        judge.stdin.write(f"{length}\n")
        judge.stdin.flush()
        return int(judge.stdout.readline()) / 1e6

    def theirs(run, length):
        ids = (1000 + np.arange(length, dtype=np.int64) * 37 % 20000)[None]
        feeds = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": (np.arange(length)[None] >= length // 2).astype(np.int64),
        }
        start = time.perf_counter()
        run(feeds)
        return (time.perf_counter() - start) * 1e3

    def turn(length):
        return [ours(length)] + [theirs(run, length) for _, run in others]

    lines = [
        "| tokens | judge, ms | " + " | ".join(f"{name}, ms | ratio" for name, _ in others) + " |",
        "| --- | --- |" + " --- | --- |" * len(others),
    ]
    for length in LENGTHS:
        for _ in range(3):
            turn(length)
        turns = np.array([turn(length) for _ in range(runs)])
        cells = [f"{np.median(turns[:, 0]):.1f}"]
        for other in range(1, turns.shape[1]):
            cells += [
                f"{np.median(turns[:, other]):.1f}",
                f"{np.median(turns[:, 0] / turns[:, other]):.2f}",
            ]
        lines.append(f"| {length} | " + " | ".join(cells) + " |")
    judge.stdin.close()
    judge.wait()
    return "\n".join(lines) + "\n"
