"""Trains a judge.

From the project's root:

    python -m models.train.train --backbone mpnet --data FOLDER --steps 3000

Resumable: every few minutes weights, optimizer and place go to the checkpoint folder, and the same
command carries on from there. On a machine with a GPU it runs there, unchanged. Matrix products are
in 16-bit floats (bfloat16), sums and weights in 32 bits.
"""

import argparse
import json
import math
import os
import random
import threading
import time
from pathlib import Path
from queue import Queue

import numpy as np
import torch
import torch.nn.functional as F

from . import backbone, mix, network, restore

DEFAULT_CHECKPOINTS = Path.home() / ".cache" / "proof-of-quality" / "judges"

#: Groups that are drawn, sorted by length and batched together.
CHUNK = 240
#: Rows are filled up to one of these lengths.
BUCKETS = [48, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448, 480, 512]
#: Grades nearer to one another than this are not put in order, or two fifths of the distance for
#: answers that others graded.
NEAR = 0.07
#: How much the order within a group, and what is known of single tokens, weigh beside the grades
#: themselves.
ORDER, TOKENS = 1.5, 0.6
#: How much a false token weighs more than a true one: there are few.
FALSE_WEIGHT = 6.0


def batches(
    groups: list[list[mix.Packed]], seed: int, tokens: int
) -> list[dict[str, torch.Tensor]]:
    """Batches of whole groups of like length, in random order.

    Every batch has `tokens` tokens with padding: few shapes, for each of which a processor's
    library prepares once.
    """
    parts = [part for group in groups for part in by_length(group)]
    waiting = sorted(
        (piece for part in parts for piece in fitting(part, tokens)), key=longest, reverse=True
    )
    out = []
    while waiting:
        length = bucket_of(waiting[0])
        room, chosen, left = tokens // length, [], []
        for group in waiting:
            if len(group) <= room:
                room -= len(group)
                chosen.append(group)
            else:
                left.append(group)
        out.append(pack(chosen, length, tokens // length))
        waiting = left
    random.Random(seed).shuffle(out)
    return out


def by_length(group):
    """The group, apart in rows that are nearly as long as the longest and shorter ones, which would
    mostly be padding.
    """
    limit = 0.62 * longest(group)
    parts = [
        [row for row in group if len(row[0]) >= limit],
        [row for row in group if len(row[0]) < limit],
    ]
    return [part for part in parts if part]


def fitting(group, tokens):
    """The group in pieces that fit into one batch."""
    pieces = math.ceil(len(group) / (tokens // bucket_of(group)))
    return [group[start::pieces] for start in range(pieces)]


def bucket_of(group: list[mix.Packed]) -> int:
    """The length that the group's rows are filled up to."""
    return next(bucket for bucket in BUCKETS if bucket >= longest(group))


def longest(group: list[mix.Packed]) -> int:
    """The tokens of a group's longest row."""
    return max(len(row[0]) for row in group)


def pack(groups: list[list[mix.Packed]], length: int, size: int) -> dict[str, torch.Tensor]:
    """Tensors of one batch of `size` rows, which are filled up to `length` tokens. ids, types,
    labels and mask are [size, length]; group, target and weight are [size]. Rows that are left over
    weigh nothing.
    """
    ids, types = (torch.zeros(size, length, dtype=torch.long) for _ in range(2))
    labels = torch.full((size, length), mix.UNKNOWN, dtype=torch.long)
    mask = torch.zeros(size, length, dtype=torch.bool)
    mask[:, 0] = True
    number, target, weight = torch.full((size,), -1), torch.full((size,), 0.5), torch.zeros(size)
    at = 0
    for group_number, group in enumerate(groups):
        for row_ids, row_types, row_target, row_weight, row_labels, _ in group:
            count = len(row_ids)
            ids[at, :count], types[at, :count], labels[at, :count] = (
                torch.tensor(v) for v in (row_ids, row_types, row_labels)
            )
            mask[at, :count] = True
            number[at], target[at], weight[at] = group_number, row_target, row_weight
            at += 1
    return {
        "ids": ids,
        "mask": mask,
        "types": types,
        "labels": labels,
        "group": number,
        "target": target,
        "weight": weight,
    }


def losses(
    judge: network.Judge, batch: dict[str, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(grades, order, tokens): cross-entropy against each grade, the logistic loss of each two
    answers' order, and that of known tokens.
    """
    logits, faults = judge(batch["ids"], batch["mask"], batch["types"])
    target, weight, group = batch["target"], batch["weight"], batch["group"]
    floor = -(target * target.log() + (1 - target) * (1 - target).log())
    grades = (
        (F.binary_cross_entropy_with_logits(logits, target, reduction="none") - floor) * weight
    ).sum() / weight.sum()
    apart = target[:, None] - target[None, :]
    ahead = (apart > NEAR) & (group[:, None] == group[None, :]) & (weight[:, None] > 0)
    # Further apart in quality, further apart in logits: a margin of one for a whole grade.
    order = F.softplus(apart.clamp(max=0.5) * 2.0 - (logits[:, None] - logits[None, :]))
    order = (order * ahead).sum() / ahead.sum().clamp(min=1)
    known = batch["labels"] != mix.UNKNOWN
    false = (batch["labels"] == mix.FALSE).float()
    per_token = (
        F.binary_cross_entropy_with_logits(faults, false, reduction="none")
        * (1 + (FALSE_WEIGHT - 1) * false)
        * known
    )
    return grades, order, per_token.sum() / known.sum().clamp(min=1)


def rate(step, steps, peak):
    """Linear warm-up over 4 percent of the steps, then a cosine down to a fiftieth."""
    warm = max(1, steps // 25)
    if step < warm:
        return peak * (step + 1) / warm
    along = (step - warm) / max(1, steps - warm)
    return peak * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, along))))


def feed(source, tokenizer, seed, chunk, tokens, queue):
    """Puts (chunk, batches) into the queue for ever, from `chunk` on."""
    while True:
        groups = source.chunk(seed * 1_000_003 + chunk, CHUNK, tokenizer)
        queue.put((chunk, batches(groups, seed * 7 + chunk, tokens)))
        chunk += 1


def save(folder, judge, optimizer, place):
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / "state.tmp"
    torch.save(
        {
            "name": judge.name,
            "judge": judge.state_dict(),
            "optimizer": optimizer.state_dict(),
            **place,
        },
        temporary,
    )
    os.replace(temporary, folder / "state.pt")


def load(folder: Path) -> network.Judge:
    """The judge as trained so far."""
    state = torch.load(Path(folder) / "state.pt", map_location="cpu", weights_only=True)
    judge = network.Judge(state["name"])
    judge.load_state_dict(state["judge"])
    return judge.eval()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--backbone", choices=sorted(backbone.SIZES), default="mpnet")
    parser.add_argument(
        "--data",
        type=Path,
        help="the folder of graded public sources; without it only the project's own text is used",
    )
    parser.add_argument(
        "--checkpoints", type=Path, help=f"default: {DEFAULT_CHECKPOINTS}/BACKBONE-SEED"
    )
    parser.add_argument(
        "--start-from",
        type=Path,
        help="take the weights of another checkpoint folder, or of a model folder",
    )
    parser.add_argument("--steps", type=int, default=3000)
    parser.add_argument(
        "--minutes",
        type=float,
        help="the schedule ends after this number of minutes instead of after --steps",
    )
    parser.add_argument("--batch-tokens", type=int, default=6144)
    parser.add_argument("--rate", type=float, default=6e-5)
    parser.add_argument("--head-rate", type=float, default=6e-4)
    parser.add_argument("--dropout", type=float, default=0.05)
    parser.add_argument(
        "--share",
        type=float,
        default=1.0,
        help="use only this share of the project's own groups: for a learning curve",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--save-seconds", type=int, default=300)
    args = parser.parse_args()

    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    folder = args.checkpoints or DEFAULT_CHECKPOINTS / f"{args.backbone}-{args.seed}"
    judge = network.Judge.pretrained(args.backbone, args.dropout)
    if args.start_from:
        is_checkpoint = (args.start_from / "state.pt").exists()
        start = (
            load(args.start_from)
            if is_checkpoint
            else restore.judge(args.start_from, args.backbone)
        )
        judge.load_state_dict(start.state_dict())
    judge.to(device)
    for name, parameter in judge.named_parameters():
        parameter.requires_grad = not judge.is_frozen(name)
    heads = ("marks", "fault", "peaks", "seen", "out")
    named = [
        (name, parameter) for name, parameter in judge.named_parameters() if parameter.requires_grad
    ]
    optimizer = torch.optim.AdamW(
        [
            {
                "params": [p for n, p in named if not n.startswith(heads)],
                "peak": args.rate,
                "weight_decay": 0.01,
            },
            {
                "params": [p for n, p in named if n.startswith(heads)],
                "peak": args.head_rate,
                "weight_decay": 0.01,
            },
        ],
        lr=0.0,
        betas=(0.9, 0.98),
        fused=True,
    )
    place = {"chunk": 0, "step": 0, "seconds": 0.0}
    if (folder / "state.pt").exists():
        state = torch.load(folder / "state.pt", map_location=device, weights_only=True)
        judge.load_state_dict(state["judge"])
        optimizer.load_state_dict(state["optimizer"])
        place = {key: state[key] for key in place}
    judge.train()

    queue = Queue(maxsize=2)
    source, tokenizer = mix.Mix(args.data, share=args.share), backbone.tokenizer(args.backbone)
    threading.Thread(
        target=feed,
        args=(source, tokenizer, args.seed, place["chunk"], args.batch_tokens, queue),
        daemon=True,
    ).start()
    begun, saved, recent = time.monotonic() - place["seconds"], time.monotonic(), []

    def progress():
        """How much of the schedule is over, in [0, 1]."""
        return (
            place["seconds"] / (60 * args.minutes) if args.minutes else place["step"] / args.steps
        )

    while progress() < 1:
        chunk, ready = queue.get()
        for batch in ready:
            along = int(progress() * 10_000)
            for group in optimizer.param_groups:
                group["lr"] = rate(along, 10_000, group["peak"])
            batch = {key: tensor.to(device) for key, tensor in batch.items()}
            with torch.autocast(device, dtype=torch.bfloat16):
                grades, order, tokens = losses(judge, batch)
            (grades + ORDER * order + TOKENS * tokens).backward()
            torch.nn.utils.clip_grad_norm_([p for _, p in named], 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            place["step"] += 1
            place["seconds"] = time.monotonic() - begun
            recent = (
                [*recent, (grades.item(), order.item(), tokens.item(), batch["mask"].sum().item())]
            )[-50:]
            if place["step"] % 25 == 0:
                means = np.mean(recent, axis=0)
                print(
                    json.dumps(
                        {
                            "step": place["step"],
                            "minutes": round(place["seconds"] / 60, 1),
                            "grades": round(means[0], 4),
                            "order": round(means[1], 4),
                            "tokens": round(means[2], 4),
                            "batch": int(means[3]),
                        }
                    ),
                    flush=True,
                )
            if progress() >= 1:
                break
        place["chunk"] = chunk + 1
        if time.monotonic() - saved > args.save_seconds:
            save(folder, judge, optimizer, place)
            saved = time.monotonic()
    save(folder, judge, optimizer, place)


if __name__ == "__main__":
    main()
