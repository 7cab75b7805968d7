"""Public graded texts, read from a folder outside the repository: those held out of training."""

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .cases import Prompt

HELD_OUT = Path(__file__).resolve().parents[1] / "held_out.txt"
GRADED = ("graded-permissive", "graded-sharealike", "research-only")
RIGHT_ONLY = ("answers-permissive",)
#: Where a person preferred one answer, rather than a test, a key or a fact deciding.
HUMAN = (
    "expertqa",
    "ragchecker-human",
    "mtrag-human",
    "oasst-ranked",
    "qa-feedback",
    "lfqa-experts",
    "mediqa2019-qa",
    "feedbackqa",
    "simpeval",
    "faithbench",
)
#: A smaller distance of qualities is a tie.
GAP = 0.3 - 1e-9
#: Pairs of one group, at most, lest a few groups with many answers decide.
OF_A_GROUP = 10
#: From which quality on an answer is right.
RIGHT = 0.9


@dataclass(frozen=True)
class Pair:
    """Two answers to one prompt, the one of which is better."""

    group: int
    prompt: str
    better: str
    worse: str
    quality: tuple


def held_out() -> set[str]:
    """The names of the sources that training never reads."""
    lines = HELD_OUT.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def groups(data: Path, files: Sequence[str] = GRADED + RIGHT_ONLY) -> Iterator[tuple[str, dict]]:
    """All groups of the folder, as (file, group)."""
    for name in files:
        with gzip.open(Path(data) / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            yield from ((name, json.loads(line)) for line in lines)


def unseen(data: Path) -> dict[str, list[dict]]:
    """{source: its groups} of the held-out sources."""
    names, found = held_out(), {}
    for _, group in groups(data, GRADED):
        if group["source"] in names:
            found.setdefault(group["source"], []).append(group)
    return found


def pairs(found: list[dict], most: int, seed: int = 5) -> list[Pair]:
    """At most `most` pairs of one source's groups."""
    rng = random.Random(seed)
    out = []
    for number in rng.sample(range(len(found)), len(found)):
        answers = found[number]["answers"]
        apart = [(a, b) for a in answers for b in answers if a["quality"] - b["quality"] >= GAP]
        out += [
            Pair(
                number, found[number]["prompt"], a["text"], b["text"], (a["quality"], b["quality"])
            )
            for a, b in rng.sample(apart, min(len(apart), OF_A_GROUP))
        ]
        if len(out) >= most:
            break
    return out[:most]


def prompts_for_attacks(
    by_source: dict[str, list[dict]], of_a_source: int = 4, seed: int = 9
) -> list[Prompt]:
    """A few prompts of each source that have a right and a wrong answer, to make attacks of."""
    rng = random.Random(seed)
    out = []
    for source, found in sorted(by_source.items()):
        usable = []
        for number in rng.sample(range(len(found)), len(found)):
            answers = sorted(found[number]["answers"], key=lambda a: a["quality"])
            if (
                answers[-1]["quality"] >= RIGHT
                and answers[0]["quality"] < 0.3
                and min(len(a["text"].split()) for a in answers) > 3
            ):
                usable.append(
                    Prompt(
                        (source, number),
                        source,
                        found[number]["prompt"],
                        {"full": [answers[-1]["text"]], "wrong": [answers[0]["text"]]},
                    )
                )
            if len(usable) == of_a_source:
                break
        out += usable
    return out


def _runs(text, length=12):
    words = re.findall(r"\w+", text.lower())
    return {hash(tuple(words[i : i + length])) for i in range(max(1, len(words) - length + 1))}


def shared_prompts(data: Path) -> dict[str, float]:
    """{held-out source: of 100 prompts, how many share twelve words in a row with one of a source
    trained on}.
    """
    prompts = {
        source: {group["prompt"]: _runs(group["prompt"]) for group in found}
        for source, found in unseen(data).items()
    }
    wanted = set().union(*(runs for found in prompts.values() for runs in found.values()))
    names, known = held_out(), set()
    for file, group in groups(data):
        if file in RIGHT_ONLY or group["source"] not in names:
            known |= _runs(group["prompt"]) & wanted
    return {
        source: 100 * sum(not known.isdisjoint(runs) for runs in found.values()) / len(found)
        for source, found in prompts.items()
    }
