"""Answers that were graded whole: the prompts of `models/train/graded/`, written for this project,
and public sources (`--data`).
"""

import gzip
import json
import random
import re
from pathlib import Path
from typing import Any

from . import attacks, dress
from .rows import Row

FOLDER = Path(__file__).resolve().parent / "graded"
HELD_OUT = Path(__file__).resolve().parents[1] / "held_out.txt"

#: The file that is trained on, but for the sources in `held_out.txt`, and those that only the
#: examination reads.
TRAINED = "graded-permissive.jsonl.gz"
EXAMINED = ("graded-sharealike.jsonl.gz", "research-only.jsonl.gz")

#: What each grade of the project's own prompts is worth.
TARGETS = {"full": 0.95, "padded": 0.88, "half": 0.5, "wrong": 0.13, "nonanswer": 0.12}

#: How often a group of a source is taken, relative to its share of groups; 1 unless named.
#: Knowledge that no small model can check counts little.
TAKEN = {
    "mmlu-pro-outputs": 0.25,
    "halueval-general": 0.15,
    "evouna-nq": 0.5,
    "evouna-tq": 0.5,
    "truthfulqa-human": 0.7,
    "humanevalpack": 0.3,
    "explanations-acceptability": 0.7,
    "bigbench-mistake": 0.4,
    "ifeval-outputs": 1.5,
    "short-answer-feedback": 2.0,
    "gsm8k-solutions": 0.8,
    "summedits-sales_email": 2.0,
    "summedits-sales_call": 2.0,
}
#: How much a source's grades count by themselves; the order within a group always counts whole.
POINTWISE = 0.3


def own() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """[(prompt, family, [(answer, grade)])] of the project's prompts."""
    out = []
    for path in sorted(FOLDER.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            out.append(
                (row["prompt"], row["family"], [(a["text"], a["grade"]) for a in row["answers"]])
            )
    return out


def held_out() -> set[str]:
    """The sources that only the examination reads."""
    lines = HELD_OUT.read_text(encoding="utf-8").splitlines()
    return {line.strip() for line in lines if line.strip() and not line.startswith("#")}


def read(path):
    """The groups of one file of public sources."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def asked(prompt):
    """A prompt as far as it matters whether two are the same: its words, in lower case."""
    return " ".join(re.findall(r"\w+", prompt.lower()))


def examined_prompts(data, kept_out):
    """The prompts of all groups that only the examination reads: some sources share theirs with
    others.
    """
    found = {
        asked(group["prompt"])
        for group in read(Path(data) / TRAINED)
        if group["source"] in kept_out
    }
    for name in EXAMINED:
        if (Path(data) / name).exists():
            found |= {asked(group["prompt"]) for group in read(Path(data) / name)}
    return found


def public(data: Path) -> tuple[list[dict[str, Any]], list[float]]:
    """The groups of the permissive sources that may be trained on, and how often each is taken."""
    kept_out = held_out()
    examined = examined_prompts(data, kept_out)
    groups, weights = [], []
    for group in read(Path(data) / TRAINED):
        if (
            group["source"] in kept_out
            or len(group["prompt"]) > 3500
            or asked(group["prompt"]) in examined
        ):
            continue
        answers = [a for a in group["answers"] if 0 < len(a["text"]) < 2500]
        if group["source"] == "explanations-acceptability":
            answers = [a for a in answers if a["quality"] in (0.85, 0.2)]
        if answers:
            groups.append({**group, "answers": answers})
            weights.append(TAKEN.get(group["source"], 1.0) * min(len(answers), 3))
    return groups, weights


def draw_own(
    rng: random.Random, group: tuple[str, str, list[tuple[str, str]]], strangers: list[str]
) -> list[Row]:
    """The rows of one of the project's own graded groups."""
    prompt, _, answers = group
    by_grade = {}
    for text, grade in answers:
        by_grade.setdefault(grade, []).append(text)
    rows = []
    for text, grade in answers:
        # Each grade is there, not always each answer.
        if len(by_grade[grade]) > 1 and rng.random() < 0.35:
            continue
        rows.append(
            Row(
                prompt,
                dress.draw(rng)(text),
                TARGETS[grade],
                "full" if grade == "padded" else grade,
            )
        )
    full, wrong = by_grade["full"][0], by_grade["wrong"][0]
    if rng.random() < 0.6:
        text, target = attacks.draw(rng, prompt, full, wrong, rng.choice(strangers))
        rows.append(Row(prompt, dress.draw(rng)(text), target, "attack"))
    if rng.random() < 0.25:
        rows.append(Row(prompt, dress.draw(rng)(rng.choice(strangers)), 0.03, "unrelated"))
    return rows


def _beginning(rng, text):
    """The first half or so of a long answer, to a word."""
    share = rng.uniform(0.3, 0.6)
    return text[: int(len(text) * share)].rsplit(" ", 1)[0], share


def draw_public(rng: random.Random, group: dict[str, Any], strangers: list[str]) -> list[Row]:
    """The rows of one public group: at most five of its answers, the best and the worst among them,
    and something made of them.
    """
    answers = sorted(group["answers"], key=lambda a: a["quality"])
    if len(answers) > 5:
        answers = [answers[0], answers[-1], *rng.sample(answers[1:-1], 3)]
    prompt = group["prompt"]
    rows = [
        Row(
            prompt,
            dress.draw(rng)(a["text"]),
            min(0.97, max(0.03, a["quality"])),
            "graded",
            weight=POINTWISE,
        )
        for a in answers
    ]
    best = answers[-1]
    words = len(re.findall(r"\w+", best["text"]))
    if best["quality"] >= 0.8:
        if words > 50 and rng.random() < 0.35:
            text, share = _beginning(rng, best["text"])
            rows.append(
                Row(
                    prompt,
                    dress.draw(rng)(text),
                    best["quality"] * (0.25 + 0.4 * share),
                    "cut",
                    weight=0.6,
                )
            )
        if rng.random() < 0.3:
            rows.append(Row(prompt, dress.draw(rng)(rng.choice(strangers)), 0.04, "unrelated"))
        if rng.random() < 0.25:
            text, target = attacks.draw(
                rng, prompt, best["text"], answers[0]["text"], rng.choice(strangers)
            )
            rows.append(Row(prompt, dress.draw(rng)(text), target, "attack"))
    return rows
