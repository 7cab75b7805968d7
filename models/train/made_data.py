"""Makes groups of answers to the tasks on small data of `made_tasks`; every result is read back
from the text.
"""

import random

from models.train.made_tables import says, write
from models.train.made_tasks import TASKS, ask
from models.train.made_words import fill, frame


def _altered(rng, out):
    """A result with a fault that any task may have: a value changed, two values swapped, or two
    rows swapped.
    """
    rows = [list(row) for row in out.rows]
    how = rng.choice(["value", "swap", "rows", "extra"])
    if how == "extra" and out.extra and isinstance(out.extra[1], int):
        return out.but(extra=(out.extra[0], out.extra[1] + rng.choice([-1, 1, 2])))
    if how == "rows" and len(rows) > 1:
        at = rng.randrange(len(rows) - 1)
        rows[at], rows[at + 1] = rows[at + 1], rows[at]
    elif how == "swap" and len(rows) > 1 and len(rows[0]) > 1:
        column = rng.randrange(1, len(rows[0]))
        one, two = rng.sample(range(len(rows)), 2)
        rows[one][column], rows[two][column] = rows[two][column], rows[one][column]
    else:
        row, column = rng.randrange(len(rows)), rng.randrange(len(rows[0]))
        rows[row][column] = _other(rng, rows, row, column)
    return out.but(rows=rows)


def _other(rng, rows, row, column):
    """A value like that of a cell, but another one."""
    value = rows[row][column]
    if isinstance(value, int):
        return max(0, value + rng.choice([-10, -1, 1, 2, 10, 100]))
    if isinstance(value, float):
        return round(value + rng.choice([-1, 0.1, 1, 10, 0.05]), 2)
    digits = [i for i, letter in enumerate(value) if letter.isdigit()]
    if digits:
        at = digits[-1]
        return value[:at] + str((int(value[at]) + rng.randrange(1, 9)) % 10) + value[at + 1 :]
    return rng.choice([other[column] for other in rows if other[column] != value] or [value + "s"])


def _reduced(rng, task):
    """A result that lacks rows, a column or the further demand."""
    out, ways = task.right, list(task.half)
    if out.extra:
        ways += [out.but(extra=None)] * 2
    if len(out.rows) > 2:
        gone = set(rng.sample(range(len(out.rows)), rng.choice([1, 1, 2])))
        ways.append(out.but(rows=[row for i, row in enumerate(out.rows) if i not in gone]))
    if len(out.columns) > 2:
        column = rng.randrange(1, len(out.columns))
        ways.append(
            out.but(
                columns=out.columns[:column] + out.columns[column + 1 :],
                rows=[row[:column] + row[column + 1 :] for row in out.rows],
            )
        )
    return rng.choice(ways) if ways else None


GENERAL = [
    "The input was short enough to go through by hand.",
    "JSON puts keys and texts in double quotes.",
    "CSV separates values with commas and records with line breaks.",
    "A Markdown table needs a line of dashes below its header.",
    "Spreadsheets can read CSV directly.",
    "The first line of a CSV file often holds the column names.",
    "Data like this is easy to keep in a spreadsheet.",
    "Text is compared letter by letter, numbers by their size.",
    "A backup of the original data is always a good idea.",
    "Such lists tend to grow over time.",
    "JSON does not allow a comma after the last entry.",
    "Many tools can read this kind of data.",
]


def _talk(rng, task, length):
    """An answer that does not do the task: how one would do it, or a frame without values."""
    out = task.right
    gaps = [
        [rng.choice(["...", "..."]) for _ in out.columns]
        for _ in range(rng.choice([1, 2, len(out.rows)]))
    ]
    body = rng.choice(
        [
            " ".join(task.method),
            " ".join(task.method),
            write(out.but(rows=gaps, extra=None), rng),
            "To do this, " + task.method[0][:1].lower() + task.method[0][1:],
            "\n".join(f"{i}. {step}" for i, step in enumerate(task.method, 1)),
            "Could you tell me which tool you are using? Then I can describe the steps.",
        ]
    )
    more = [
        "Check the outcome against the input afterwards.",
        "Work on a copy, so that the original stays as it is.",
        "The result then has the form that you described.",
        "A short script could do it, too.",
        "For a few lines it is quickest to do it by hand.",
    ]
    return frame(
        rng, fill(rng, body, rng.sample(GENERAL, 5) + more + task.method, length - len(body))
    )


def fault(task, answers):
    """What is wrong with a group, or None: every result is read back from the text."""
    texts = [text for text, _, _ in answers]
    if len(set(texts)) < len(texts):
        return "two answers are the same"
    for text, grade, twin in answers:
        if says(text, task.right) != (grade == "full"):
            return f"{grade}: the text does not fit the grade"
        if (twin is not None) != (grade == "wrong") or (twin and not says(twin, task.right)):
            return "the twin is not right"
    return None


def _try(rng):
    """A task with answers that may still have a fault."""
    task = rng.choice(TASKS)(rng)
    remarks = (
        [*GENERAL, f"The first column is called {task.right.columns[0]}."]
        if task.right.form in ("csv", "json", "table")
        else GENERAL
    )

    def dressed(out, seed, room=None):
        own = random.Random(seed)
        text = write(out, own)
        extra = own.randrange(50, 300) if own.random() < 0.4 else 0
        return frame(own, fill(own, text, remarks, extra if room is None else room - len(text)))

    answers = [(dressed(task.right, rng.random()), "full", None) for _ in range(2)]
    length = len(rng.choice(answers)[0])
    for _ in range(rng.choice([1, 1, 2])):
        half = _reduced(rng, task)
        if half:
            answers.append(
                (
                    dressed(
                        half,
                        rng.random(),
                        length * rng.uniform(0.85, 1.2) if rng.random() < 0.75 else None,
                    ),
                    "half",
                    None,
                )
            )
    for _ in range(rng.choice([2, 3])):
        false = (
            rng.choice(task.wrong)
            if task.wrong and rng.random() < 0.6
            else _altered(rng, task.right)
        )
        seed = rng.random()
        answers.append((dressed(false, seed), "wrong", dressed(task.right, seed)))
    answers.append((_talk(rng, task, length * rng.uniform(0.8, 1.2)), "nonanswer", None))
    return task, answers


def draw(rng: random.Random) -> tuple[str, str, list[tuple[str, str, str | None]]]:
    """A kind's name, a prompt and its answers as (text, grade, twin)."""
    while True:
        task, answers = _try(rng)
        if any(grade == "half" for _, grade, _ in answers) and not fault(task, answers):
            return task.kind, ask(rng, task.request, task.data), answers
