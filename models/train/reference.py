"""The scoring rule, as plainly as it can be said: what every other implementation is compared with.

Texts in normal form -> tokens of the pair (longest first cut to max_length) -> the network's logit
-> activation -> calibration -> score. Guards and windows are left out.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from . import text

#: Scores are rounded to this (`SCORE_STEP` in mechanism/src/lib.rs).
STEP = 1e-4

DEFAULT_MODEL = Path(__file__).resolve().parents[1] / "mpnet-judge"


def sigmoid(x: np.ndarray) -> np.ndarray:
    """The logistic function in double precision, element by element."""
    return 1.0 / (1.0 + np.exp(-np.asarray(x, np.float64)))


class Judge:
    """A model folder, run by ONNX Runtime."""

    def __init__(self, folder: Path = DEFAULT_MODEL, graph: Path | None = None) -> None:
        folder = Path(folder)
        self.manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        # Words like [SEP] in somebody's text are text, not marks of the pair.
        self.tokenizer.encode_special_tokens = True
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = (
            1  # threads that wait for one another crawl on a busy machine
        )
        self.session = onnxruntime.InferenceSession(str(graph or folder / "model.onnx"), options)

    def logits(
        self,
        pairs: Sequence[tuple[str, str]],
        batch: int = 16,
        progress: Callable[[Iterable[int]], Iterable[int]] = lambda x: x,
    ) -> np.ndarray:
        """One logit for each (prompt, answer), fp32 [pairs]. Pairs of like length go together;
        padding is masked.
        """
        encoded = text.encode(self.tokenizer, text.normal(pairs), self.manifest["max_length"])
        order = sorted(range(len(pairs)), key=lambda i: len(encoded[i][0]))
        out = np.zeros(len(pairs), np.float32)
        for start in progress(range(0, len(order), batch)):
            chosen = order[start : start + batch]
            longest = len(encoded[chosen[-1]][0])
            ids, mask, types = (np.zeros((len(chosen), longest), np.int64) for _ in range(3))
            for row, i in enumerate(chosen):
                size = len(encoded[i][0])
                ids[row, :size], types[row, :size], mask[row, :size] = (
                    encoded[i][0],
                    encoded[i][1],
                    1,
                )
            feeds = {"input_ids": ids, "attention_mask": mask, "token_type_ids": types}
            out[chosen] = self.session.run(["logits"], feeds)[0][:, 0]
        return out

    def scores(self, logits: np.ndarray) -> np.ndarray:
        """The scores that validators publish, in [0, 1] and rounded to `STEP`."""
        return np.round(self.unrounded(logits) / STEP) * STEP

    def unrounded(self, logits: np.ndarray) -> np.ndarray:
        """The scores before they are rounded, in [0, 1]."""
        activated = (
            sigmoid(logits)
            if self.manifest["activation"] == "sigmoid"
            else np.asarray(logits, np.float64)
        )
        xs, ys = zip(*self.manifest["calibration"])
        return np.interp(activated, xs, ys)
