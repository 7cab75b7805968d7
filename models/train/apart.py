"""Whether training text and examination are apart: python -m models.train.apart

Fails if a group shares a run of twelve words with an examined text, or asks nearly what an examined
prompt asks. Prints which, so that the group can be taken out of the training.
"""

import json
import re
from pathlib import Path

import torch

from . import backbone, graded, network, parts

EVAL = Path(__file__).resolve().parents[1] / "eval"
#: Written by the training's own programs, or the examined answers in other languages.
MADE_OF_OTHERS = ("golden.jsonl", "languages.jsonl")
RUN = 12
NEAR = 0.80


def texts(value):
    """All strings in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner)


def runs(text):
    words = re.findall(r"[^\W_]+", text.lower())
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def lines(folder):
    """[(file, number, object)] of all JSON lines below a folder."""
    return [
        (path, number, json.loads(line))
        for path in sorted(folder.rglob("*.jsonl"))
        if path.name not in MADE_OF_OTHERS
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    ]


def embedded(prompts, batch=64):
    """Unit vectors of prompts: the untouched backbone's means over tokens."""
    judge, tokenizer = network.Judge.pretrained("minilm").eval(), backbone.tokenizer("minilm")
    tokenizer.enable_truncation(160)
    tokenizer.enable_padding()
    order = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    out = torch.zeros(len(prompts), judge.sizes.hidden)
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        encoded = tokenizer.encode_batch([prompts[i] for i in chosen])
        ids = torch.tensor([e.ids for e in encoded])
        mask = torch.tensor([e.attention_mask for e in encoded], dtype=torch.bool)
        with torch.inference_mode():
            x = judge.encode(ids, mask, torch.zeros_like(ids)).float()
        mean = (x * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)
        out[chosen] = mean / mean.norm(dim=1, keepdim=True)
    return out


def main():
    examined = lines(EVAL)
    trained = lines(parts.FOLDER) + lines(graded.FOLDER)
    known = {run for _, _, value in examined for text in texts(value) for run in runs(text)}
    found = [
        f"{path.name}:{number} shares a run of words"
        for path, number, value in trained
        if any(run in known for text in texts(value) for run in runs(text))
    ]
    nearness = (
        embedded([value["prompt"] for _, _, value in trained])
        @ embedded([value["prompt"] for _, _, value in examined]).T
    )
    for (path, number, _), near in zip(trained, nearness.amax(1).tolist()):
        if near > NEAR:
            found.append(f"{path.name}:{number} asks nearly what is examined ({near:.2f})")
    print(
        "\n".join(found) or f"{len(trained)} groups are apart from {len(examined)} examined prompts"
    )
    raise SystemExit(bool(found))


if __name__ == "__main__":
    main()
