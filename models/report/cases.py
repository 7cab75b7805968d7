"""What the judge is examined on: written prompts with graded answers, and attacks made of them.

None of this is seen by training: the texts are in `models/eval/`, which no training file opens.
"""

import json
import random
from dataclasses import dataclass
from pathlib import Path

from . import attacks

EVAL = Path(__file__).resolve().parents[1] / "eval"
#: The files of each column of written texts, and what the report calls it.
FILES = {
    "own": [EVAL / "graded.jsonl"],
    "short": [EVAL / "short.jsonl"],
    "chat": [
        EVAL / "chat" / f"{family}.jsonl"
        for family in ("passage", "summary", "open", "instruction", "code", "maths", "dialogue")
    ],
}
#: The quality that each grade stands for; everything else is worth nothing.
WORTH = {
    "full": 1.0,
    "padded": 0.85,
    "half": 0.5,
    "wrong": 0.15,
    "wrong_other": 0.15,
    "nonanswer": 0.15,
}
#: The grades that were written as answers, and all that was written.
CORE = ("full", "half", "wrong", "nonanswer")
WRITTEN = (*WORTH, "restated", "shell")


@dataclass(frozen=True)
class Prompt:
    """A prompt with its written answers, by grade; both full answers are `full`."""

    prompt_id: tuple
    family: str
    text: str
    answers: dict

    @property
    def full(self) -> str:
        """The first full answer."""
        return self.answers["full"][0]

    @property
    def wrong(self) -> str:
        """The first wrong answer."""
        return self.answers["wrong"][0]


@dataclass(frozen=True)
class Case:
    """One answer to one prompt."""

    prompt_id: tuple
    family: str
    prompt: str
    answer: str
    grade: str

    @property
    def pair(self) -> tuple[str, str]:
        """The prompt and the answer, as the judge is asked."""
        return self.prompt, self.answer

    @property
    def worth(self) -> float:
        """The quality that the grade stands for, from 0 to 1."""
        return WORTH.get(self.grade, 0.0)


def _answers(line):
    """The graded answers of a line, in either of the two forms in which they were written."""
    found = {}
    for grade, text in (
        [(a["grade"], a["text"]) for a in line["answers"]]
        if "answers" in line
        else [(g, line[g]) for g in ("full", "full_other", *WRITTEN) if g in line]
    ):
        found.setdefault("full" if grade == "full_other" else grade, []).append(text)
    return found


def load(column: str = "own") -> list[Prompt]:
    """The prompts of one column."""
    lines = [
        json.loads(line)
        for path in FILES[column]
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        Prompt((column, number), line["family"], line["prompt"], _answers(line))
        for number, line in enumerate(lines)
    ]


def with_attacks(prompts: list[Prompt], seed: int = 11) -> list[Case]:
    """The written answers of these prompts and the attacks made of them, the same each time."""
    rng = random.Random(seed)
    out = []
    for prompt in prompts:
        made = {grade: texts for grade, texts in prompt.answers.items()}
        stranger = rng.choice([other for other in prompts if other.text != prompt.text]).full
        made |= {
            name: [text]
            for name, text in attacks.made_of(
                rng, prompt.text, prompt.full, prompt.wrong, stranger
            ).items()
        }
        out += [
            Case(prompt.prompt_id, prompt.family, prompt.text, text, grade)
            for grade, texts in made.items()
            for text in texts
        ]
    return out


def cases(column: str = "own") -> list[Case]:
    """All cases of one column."""
    return with_attacks(load(column))
