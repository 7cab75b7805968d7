"""How a checkpoint does on the hand-written groups that are kept from training: python -m models.train.develop --checkpoints FOLDER

To look at while developing; the report (`make judge-report`) uses other texts.
"""
import argparse
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np

from . import groups, network, tokens, train


def logits(p, pairs, batch=16, longest=512):
    """The network's logits of (prompt, answer) pairs."""
    p = {k: jnp.asarray(v) for k, v in p.items()}
    encoded = tokens.encode_pairs(tokens.judge_tokenizer(), pairs, longest)
    judge, order, out = jax.jit(network.judge), np.argsort([len(ids) for ids, _ in encoded]), np.zeros(len(pairs))
    for start in range(0, len(order), batch):
        chosen = order[start:start + batch]
        length = -(-max(len(encoded[i][0]) for i in chosen) // 64) * 64
        ids, mask, types = (np.zeros((batch, length), np.int32) for _ in range(3))
        mask[:, 0] = 1
        for row, i in enumerate(chosen):
            size = len(encoded[i][0])
            ids[row, :size], types[row, :size], mask[row, :size] = encoded[i][0], encoded[i][1], 1
        out[chosen] = np.asarray(judge(p, ids, mask, types))[: len(chosen)]
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoints", type=Path, default=train.DEFAULT_CHECKPOINTS)
    args = parser.parse_args()
    parameters, steps = train.load_weights(args.checkpoints)
    lines = groups.written(develop=True)
    pairs = [(prompt, answer) for prompt, _, answers in lines for answer, _ in answers]
    found = dict(zip(pairs, logits(parameters, pairs)))
    print(f"{steps} steps, {len(lines)} prompts; a full answer above:")
    for worse in ("padded", "half", "wrong", "nonanswer"):
        won = {}
        for prompt, family, answers in lines:
            for a, grade in answers:
                for b, other in answers:
                    if grade == "full" and other == worse:
                        won.setdefault(family, []).append(found[prompt, a] > found[prompt, b])
        everything = [w for wins in won.values() for w in wins]
        if worse == "half":
            # Prompts that make several demands come with a half answer for each of them.
            for family, prompts in (("one half answer", 1), ("three half answers", 3)):
                chosen = [line for line in lines if sum(grade == "half" for _, grade in line[2]) == prompts]
                won[family] = [found[p, a] > found[p, b] for p, _, answers in chosen for a, g in answers for b, h in answers if g == "full" and h == "half"]
        print(f"  {worse:10s} {100 * np.mean(everything):5.1f}", " ".join(f"{f} {100 * np.mean(w):5.1f}" for f, w in sorted(won.items())))


if __name__ == "__main__":
    main()
