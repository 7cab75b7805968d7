"""Small tables of made-up records, and how results are written as CSV, JSON, tables or lists, and
read back.
"""

import json
import random
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from models.train.made_words import ITEMS, NAMES, OPENERS, PLACES, upper_first

SURNAMES = (
    "Almeida Becker Costa Diaz Evans Fischer Garcia Hansen Ivanov Jensen Kim Lopez Meyer Nguyen "
    "Okafor Patel Quinn Rossi Silva Tanaka Usman Varga Weber Young Zhang Moreau Novak Larsen"
).split()
TITLES = (
    "Silent River|The Last Orchard|Paper Moons|A Winter Map|Salt and Stone|The Glass Harbour|"
    "Northern Lights|Small Fires|The Clockmaker|Blue Lanterns|Echo Valley|The Quiet Hour|"
    "Red Kites|Tidewater"
).split("|")
EVENTS = (
    "Jazz Night|Book Fair|City Run|Food Market|Open Air Cinema|Science Slam|Craft Day|Chess Open|"
    "Wine Walk|Film Week|Garden Show|Street Parade|Poetry Slam|Bike Rally"
).split("|")

#: Every domain: what the records are, and its columns with the kind of their values.
DOMAINS = {
    "employees": [
        ("name", "person"),
        ("department", "Sales|Finance|Support|Design|Legal"),
        ("age", (21, 64)),
        ("salary", (2400, 7900)),
        ("hired", "date"),
    ],
    "products": [
        ("product", "item"),
        ("category", "Home|Garden|Office|Sports"),
        ("price", "price"),
        ("stock", (0, 240)),
        ("added", "date"),
    ],
    "orders": [
        ("order", "code"),
        ("customer", "person"),
        ("city", "place"),
        ("total", "price"),
        ("date", "date"),
    ],
    "events": [
        ("event", "event"),
        ("city", "place"),
        ("date", "date"),
        ("guests", (40, 900)),
        ("type", "indoor|outdoor|online"),
    ],
    "books": [
        ("title", "title"),
        ("author", "person"),
        ("year", (1950, 2024)),
        ("pages", (90, 780)),
        ("genre", "novel|thriller|poetry|history"),
    ],
    "runners": [
        ("name", "person"),
        ("club", "Falcons|Comets|Rovers|Harriers"),
        ("minutes", (38, 95)),
        ("age", (16, 70)),
    ],
    "pets": [
        ("name", "first"),
        ("species", "dog|cat|rabbit|parrot"),
        ("age", (1, 15)),
        ("weight", (1, 45)),
        ("owner", "person"),
    ],
    "tickets": [
        ("ticket", "code"),
        ("priority", "low|medium|high"),
        ("assignee", "person"),
        ("days", (1, 90)),
        ("status", "open|closed|waiting"),
    ],
    "rooms": [
        ("room", "code"),
        ("floor", (1, 9)),
        ("seats", (4, 120)),
        ("type", "lab|office|lecture|meeting"),
    ],
    "invoices": [
        ("invoice", "code"),
        ("client", "person"),
        ("amount", "price"),
        ("due", "date"),
        ("paid", "yes|no"),
    ],
}


def _values(rng, spec, count):
    """Values for a column; numbers, dates and names are all different."""
    if isinstance(spec, tuple):
        pool = range(spec[0], spec[1] + 1)
        return (
            rng.sample(pool, count)
            if len(pool) >= count
            else [rng.choice(pool) for _ in range(count)]
        )
    if spec == "person":
        return [
            f"{first} {last}"
            for first, last in zip(rng.sample(NAMES, count), rng.sample(SURNAMES, count))
        ]
    if spec == "price":
        return [number / 100 for number in rng.sample(range(250, 60000, 5), count)]
    if spec == "date":
        return [
            date.fromordinal(day).isoformat() for day in rng.sample(range(738000, 739800), count)
        ]
    if spec == "code":
        letters = rng.choice("ABKRTX")
        return [f"{letters}{number}" for number in rng.sample(range(100, 999), count)]
    pools = {
        "item": [upper_first(item) for item in ITEMS],
        "place": PLACES,
        "first": NAMES,
        "title": TITLES,
        "event": EVENTS,
    }
    if spec in pools:
        return rng.sample(pools[spec], count)
    return [rng.choice(spec.split("|")) for _ in range(count)]


def records(rng: random.Random, count: int | None = None) -> tuple[str, list[str], list[list[Any]]]:
    """The name of a domain, its columns and some records of it (rows are lists of values)."""
    domain = rng.choice(list(DOMAINS))
    count = count or rng.randrange(4, 10)
    columns = DOMAINS[domain][:1] + rng.sample(
        DOMAINS[domain][1:], rng.randrange(2, len(DOMAINS[domain]))
    )
    rows = [list(row) for row in zip(*(_values(rng, spec, count) for _, spec in columns))]
    return domain, [name for name, _ in columns], rows


@dataclass(frozen=True)
class Out:
    """A result: columns, rows, the form it is demanded in, and what else is asked, as pairs of
    label and value.
    """

    columns: list[str]
    rows: list[list[Any]]
    form: str
    extra: tuple[str, Any] | None = None

    def but(self, **changes: Any) -> "Out":
        """The same result with something changed."""
        return replace(self, **changes)


def plain(value: object) -> str:
    """A value as text."""
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def as_csv(columns: list[str], rows: list[list[Any]]) -> str:
    """Rows as CSV."""
    return "\n".join(",".join(map(plain, row)) for row in [columns, *rows])


def as_table(columns: list[str], rows: list[list[Any]]) -> str:
    """Rows as a Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(map(plain, row)) + " |" for row in lines)


def as_json(columns: list[str], rows: list[list[Any]], wide: bool) -> str:
    """Rows as a JSON list of objects, indented or with one object a line."""
    objects = [dict(zip(columns, row)) for row in rows]
    if wide:
        return json.dumps(objects, indent=2, ensure_ascii=False)
    return (
        "[\n"
        + ",\n".join("  " + json.dumps(entry, ensure_ascii=False) for entry in objects)
        + "\n]"
    )


def as_lines(rows, mark, joint):
    """Rows as lines; a mark with {} is numbered."""
    return "\n".join(mark.format(i) + joint.join(map(plain, row)) for i, row in enumerate(rows, 1))


EXTRA = [
    "{L}: {v}",
    "As for {l}: {v}.",
    "**{L}:** {v}",
    "And {l} is {v}.",
    "In addition, {l} is **{v}**.",
]
INTROS = [
    "",
    "",
    "",
    "Here is the result:",
    "Here's the output:",
    "Result:",
    "The result looks like this:",
    "Done:",
    "As requested:",
    "This is what you asked for:",
    "**Output**",
]


def write(out: Out, rng: random.Random) -> str:
    """A result as text; the same state of the generator gives another result the same layout."""
    wide, fenced, mark = (
        rng.random() < 0.5,
        rng.random() < 0.6,
        rng.choice(["- ", "* ", "", "{}. ", "• "]),
    )
    joint, intro = rng.choice([": ", " - ", " – "]), rng.choice(INTROS)
    pattern, above = rng.choice(EXTRA), rng.random() < 0.15
    if out.form == "lines":
        body = as_lines(out.rows, mark, joint)
    elif out.form == "numbered":
        body = as_lines(out.rows, "{}. ", joint)
    elif out.form == "commas":
        body = ", ".join(plain(row[0]) for row in out.rows)
    else:
        body = {
            "csv": lambda: as_csv(out.columns, out.rows),
            "json": lambda: as_json(out.columns, out.rows, wide),
            "table": lambda: as_table(out.columns, out.rows),
        }[out.form]()
        if fenced and out.form != "table":
            body = f"```{out.form}\n{body}\n```"
    parts = [body]
    if out.extra:
        label, value = out.extra
        parts.insert(
            0 if above else 1,
            pattern.format(l=label, L=upper_first(label.removeprefix("the ")), v=plain(value)),
        )
    return "\n\n".join(([intro] if intro else []) + parts)


def _cells(lines, split):
    return [[cell.strip() for cell in split(line)] for line in lines]


def _same(read, rows):
    """Whether cells that were read are the ones of a result, numbers compared as numbers."""
    return [[plain(cell) for cell in row] for row in rows] == [
        [plain(cell) for cell in row] for row in read
    ]


def says(text: str, out: Out) -> bool:
    """Whether a text holds this very result, by reading it back."""
    if out.extra:
        label = re.escape(out.extra[0].removeprefix("the "))
        if not re.search(
            rf"(?i){label}(?:\*\*|:| is)*\s*(?:\*\*)?{re.escape(plain(out.extra[1]))}(?![\w]|\.\d)",
            text,
        ):
            return False
    if out.form == "json":
        start = text.find("[")
        try:
            objects, _ = json.JSONDecoder().raw_decode(text[start:]) if start >= 0 else ([], 0)
        except ValueError:
            return False
        return [list(entry) for entry in objects] == [out.columns] * len(out.rows) and _same(
            map(dict.values, objects), out.rows
        )
    lines = text.split("\n")
    if out.form in ("csv", "table"):
        header = (
            as_csv(out.columns, [])
            if out.form == "csv"
            else as_table(out.columns, []).split("\n")[0]
        )
        if header not in lines:
            return False
        rest = lines[lines.index(header) + (1 if out.form == "csv" else 2) :]
        end = next(
            (i for i, line in enumerate(rest) if not line or line.startswith("```")), len(rest)
        )
        split = (
            (lambda line: line.split(","))
            if out.form == "csv"
            else (lambda line: line.strip("| ").split(" | "))
        )
        return _same(_cells(rest[:end], split), out.rows)
    if out.form == "commas":
        return ", ".join(plain(row[0]) for row in out.rows) in lines
    joints = r": | - | – "
    wanted = [re.sub(joints, "\t", "\t".join(map(plain, row))) for row in out.rows]
    for block in text.split("\n\n"):
        read = [line for line in block.split("\n") if line not in OPENERS]
        if [
            re.sub(joints, "\t", re.sub(r"^(?:[-*•] |\d+\. )", "", line)) for line in read
        ] == wanted:
            return True
    return False
