"""Groups written as parts, and the many answers that are made of each.

A group holds its full answer cut into parts by demand, believable false values, an answer that
answers nothing, another full answer and true sentences that nobody asked for. Of these: full, half,
wrong, padded and cut answers, in a random dress (`dress.py`).
"""

import json
import random
from pathlib import Path
from typing import Any

from . import attacks, dress
from .rows import Row

FOLDER = Path(__file__).resolve().parent / "parts"

FULL, PADDED, HALF, WRONG, NONANSWER = 0.95, 0.88, 0.5, 0.12, 0.12


def load(folder: Path = FOLDER) -> list[dict[str, Any]]:
    """All groups, file by file."""
    return [
        json.loads(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]


def joined(group: dict[str, Any], without: int | None = None) -> str:
    """The full answer, without the parts of one demand."""
    return "".join(
        part["text"] for part in group["full"] if without is None or part["demand"] != without
    )


def extras(group):
    extra = group.get("extra") or []
    return [extra] if isinstance(extra, str) else list(extra)


def falsified(rng, group, text):
    """A full answer with one or two of its values false; None if no value fits."""
    values = [
        v
        for v in group["false"]
        if v.get("where", "answer") == "answer" and text.count(v["find"]) == 1
    ]
    if not values:
        return None
    chosen = rng.sample(values, min(len(values), 1 if rng.random() < 0.7 else 2))
    wrong = text
    for value in chosen:
        if value["find"] in wrong:
            wrong = wrong.replace(value["find"], value["replace"], 1)
    return wrong if wrong != text else None


def altered_prompt(rng, group):
    """The prompt with one value of its passage changed, so that the full answer contradicts it;
    None if none fits.
    """
    values = [
        v
        for v in group["false"]
        if v.get("where") == "passage" and group["prompt"].count(v["find"]) == 1
    ]
    if not values:
        return None
    value = rng.choice(values)
    return group["prompt"].replace(value["find"], value["replace"], 1)


def reworded(rng, group, text):
    """The text with some wordings exchanged for others that mean the same."""
    for value in group.get("synonyms") or []:
        if rng.random() < 0.5 and text.count(value["find"]) == 1:
            text = text.replace(value["find"], value["replace"], 1)
    return text


def spread(rng, text, filler):
    """True sentences put behind the text or, where it has paragraphs, between two of them."""
    filler = " ".join(filler)
    blocks = text.split("\n\n")
    if len(blocks) > 2 and "```" not in text and rng.random() < 0.4:
        blocks.insert(rng.randrange(1, len(blocks)), filler)
        return "\n\n".join(blocks)
    return text.rstrip() + rng.choice([" ", "\n\n"]) + filler


def halves(rng, group, count):
    """Answers without what one demand asks for, some filled up with true sentences."""
    demands = sorted({part["demand"] for part in group["full"] if part["demand"] is not None})
    if len(demands) < 2:
        return []
    out = []
    for demand in rng.sample(demands, min(count, len(demands))):
        text = joined(group, without=demand).strip()
        if len(text) < 15:
            continue
        filler = extras(group)
        if filler and rng.random() < 0.65:
            text = spread(rng, text, rng.sample(filler, rng.randint(1, len(filler))))
        left_out = sum(len(p["text"]) for p in group["full"] if p["demand"] == demand) / max(
            1, len(joined(group))
        )
        out.append((text, HALF if left_out < 0.7 else 0.35))
    return out


def cut(rng, text):
    """The beginning of an answer, of 25 to 60 percent, ending at a word or a sentence."""
    share = rng.uniform(0.25, 0.6)
    start = text[: int(len(text) * share)].rsplit(" ", 1)[0]
    if rng.random() < 0.5 and "." in start[20:]:
        start = start[: start.rindex(".") + 1]
    return start, 0.2 + 0.4 * share


def draw(rng: random.Random, group: dict[str, Any], strangers: list[str]) -> list[Row]:
    """The rows of one group: a random choice of its answers, each in a dress of its own."""
    prompt, full = group["prompt"], joined(group)
    rows = []

    def add(text, target, kind, prompt=prompt, twin=None):
        put_on = dress.draw(rng)
        rows.append(
            Row(prompt, put_on(text), target, kind, put_on(twin) if twin is not None else None)
        )

    main = reworded(rng, group, full)
    add(main, FULL, "full")
    if group.get("alt_full"):
        add(group["alt_full"], FULL, "full")
    if extras(group) and rng.random() < 0.6:
        base = group["alt_full"] if group.get("alt_full") and rng.random() < 0.4 else main
        add(
            spread(rng, base, rng.sample(extras(group), rng.randint(1, len(extras(group))))),
            PADDED,
            "full",
        )
    for text, target in halves(rng, group, rng.choice([1, 2, 2])):
        add(text, target, "half")
    for _ in range(rng.choice([1, 2, 2])):
        source = reworded(rng, group, full)
        wrong = falsified(rng, group, source)
        if wrong is not None:
            if extras(group) and rng.random() < 0.3:
                filler = rng.sample(extras(group), 1)
                state = rng.getstate()
                wrong = spread(rng, wrong, filler)
                rng.setstate(state)
                source = spread(rng, source, filler)
            add(wrong, WRONG, "wrong", twin=source)
    altered = altered_prompt(rng, group)
    if altered is not None and rng.random() < 0.7:
        add(main, WRONG + 0.03, "contradicting", prompt=altered)
        if rng.random() < 0.4:
            add(group["nonanswer"], NONANSWER, "nonanswer", prompt=altered)
    add(group["nonanswer"], NONANSWER, "nonanswer")
    if rng.random() < 0.35:
        text, target = cut(rng, main)
        add(text, target, "cut")
    if rng.random() < 0.3:
        back = (
            group.get("restated")
            if group.get("restated") and rng.random() < 0.7
            else attacks.said_back(rng, group["demands"])
        )
        add(back, 0.05, "attack")
    for _ in range(rng.choice([0, 1, 1])):
        wrong = next((row.answer for row in rows if row.kind == "wrong"), group["nonanswer"])
        text, target = attacks.draw(rng, prompt, full, wrong, rng.choice(strangers))
        add(text, target, "attack")
    if rng.random() < 0.3:
        add(rng.choice(strangers), 0.03, "unrelated")
    return rows
