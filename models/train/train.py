"""Fine-tunes the judge. Run from the project's root: python -m models.train.train --steps 1000

Resumable: every few minutes the state goes to the checkpoint folder, and the same command carries on from there.
The word embeddings stay as they are: they hold half of the weights and thirty thousand rows, of which so short a
training would move only a few.
"""
import argparse
import os
import random
import time
from functools import partial
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
from tqdm import tqdm

from . import groups, network, tokens

DEFAULT_CHECKPOINTS = Path.home() / ".cache" / "proof-of-quality" / "minilm-l6-judge"

#: Sequence length -> answers per step: about the same number of tokens each. A group is never split.
BUCKETS = {64: 40, 96: 27, 128: 20, 192: 13, 256: 10, 320: 8}
CHUNK = 160

#: How much the order within a group weighs beside the grades themselves.
ORDER = 2.0
#: Grades nearer to one another than this are not put in order.
NEAR = 0.05


def chunk_batches(source, tokenizer, seed):
    """One chunk of groups as batches of like length, in random order. The same seed gives the same batches."""
    longest = max(BUCKETS)
    sized = []
    for number, (prompt, rows) in enumerate(source.draw(seed, CHUNK)):
        encoded = tokens.encode_pairs(tokenizer, [(prompt, answer) for answer, _, _ in rows], longest)
        packed = [(ids, types, target, number) for (ids, types), (_, target, _) in zip(encoded, rows)]
        sized.append((max(len(ids) for ids, _, _, _ in packed), packed))
    sized.sort(key=lambda group: group[0])
    batches, rows, length = [], [], 0
    for size, packed in sized:
        bucket = next(b for b in BUCKETS if size <= b)
        if rows and len(rows) + len(packed) > BUCKETS[bucket]:
            batches.append((length, rows))
            rows = []
        rows, length = rows + packed, bucket
    batches.append((length, rows))
    random.Random(seed).shuffle(batches)
    return [pack(length, rows) for length, rows in batches]


def pack(length, rows):
    """Arrays of one batch. A short batch is filled up with rows of weight zero, so that few shapes are compiled."""
    size = BUCKETS[length]
    ids, mask, types = (np.zeros((size, length), np.int32) for _ in range(3))
    target, weight, group = np.zeros(size, np.float32), np.zeros(size, np.float32), np.full(size, -1, np.int32)
    for i, (row_ids, row_types, row_target, number) in enumerate(rows[:size]):
        ids[i, : len(row_ids)], types[i, : len(row_types)], mask[i, : len(row_ids)] = row_ids, row_types, 1
        target[i], weight[i], group[i] = row_target, 1.0, number
    mask[len(rows):, 0] = 1
    return ids, mask, types, target, weight, group


def loss_of(trained, frozen, ids, mask, types, target, weight, group):
    """Binary cross-entropy against each grade's worth, and for each two answers of a group the logistic loss of their order."""
    logits = network.judge({**frozen, **trained}, ids, mask, types)
    losses = optax.sigmoid_binary_cross_entropy(logits, target)
    # The entropy of a soft target cannot be learned away: without it the number printed goes to zero.
    floor = -(target * jnp.log(target) + (1 - target) * jnp.log(1 - target))
    floor = jnp.where(weight > 0, floor, 0.0)
    grades = ((losses - floor) * weight).sum() / weight.sum()
    ahead = (target[:, None] - target[None, :] > NEAR) & (group[:, None] == group[None, :])
    ahead = ahead.astype(jnp.float32) * weight[:, None] * weight[None, :]
    order = (jax.nn.softplus(logits[None, :] - logits[:, None]) * ahead).sum() / jnp.maximum(ahead.sum(), 1.0)
    return grades + ORDER * order


def make_optimizer(steps, rate, head_rate):
    def schedule(peak):
        return optax.warmup_cosine_decay_schedule(0.0, peak, 40, steps, peak * 0.02)

    label = lambda tree: {k: "head" if k.startswith(("head", "marks")) else "body" for k in tree}
    return optax.chain(
        optax.clip_by_global_norm(1.0),
        optax.multi_transform(
            {"body": optax.adamw(schedule(rate), weight_decay=0.01), "head": optax.adamw(schedule(head_rate), weight_decay=0.01)}, label
        ),
    )


def is_trained(name, frozen_layers):
    return not name.startswith("embeddings." if frozen_layers else "embeddings.word") and not any(
        name.startswith(f"layer.{i}.") for i in range(frozen_layers)
    )


def save(folder, trained, frozen, state, chunk, step):
    """Weights, optimizer state and place, written beside the old ones and then moved over them."""
    folder.mkdir(parents=True, exist_ok=True)
    leaves = jax.tree_util.tree_leaves(state)
    weights = {k: v for k, v in {**frozen, **trained}.items() if k != "embeddings.word"}
    arrays = {f"p/{k}": v for k, v in weights.items()} | {f"s/{i}": v for i, v in enumerate(leaves)}
    temporary = folder / "state.tmp.npz"
    np.savez(temporary, chunk=chunk, step=step, **{k: np.asarray(v) for k, v in arrays.items()})
    os.replace(temporary, folder / "state.npz")


def load_weights(folder):
    """All weights of the judge as trained so far, and the number of steps behind them."""
    with np.load(Path(folder) / "state.npz") as data:
        trained = {k[2:]: data[k] for k in data.files if k.startswith("p/")}
        return {**network.backbone_parameters(), **trained}, int(data["step"])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the collection, t0_train_50k.jsonl.gz")
    parser.add_argument("--checkpoints", type=Path, default=DEFAULT_CHECKPOINTS)
    parser.add_argument("--start-from", type=Path, help="take the weights (not the optimizer) of another checkpoint folder")
    parser.add_argument("--steps", type=int, default=1000)
    parser.add_argument("--frozen-layers", type=int, default=0, help="leave the embeddings and this many lower layers as they are")
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--head-rate", type=float, default=1e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--save-seconds", type=int, default=180)
    args = parser.parse_args()

    tokenizer = tokens.judge_tokenizer()
    everything = {**network.backbone_parameters(), **network.new_head(args.seed)}
    if args.start_from:
        everything |= load_weights(args.start_from)[0]
    frozen = {k: jnp.asarray(v) for k, v in everything.items() if not is_trained(k, args.frozen_layers)}
    trained = {k: jnp.asarray(v) for k, v in everything.items() if k not in frozen}
    optimizer = make_optimizer(args.steps, args.rate, args.head_rate)
    state = optimizer.init(trained)
    chunk = step = 0
    if (args.checkpoints / "state.npz").exists():
        with np.load(args.checkpoints / "state.npz") as data:
            trained = {k: jnp.asarray(data[f"p/{k}"]) for k in trained}
            leaves, shape = jax.tree_util.tree_flatten(state)
            state = jax.tree_util.tree_unflatten(shape, [jnp.asarray(data[f"s/{i}"]) for i in range(len(leaves))])
            chunk, step = int(data["chunk"]), int(data["step"])

    source = groups.source(args.data)

    @partial(jax.jit, donate_argnums=(0, 1))
    def update(trained, state, frozen, batch):
        loss, gradient = jax.value_and_grad(loss_of)(trained, frozen, *batch)
        change, state = optimizer.update(gradient, state, trained)
        return optax.apply_updates(trained, change), state, loss

    saved, recent = time.monotonic(), []
    with tqdm(total=args.steps, initial=step, unit="step", mininterval=10) as bar:
        while step < args.steps:
            for batch in chunk_batches(source, tokenizer, args.seed * 1_000_003 + chunk):
                if step == args.steps:
                    break
                trained, state, loss = update(trained, state, frozen, batch)
                step += 1
                recent = (recent + [float(loss)])[-50:]
                bar.update()
                bar.set_postfix(loss=f"{np.mean(recent):.4f}", refresh=False)
            chunk += 1
            if time.monotonic() - saved > args.save_seconds:
                save(args.checkpoints, trained, frozen, state, chunk, step)
                saved = time.monotonic()
    save(args.checkpoints, trained, frozen, state, chunk, step)


if __name__ == "__main__":
    main()
