"""Makes groups of graded answers by program, for training: python -m models.train.made

Word problems, tasks on small data and requests for code; the grades hold because everything is
computed. Run as a program, it checks that on many draws, runs the functions of the bank of code,
and shows some groups.
"""

import argparse
import random
from collections import Counter
from dataclasses import dataclass

from models.train import made_code, made_data, made_maths


@dataclass
class Answer:
    """An answer to a prompt."""

    text: str
    #: "full", "half", "wrong" or "nonanswer".
    grade: str
    #: For a wrong answer the right text that differs from it only in what is false.
    twin: str | None


@dataclass
class Group:
    """A prompt with answers of every grade."""

    #: "maths", "instruction" or "code".
    family: str
    prompt: str
    answers: list[Answer]


#: Every family with what draws its groups and how often.
FAMILIES = {
    "maths": (made_maths.draw, 4),
    "instruction": (made_data.draw, 4),
    "code": (made_code.draw, 2),
}


def draw_kind(rng: random.Random) -> tuple[str, Group]:
    """The name of a kind and a random group of it."""
    family = rng.choices(list(FAMILIES), [share for _, share in FAMILIES.values()])[0]
    kind, prompt, answers = FAMILIES[family][0](rng)
    answers = [Answer(*answer) for answer in answers]
    return kind, Group(family, prompt, answers)


def draw(rng: random.Random) -> Group:
    """A random group."""
    return draw_kind(rng)[1]


def fault(group: Group) -> str | None:
    """What is wrong with the make-up of a group, or None. The families check what the answers say
    as they draw them.
    """
    grades = Counter(answer.grade for answer in group.answers)
    if (
        grades["full"] != 2
        or grades["half"] not in (1, 2)
        or grades["wrong"] not in (2, 3)
        or grades["nonanswer"] != 1
    ):
        return f"the grades are {dict(grades)}"
    if len({answer.text for answer in group.answers}) < len(group.answers):
        return "two answers are the same"
    if any(
        (answer.twin is not None) != (answer.grade == "wrong") or answer.twin == answer.text
        for answer in group.answers
    ):
        return "a twin is missing or does not differ"
    if not all(answer.text.strip() for answer in group.answers):
        return "an answer is empty"
    return None


def main():
    """Checks many draws and the bank of code, and shows counts and some groups."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--draws", type=int, default=12000)
    parser.add_argument("--show", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    print(
        f"{made_code.check(rng)} programs of {len(made_code.FUNCTIONS)} functions behave as they "
        "should"
    )
    kinds, lengths, prompts = Counter(), {}, set()
    for _ in range(args.draws):
        kind, group = draw_kind(rng)
        found = fault(group)
        if found:
            raise SystemExit(f"{group.family}, {kind}: {found}\n{group}")
        kinds[group.family, kind] += 1
        prompts.add(group.prompt)
        for answer in group.answers:
            lengths.setdefault((group.family, answer.grade), []).append(len(answer.text))
    for (family, kind), count in sorted(kinds.items()):
        print(f"{family:12} {kind:28} {count}")
    for (family, grade), numbers in sorted(lengths.items()):
        print(f"{family:12} {grade:10} mean length {sum(numbers) / len(numbers):.0f}")
    print(f"{args.draws} draws, {len(prompts)} different prompts, no fault")
    for _ in range(args.show):
        kind, group = draw_kind(rng)
        print(f"\n{'=' * 100}\n{group.family}: {kind}\n{group.prompt}")
        for answer in group.answers:
            print(f"--- {answer.grade}\n{answer.text}")


if __name__ == "__main__":
    main()
