"""What is trained on, chunk by chunk: the same seed gives the same chunk."""

import difflib
import random
import zlib
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from . import dress, graded, made, parts, text
from .rows import Row

#: Of this number of the project's own groups one is held back, to look at while training.
DEVELOP = 12

#: How often each kind of group is taken.
SHARES = {"parts": 5.0, "own": 2.2, "made": 1.6, "public": 2.4}

#: The most tokens of a row; of a longer pair the longer side is cut.
LONGEST = 512
#: What is known of a token.
UNKNOWN, TRUE, FALSE = -1, 0, 1
#: A row as token ids: ids, types, target, weight, what is known of each token, and the kind.
Packed = tuple[list[int], list[int], float, float, list[int], str]


class Mix:
    """All groups that are trained on."""

    def __init__(self, data: Path | None, develop: bool = False, share: float = 1.0) -> None:
        def mine(groups, prompt_of):
            # By the prompt itself, so that a group stays on its side when others are added.
            kept = [
                group
                for group in groups
                if (zlib.crc32(prompt_of(group).encode()) % DEVELOP == 0) == develop
            ]
            return kept[: max(1, int(len(kept) * share))]

        self.parts = mine(parts.load(), lambda group: group["prompt"])
        self.own = mine(graded.own(), lambda group: group[0])
        self.public, weights = graded.public(data) if data and not develop else ([], [])
        self.weights = np.cumsum(weights)
        self.strangers = [parts.joined(group) for group in self.parts] + [
            a for _, _, answers in self.own for a, grade in answers if grade == "full"
        ]

    def rows(self, rng: random.Random) -> list[Row]:
        """The rows of one group drawn at random."""
        kinds = [kind for kind in SHARES if kind != "public" or self.public]
        kind = rng.choices(kinds, [SHARES[kind] for kind in kinds])[0]
        if kind == "parts":
            return parts.draw(rng, rng.choice(self.parts), self.strangers)
        if kind == "own":
            return graded.draw_own(rng, rng.choice(self.own), self.strangers)
        if kind == "made":
            return made_rows(rng, self.strangers)
        place = int(np.searchsorted(self.weights, rng.random() * self.weights[-1]))
        return graded.draw_public(rng, self.public[place], self.strangers)

    def chunk(
        self, seed: int, count: int, tokenizer: Tokenizer, longest: int = LONGEST
    ) -> list[list[Packed]]:
        """`count` groups, each a list of (ids, types, target, weight, token labels, kind)."""
        rng = random.Random(seed)
        groups = [self.rows(rng) for _ in range(count)]
        return encoded(groups, tokenizer, longest)


def made_rows(rng: random.Random, strangers: list[str]) -> list[Row]:
    """The rows of a group that a program made."""
    worth = {"full": 0.95, "half": 0.5, "wrong": 0.12, "nonanswer": 0.12}
    group = made.draw(rng)
    rows = []
    for answer in group.answers:
        put_on = dress.draw(rng)
        rows.append(
            Row(
                group.prompt,
                put_on(answer.text),
                worth[answer.grade],
                answer.grade,
                put_on(answer.twin) if answer.twin else None,
            )
        )
    if rng.random() < 0.15:
        rows.append(Row(group.prompt, rng.choice(strangers), 0.03, "unrelated"))
    return rows


def encoded(groups: list[list[Row]], tokenizer: Tokenizer, longest: int) -> list[list[Packed]]:
    """Groups of rows as token ids, with what is known of each token: true, false or unknown."""
    rows = [row for group in groups for row in group]
    twins = [row for row in rows if row.twin is not None]
    pairs = text.normal(
        [(row.prompt, row.answer) for row in rows] + [(row.prompt, row.twin) for row in twins]
    )
    ids = text.encode(tokenizer, pairs[: len(rows)], longest)
    twin_ids = dict(zip(map(id, twins), text.encode(tokenizer, pairs[len(rows) :], longest)))
    out, at = [], 0
    for group in groups:
        packed = []
        for row in group:
            row_ids, row_types = ids[at]
            at += 1
            if 1 not in row_types[:-1]:
                continue
            labels = [UNKNOWN] * len(row_ids)
            if row.kind in ("full", "half", "nonanswer"):
                labels = [TRUE if kind == 1 else UNKNOWN for kind in row_types]
            elif row.twin is not None:
                labels = false_tokens(row_ids, row_types, twin_ids[id(row)])
            packed.append((row_ids, row_types, row.target, row.weight, labels, row.kind))
        if packed:
            out.append(packed)
    return out


def false_tokens(ids, types, twin):
    """The labels of a wrong answer's tokens: false where it differs from the right one."""
    start = types.index(1)
    twin_ids, twin_types = twin
    right = twin_ids[twin_types.index(1) :] if 1 in twin_types else []
    labels = [UNKNOWN] * start + [FALSE] * (len(ids) - start)
    matcher = difflib.SequenceMatcher(None, ids[start:], right, autojunk=False)
    for block in matcher.get_matching_blocks():
        for place in range(block.a, block.a + block.size):
            labels[start + place] = TRUE
    wrong = sum(label == FALSE for label in labels)
    # Where something is only left out, the tokens beside the gap are what is false.
    if wrong == 0:
        for block in matcher.get_matching_blocks()[:-1]:
            place = start + block.a + block.size
            if place < len(labels) - 1:
                labels[place] = FALSE
    return labels
