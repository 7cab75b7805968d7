"""How a checkpoint does on the project's own groups that are held back from training.

From the project's root: python -m models.train.develop --checkpoints FOLDER

Not an examination: the texts are by the hands that wrote the training. It tells whether a training
is on its way.
"""

import argparse
import random
from collections import defaultdict
from pathlib import Path

import numpy as np
import torch

from . import backbone, mix, text, train


def judged(judge, tokenizer, pairs, batch=16):
    """Logits of (prompt, answer) pairs."""
    encoded = text.encode(tokenizer, text.normal(pairs), mix.LONGEST)
    order = sorted(range(len(pairs)), key=lambda i: len(encoded[i][0]))
    out = np.zeros(len(pairs))
    for start in range(0, len(order), batch):
        chosen = order[start : start + batch]
        rows = [(*encoded[i], 0.5, 1.0, [mix.UNKNOWN] * len(encoded[i][0]), "") for i in chosen]
        packed = train.pack([rows], train.bucket_of(rows), batch)
        with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
            logits, _ = judge(packed["ids"], packed["mask"], packed["types"])
        out[chosen] = logits.float().numpy()[: len(chosen)]
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoints", type=Path, required=True)
    parser.add_argument("--groups", type=int, default=120)
    args = parser.parse_args()
    judge = train.load(args.checkpoints)
    source, rng = mix.Mix(None, develop=True), random.Random(5)
    groups = [source.rows(rng) for _ in range(args.groups)]
    logits = judged(
        judge,
        backbone.tokenizer(judge.name),
        [(row.prompt, row.answer) for group in groups for row in group],
    )
    above, at = defaultdict(list), 0
    for group in groups:
        found = list(zip(group, logits[at : at + len(group)]))
        at += len(group)
        full = [logit for row, logit in found if row.kind == "full"]
        for row, logit in found:
            if row.kind != "full":
                above[row.kind] += [float(f > logit) for f in full]
    for kind, won in sorted(above.items()):
        print(f"full above {kind}: {100 * np.mean(won):.1f} of {len(won)}")


if __name__ == "__main__":
    main()
