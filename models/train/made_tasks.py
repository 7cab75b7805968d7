"""Tasks on small data: extract, sort, filter, convert, count, group, clean and fill in.

Every task computes the right result and results with a fault from the same records.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from models.train.made_tables import NAMES, SURNAMES, Out, as_csv, as_json, as_table, plain, records
from models.train.made_words import ITEMS, LEADS, PLACES, upper_first


@dataclass
class Task:
    """A request, its right result, results with a fault of this task's own, and what to say without
    doing it.
    """

    kind: str
    request: str
    data: str
    right: Out
    wrong: list[Out] = field(default_factory=list)
    half: list[Out] = field(default_factory=list)
    #: Whether the order of the rows is part of the demand.
    ordered: bool = True
    #: Sentences about the way to do it.
    method: list[str] = field(default_factory=list)


FORMS = {
    "csv": ["as CSV", "as CSV with a header line", "in CSV format, header first"],
    "json": [
        "as a JSON array of objects",
        "as JSON (a list of objects)",
        "as a JSON list, one object per entry",
    ],
    "table": ["as a Markdown table", "in a table (Markdown)", "as a table"],
    "lines": ["as a list", "one per line", "as a simple list"],
    "numbered": ["as a numbered list", "numbered 1, 2, 3 and so on"],
    "commas": ["on one line, separated by commas", "as a comma-separated line"],
}


def _form(rng, *forms):
    """A form to demand and how to say so."""
    form = rng.choice(forms)
    return form, rng.choice(FORMS[form])


def _shown(rng, columns, rows):
    """Records as they stand in a prompt."""
    text = rng.choice(
        [
            as_csv(columns, rows),
            as_csv(columns, rows),
            as_table(columns, rows),
            as_json(columns, rows, False),
            "\n".join(
                "- " + ", ".join(f"{name}: {plain(cell)}" for name, cell in zip(columns, row))
                for row in rows
            ),
            "\n".join("; ".join(map(plain, row)) for row in [columns, *rows]),
        ]
    )
    return f"```\n{text}\n```" if rng.random() < 0.25 else text


def ask(rng: random.Random, request: str, data: str) -> str:
    """A prompt from a request and the data that it is about."""
    parts = [rng.choice(LEADS) + request, data]
    if rng.random() < 0.2:
        parts = [
            rng.choice(["Data:", "Here is the data:", "Input:", "Given this:"]) + "\n" + data,
            request,
        ]
    return "\n\n".join(parts)


def _numeric(rng, columns, rows):
    """The index of a column whose values are all different numbers, or None."""
    fits = [
        i
        for i in range(1, len(columns))
        if isinstance(rows[0][i], (int, float)) and len({row[i] for row in rows}) == len(rows)
    ]
    return rng.choice(fits) if fits else None


def _sortable(rng, columns, rows):
    """The index of a column whose values are all different, for sorting."""
    return rng.choice(
        [i for i in range(len(columns)) if len({row[i] for row in rows}) == len(rows)]
    )


def _with_extra(rng, task, label, measure, ask, chance=0.5):
    """A task that also demands a number about its result; faulty results get the number that goes
    with them.
    """
    if rng.random() > chance or task.right.extra:
        return task
    task.request += rng.choice([" ", "\n"]) + ask
    task.wrong = [out.but(extra=(label, measure(out.rows))) for out in task.wrong]
    task.half = [out.but(extra=(label, measure(task.right.rows))) for out in task.half] + [
        task.right
    ]
    task.right = task.right.but(extra=(label, measure(task.right.rows)))
    return task


COUNT = [
    ("the number of entries in the result", "Also give the number of entries in the result."),
    ("the count", "State the count, too."),
    ("the total number", "In addition, tell me the total number."),
    ("the number of lines", "Finish with the number of lines (without any header)."),
]


def _counted(rng, task, chance=0.5):
    label, ask = rng.choice(COUNT)
    return _with_extra(rng, task, label, len, ask, chance)


def _picked(rng, columns, rows, key):
    """Either whole records or only their names, with the form and how to ask for it."""
    if rng.random() < 0.5:
        form, how = _form(rng, "lines", "numbered", "commas")
        said = f"Give only the {columns[0]}, {how}."
        return (
            Out([columns[0]], [[row[0]] for row in rows], form),
            said,
            lambda more: [[row[0]] for row in more],
        )
    form, how = _form(rng, "csv", "json", "table")
    keep = (
        sorted({0, key, rng.randrange(len(columns))})
        if rng.random() < 0.4
        else list(range(len(columns)))
    )
    names = [columns[i] for i in keep]
    said = f"Return {how}" + (
        f" with the columns {', '.join(names)}."
        if len(keep) < len(columns)
        else ", all columns in their order."
    )
    return (
        Out(names, [[row[i] for i in keep] for row in rows], form),
        said,
        lambda more: [[row[i] for i in keep] for row in more],
    )


def sort_task(rng):
    """Sorts records by a column, up or down."""
    domain, columns, rows = records(rng)
    key, down = _sortable(rng, columns, rows), rng.random() < 0.5
    done = sorted(rows, key=lambda row: row[key], reverse=down)
    out, how, pick = _picked(rng, columns, done, key)
    other = _sortable(rng, columns, rows)
    isdate = isinstance(rows[0][key], str) and rows[0][key][:2] == "20" and rows[0][key][4:5] == "-"
    number = isinstance(rows[0][key], (int, float))
    way = (
        {True: ["newest first", "latest first"], False: ["oldest first", "earliest first"]}
        if isdate
        else {
            True: ["from high to low", "in descending order", "largest first"],
            False: ["from low to high", "in ascending order", "smallest first"],
        }
        if number
        else {
            True: ["from Z to A", "in reverse alphabetical order"],
            False: ["alphabetically", "from A to Z"],
        }
    )
    request = rng.choice(
        [
            "Sort these {d} by {k}, {w}. {h}",
            "Please order the following {d} by {k} ({w}). {h}",
            "Put the {d} in order of {k}, {w}. {h}",
            "I need these {d} sorted by {k}, {w}. {h}",
        ]
    ).format(d=domain, k=columns[key], w=rng.choice(way[down]), h=how)
    wrong = [
        pick(done[::-1]),
        pick(rows),
        pick(sorted(rows, key=lambda row: row[other], reverse=down)),
        pick(sorted(rows, key=lambda row: plain(row[key])[::-1])),
    ]
    if number:
        wrong.append(pick(sorted(rows, key=lambda row: plain(row[key]), reverse=down)))
    task = Task(
        "sort",
        request,
        _shown(rng, columns, rows),
        out,
        [out.but(rows=more) for more in wrong],
        method=[
            f"Compare the entries by {columns[key]}.",
            f"Sorting by {columns[key]} is a single step in any spreadsheet.",
            "Move the entries until each stands where it belongs.",
        ],
    )
    label, cell = rng.choice([("the first entry", 0), ("the last entry", -1)])
    return _with_extra(
        rng,
        task,
        label,
        lambda more: more[cell][0],
        f"Also state {label} ({columns[0]}) of the sorted list on its own.",
        0.3,
    )


def top_task(rng):
    """The first few after sorting."""
    domain, columns, rows = records(rng, rng.randrange(6, 10))
    key = _numeric(rng, columns, rows)
    if key is None:
        return top_task(rng)
    count, low = rng.randrange(2, 5), rng.random() < 0.4
    done = sorted(rows, key=lambda row: row[key], reverse=not low)
    out, how, pick = _picked(rng, columns, done[:count], key)
    request = rng.choice(
        [
            "Which {n} {d} have the {w} {k}? Order them with the {w} first. {h}",
            "List the {n} {d} with the {w} {k}, the {w} at the top. {h}",
            "Pick the {n} {d} whose {k} is {w}, and begin with the {w} of all. {h}",
        ]
    )
    request = request.format(
        n=count, d=domain, w="lowest" if low else "highest", k=columns[key], h=how
    )
    wrong = [
        pick(done[:count][::-1]),
        pick(done[-count:][::-1]),
        pick(done[: count + 1]),
        pick(done[1 : count + 1]),
        pick(rows[:count]),
    ]
    task = Task(
        "top few",
        request,
        _shown(rng, columns, rows),
        out,
        [out.but(rows=more) for more in wrong],
        [out.but(rows=out.rows[:-1])],
        method=[
            f"Look for the extreme values of {columns[key]}.",
            f"Only {count} entries are wanted, so the rest can be ignored.",
        ],
    )
    return _with_extra(
        rng,
        task,
        f"the sum of {columns[key]}",
        lambda more: _total(rows, more, key),
        f"Also give the sum of {columns[key]} over these.",
        0.4,
    )


def _total(rows, names, key):
    """The sum of a column over the records whose first value is in a result."""
    kept = {row[0] for row in names}
    total = sum(row[key] for row in rows if row[0] in kept)
    return round(total, 2) if isinstance(total, float) else total


def filter_task(rng):
    """Keeps the records that fulfil a condition whose bound is one of the values."""
    domain, columns, rows = records(rng, rng.randrange(6, 11))
    key = _numeric(rng, columns, rows)
    if key is None or rng.random() < 0.3:
        fits = [
            i
            for i in range(1, len(columns))
            if 1 < len({row[i] for row in rows}) <= 4 and isinstance(rows[0][i], str)
        ]
        if not fits:
            return filter_task(rng)
        key = rng.choice(fits)
        value, other = rng.sample(sorted({row[key] for row in rows}), 2)
        condition = rng.choice(
            [
                f"whose {columns[key]} is {value}",
                f"with {columns[key]} = {value}",
                f'where {columns[key]} equals "{value}"',
            ]
        )
        kept = [row for row in rows if row[key] == value]
        wrong = [
            [row for row in rows if row[key] != value],
            [row for row in rows if row[key] == other],
            [*kept, next(row for row in rows if row[key] == other)],
        ]
    else:
        bound = sorted(row[key] for row in rows)[rng.randrange(2, len(rows) - 2)]
        test, said = rng.choice(
            [
                ("ge", f"whose {columns[key]} is at least {plain(bound)}"),
                ("gt", f"whose {columns[key]} is more than {plain(bound)}"),
                ("lt", f"with {columns[key]} below {plain(bound)}"),
                ("le", f"with {columns[key]} of {plain(bound)} or less"),
                ("gt", f"where {columns[key]} > {plain(bound)}"),
                ("le", f"where {columns[key]} <= {plain(bound)}"),
                ("ge", f"with {columns[key]} not below {plain(bound)}"),
                ("lt", f"that have less than {plain(bound)} in {columns[key]}"),
            ]
        )
        condition = said
        tests = {
            "ge": lambda value: value >= bound,
            "gt": lambda value: value > bound,
            "lt": lambda value: value < bound,
            "le": lambda value: value <= bound,
        }
        twist = {"ge": "gt", "gt": "ge", "lt": "le", "le": "lt"}
        turn = {"ge": "lt", "gt": "le", "lt": "ge", "le": "gt"}
        kept, *wrong = [
            [row for row in rows if tests[name](row[key])]
            for name in (test, twist[test], turn[test], twist[turn[test]])
        ]
    out, how, pick = _picked(rng, columns, kept, key)
    request = rng.choice(
        [
            "From these {d}, keep only those {c}. {h} Leave the order as it is.",
            "Filter the {d}: only entries {c}. {h} Keep the original order.",
            "Which {d} are there {c}? Keep the order of the input. {h}",
            "List all {d} {c}, in the given order. {h}",
        ]
    ).format(d=domain, c=condition, h=how)
    half = [out.but(rows=out.rows[:-1]), out.but(rows=out.rows[1:])] if len(kept) > 1 else []
    task = Task(
        "filter",
        request,
        _shown(rng, columns, rows),
        out,
        [out.but(rows=pick(more)) for more in wrong if more],
        half,
        method=[
            f"Check the {columns[key]} of every entry against the condition.",
            "Entries that fail the condition are left out.",
            "A filter in a spreadsheet does the same.",
        ],
    )
    return _counted(rng, task)


def convert_task(rng):
    """Writes records in another form."""
    domain, columns, rows = records(rng, rng.randrange(3, 7))
    form, how = _form(rng, "csv", "json", "table")
    source = rng.choice([name for name in ("csv", "json", "table") if name != form])
    data = {
        "csv": as_csv(columns, rows),
        "json": as_json(columns, rows, rng.random() < 0.5),
        "table": as_table(columns, rows),
    }[source]
    request = rng.choice(
        [
            "Convert these {d} to another format: write them {h}.",
            "Rewrite the {d} below {h}.",
            "Turn this data on {d} into a different format, namely {h}.",
            "Please give me these {d} {h}. Keep all values and the order.",
        ]
    ).format(d=domain, h=how)
    task = Task(
        "convert",
        request,
        data,
        Out(columns, rows, form),
        method=[
            "Every record of the source becomes one record of the target.",
            "The column names stay the same.",
            "Any converter can do this.",
        ],
    )
    return _counted(rng, task, 0.25)


def select_task(rng):
    """Keeps some columns and gives them other names."""
    domain, columns, rows = records(rng, rng.randrange(4, 8))
    keep = [0, *sorted(rng.sample(range(1, len(columns)), rng.randrange(1, len(columns))))]
    rng.shuffle(keep)
    renamed = rng.randrange(len(keep))
    names = [columns[i] for i in keep]
    new = rng.choice(["{}_value", "the_{}", "{}_field", "col_{}"]).format(names[renamed])
    names[renamed] = new
    form, how = _form(rng, "csv", "json", "table")
    request = rng.choice(
        [
            "From these {d}, take the columns {c} in this order and call {o} {n} instead. Write "
            "it {h}.",
            "I only need {c} (in that order) of these {d}. Rename {o} to {n}. Output {h}.",
        ]
    )
    request = request.format(
        d=domain, c=", ".join(columns[i] for i in keep), o=columns[keep[renamed]], n=new, h=how
    )
    out = Out(names, [[row[i] for i in keep] for row in rows], form)
    swapped = out.but(columns=names[::-1])
    old = out.but(columns=[columns[i] for i in keep])
    return Task(
        "select columns",
        request,
        _shown(rng, columns, rows),
        out,
        [swapped],
        [old],
        method=["Drop the columns that are not wanted.", "Renaming only touches the header."],
    )


SENTENCES = [
    "{first} is on record with {rest}.",
    "Then there is {first}: {rest}.",
    "For {first} we noted {rest}.",
    "{first} has {rest}.",
    "We also list {first}, with {rest}.",
]


def extract_task(rng):
    """Reads records out of sentences."""
    domain, columns, rows = records(rng, rng.randrange(2, 5))
    text = []
    for row in rows:
        facts = [f"{name} {plain(cell)}" for name, cell in zip(columns[1:], row[1:])]
        rng.shuffle(facts)
        text.append(
            rng.choice(SENTENCES).format(
                first=row[0],
                rest=", ".join(facts[:-1]) + (" and " if facts[1:] else "") + facts[-1],
            )
        )
    filler = [
        "The list is not final.",
        "Please handle it with care.",
        f"{rng.choice(NAMES)} will check it on Monday.",
        f"A copy went to {rng.choice(PLACES)}.",
    ]
    text.insert(rng.randrange(len(text) + 1), rng.choice(filler))
    form, how = _form(rng, "csv", "json", "table")
    request = rng.choice(
        [
            "Extract the {d} from the text {h} with the fields {c}.",
            "Read the {d} in this note and write them {h}; fields: {c}.",
            "From the message below, collect all {d} {h}. Use exactly these keys: {c}.",
        ]
    ).format(d=domain, h=how, c=", ".join(columns))
    task = Task(
        "extract",
        request,
        " ".join(text),
        Out(columns, rows, form),
        method=[
            "Go through the text sentence by sentence.",
            "Each entry of the text becomes one record.",
            "Fields that are named in the text are filled in.",
        ],
    )
    return _counted(rng, task, 0.25)


def group_task(rng):
    """Counts or adds up by group."""
    domain, columns, rows = records(rng, rng.randrange(6, 11))
    fits = [
        i
        for i in range(1, len(columns))
        if isinstance(rows[0][i], str) and 2 <= len({row[i] for row in rows}) <= 4
    ]
    if not fits:
        return group_task(rng)
    key, number = rng.choice(fits), _numeric(rng, columns, rows)
    groups = sorted({row[key] for row in rows})
    how_many = Counter(row[key] for row in rows)
    if number is None or rng.random() < 0.4:
        result, what = {name: how_many[name] for name in groups}, "count"
        ask = f"how many {domain} there are per {columns[key]}"
    else:
        members = {name: [row[number] for row in rows if row[key] == name] for name in groups}
        what, measure = rng.choice([("total", sum), ("maximum", max), ("minimum", min)])
        result = {name: round(measure(values), 2) for name, values in members.items()}
        ask = f"the {what} of {columns[number]} per {columns[key]}"
    form, how = _form(rng, "csv", "json", "table", "lines")
    request = rng.choice(
        [
            "Work out {a}, {h}, groups in alphabetical order.",
            "For these {d}, give {a} {h}. Sort the groups from A to Z.",
            "I need {a} ({h}), groups alphabetically.",
        ]
    )
    request = request.format(a=ask, h=how, d=domain)
    if form != "lines":
        request += f" Name the columns {columns[key]} and {what}."
    out = Out([columns[key], what], [[name, result[name]] for name in groups], form)
    off = [[name, value + (1 if name == groups[0] else 0)] for name, value in out.rows]
    moved = [[name, result[other]] for name, other in zip(groups, groups[1:] + groups[:1])]
    task = Task(
        "group",
        request,
        _shown(rng, columns, rows),
        out,
        [out.but(rows=off), out.but(rows=moved)],
        method=[
            f"Put entries with the same {columns[key]} together.",
            "Then look at each group on its own.",
            "A pivot table does this as well.",
        ],
    )
    if what in ("count", "total"):
        total = rng.choice(["the sum over all groups", "the grand total"])
        return _with_extra(
            rng,
            task,
            total,
            lambda more: round(sum(row[1] for row in more), 2),
            f"Add {total}.",
            0.5,
        )
    return task


def dedupe_task(rng):
    """Removes repeated entries."""
    pool = rng.choice([NAMES, PLACES, ITEMS])
    names = rng.sample(pool, rng.randrange(5, 9))
    full = names + rng.choices(names, k=rng.randrange(2, 5))
    rng.shuffle(full)
    first, last = list(dict.fromkeys(full)), list(dict.fromkeys(full[::-1]))[::-1]
    form, how = _form(rng, "lines", "numbered", "commas")
    request = rng.choice(
        [
            "Remove the duplicates from this list; keep the first occurrence of each and the "
            "order. "
            "Write it {h}.",
            "Every entry should stand only once, where it appears first. Output {h}.",
            "Deduplicate these entries without changing their order (first occurrences stay). "
            "Answer "
            "{h}.",
        ]
    ).format(h=how)
    out = Out(["entry"], [[name] for name in first], form)
    once = [name for name in first if full.count(name) == 1]
    some = next(i for i, name in enumerate(full) if name in full[:i])
    left = (
        list(dict.fromkeys(full[:some]))
        + [full[some]]
        + [name for name in first if name not in full[:some]]
    )
    wrong = [last, sorted(first), once or last, left]
    task = Task(
        "deduplicate",
        request,
        rng.choice(["\n", ", ", "\n- "]).join(["", *full]).lstrip("\n, "),
        out,
        [out.but(rows=[[name] for name in more]) for more in wrong],
        method=[
            "Walk through the list and remember what was seen.",
            "An entry that was seen before is skipped.",
        ],
    )
    if rng.random() < 0.5:
        return _with_extra(
            rng,
            task,
            "the number of removed entries",
            lambda more: len(full) - len(more),
            "Also give the number of removed entries.",
            1,
        )
    return _counted(rng, task, 0.3)


def classify_task(rng):
    """Sorts records into classes by a rule with two bounds."""
    domain, columns, rows = records(rng, rng.randrange(5, 9))
    key = _numeric(rng, columns, rows)
    if key is None:
        return classify_task(rng)
    values = sorted(row[key] for row in rows)
    low, high = values[rng.randrange(1, 3)], values[rng.randrange(3, len(values))]
    names = rng.choice(
        [
            ("low", "medium", "high"),
            ("small", "mid", "large"),
            ("C", "B", "A"),
            ("green", "amber", "red"),
            ("basic", "plus", "premium"),
        ]
    )
    strict = rng.random() < 0.5

    def label(value, strict):
        return names[(value > low) + (value > high) if strict else (value >= low) + (value >= high)]

    if strict:
        rule = f'up to {plain(low)} is "{names[0]}", '
        rule += f'above {plain(low)} and up to {plain(high)} is "{names[1]}", '
        rule += f'above {plain(high)} is "{names[2]}"'
    else:
        rule = f'below {plain(low)} is "{names[0]}", '
        rule += f'from {plain(low)} to below {plain(high)} is "{names[1]}", '
        rule += f'from {plain(high)} on it is "{names[2]}"'
    form, how = _form(rng, "csv", "json", "table", "lines")
    request = rng.choice(
        [
            "Classify these {d} by {k}: {r}. Give the {f} and the class {h}, in the given order.",
            "Label each of the {d} by {k} ({r}). Write {f} and class {h}; keep the order.",
        ]
    )
    request = request.format(d=domain, k=columns[key], r=rule, f=columns[0], h=how)
    out = Out([columns[0], "class"], [[row[0], label(row[key], strict)] for row in rows], form)
    bound = [[row[0], label(row[key], not strict)] for row in rows]
    back = dict(zip(names, names[::-1]))
    turned = [[row[0], back[label(row[key], strict)]] for row in rows]
    task = Task(
        "classify",
        request,
        _shown(rng, columns, rows),
        out,
        [out.but(rows=bound), out.but(rows=turned)],
        method=[
            f"Compare the {columns[key]} with both bounds.",
            "Mind which side the bounds belong to.",
            "Each entry falls into exactly one class.",
        ],
    )
    which = rng.choice(names)
    return _with_extra(
        rng,
        task,
        f"the number of entries in class {which}",
        lambda more: sum(row[1] == which for row in more),
        f"Also give the number of entries in class {which}.",
    )


CHANGES = [
    ("in upper case", str.upper),
    ("in capital letters", str.upper),
    ("in lower case", str.lower),
    ("in title case, each word with a capital", str.title),
    (
        "in snake_case (lower case, underscores for spaces)",
        lambda text: text.lower().replace(" ", "_"),
    ),
    ("in kebab-case (lower case, hyphens for spaces)", lambda text: text.lower().replace(" ", "-")),
    ("with the letters of each entry reversed", lambda text: text[::-1]),
    (
        "as their initials, such as AB",
        lambda text: "".join(word[0].upper() for word in text.split()),
    ),
    ("as last name, comma, first name", lambda text: ", ".join(text.split()[::-1])),
    (
        "as first.last@example.org in lower case",
        lambda text: text.lower().replace(" ", ".") + "@example.org",
    ),
]


def change_task(rng):
    """Rewrites every entry and maybe turns the order of the list."""
    mixed = rng.choice([str, str.lower, str.upper])
    names = [
        mixed(f"{first} {last}")
        for first, last in zip(rng.sample(NAMES, 6), rng.sample(SURNAMES, 6))
    ][: rng.randrange(3, 7)]
    words, change = rng.choice(CHANGES)
    turn = rng.choice([None, "in reverse order", "in alphabetical order of the given entries"])
    order = {None: names, "in reverse order": names[::-1]}.get(turn, sorted(names))
    form, how = _form(rng, "lines", "numbered")
    request = rng.choice(
        [
            "Write these names {w}{t}, {h}.",
            "Rewrite each entry {w}{t}. Give them {h}.",
            "I need the following names {w}{t}, {h}.",
        ]
    )
    request = request.format(w=words, t=f" and {turn}" if turn else "", h=how)
    out = Out(["entry"], [[change(name)] for name in order], form)
    wrong = [
        out.but(rows=[[change(name)] for name in names]),
        out.but(rows=[[change(name)] for name in order[::-1]]),
        out.but(rows=[[name] for name in order]),
        out.but(rows=[[change(order[0])]] + [[name] for name in order[1:]]),
        out.but(rows=[[rng.choice(CHANGES)[1](name)] for name in order]),
    ]
    task = Task(
        "rewrite entries",
        request,
        rng.choice(["\n", "; "]).join(names),
        out,
        wrong,
        method=["Treat every entry the same way.", "Only the writing changes, not the entries."],
    )
    return _counted(rng, task, 0.3)


DATE_FORMS = [
    ("DD/MM/YYYY", "%d/%m/%Y"),
    ("MM/DD/YYYY", "%m/%d/%Y"),
    ("YYYY-MM-DD", "%Y-%m-%d"),
    ("D Month YYYY", "%-d %B %Y"),
    ("DD.MM.YYYY", "%d.%m.%Y"),
    ("Month D, YYYY", "%B %-d, %Y"),
    ("YYYYMMDD", "%Y%m%d"),
]


def dates_task(rng):
    """Writes dates in another form."""
    days = [
        date(rng.randrange(1990, 2030), rng.randrange(1, 13), rng.randrange(1, 29))
        for _ in range(rng.randrange(3, 7))
    ]
    source, target, other = rng.sample(DATE_FORMS, 3)
    form, how = _form(rng, "lines", "numbered")
    request = rng.choice(
        [
            "Convert these dates from {a} to {b}, {h}. Keep the order.",
            "The dates below are written as {a}. Rewrite them as {b}, {h}, in the same order.",
        ]
    ).format(a=source[0], b=target[0], h=how)
    out = Out(["date"], [[day.strftime(target[1])] for day in days], form)
    flipped = [day.replace(day=day.month, month=day.day) if day.day <= 12 else day for day in days]
    later = [
        day.replace(month=day.month % 12 + 1) if i == len(days) // 2 else day
        for i, day in enumerate(days)
    ]
    wrong = [
        [[day.strftime(target[1])] for day in flipped],
        [[day.strftime(target[1])] for day in later],
        [[day.strftime(other[1])] for day in days],
    ]
    task = Task(
        "dates",
        request,
        "\n".join(day.strftime(source[1]) for day in days),
        out,
        [out.but(rows=rows) for rows in wrong],
        method=["Find day, month and year in each date.", "Then put the parts in the new order."],
    )
    first = min(days).strftime(target[1])
    return _with_extra(
        rng,
        task,
        "the earliest date",
        lambda _rows: first,
        "Also state the earliest date in the new format.",
        0.4,
    )


MEASURES = [
    ("km", "m", 1000),
    ("kg", "g", 1000),
    ("m", "cm", 100),
    ("hours", "minutes", 60),
    ("minutes", "seconds", 60),
    ("litres", "ml", 1000),
    ("feet", "inches", 12),
    ("days", "hours", 24),
    ("weeks", "days", 7),
    ("cm", "mm", 10),
    ("dozen", "pieces", 12),
    ("tonnes", "kg", 1000),
    ("yards", "feet", 3),
]


def units_task(rng):
    """Converts measures in a small table."""
    big, small, factor = rng.choice(MEASURES)
    names = rng.sample([upper_first(item) for item in ITEMS] + PLACES, rng.randrange(3, 7))
    values = rng.sample(range(2, 90), len(names))
    form, how = _form(rng, "csv", "json", "table", "lines")
    request = rng.choice(
        [
            "Convert the values from {a} to {b}, {h}.",
            "The figures are in {a}. I want them in {b}, {h}, same order.",
            "Give every value in {b} instead of {a}, {h}.",
        ]
    ).format(a=big, b=small, h=how)
    if form != "lines":
        request += f" Columns: name, {small}."
    out = Out(["name", small], [[name, value * factor] for name, value in zip(names, values)], form)
    others = [number for number in (10, 100, 1000, 60, 12, 24, 30) if number != factor]
    false = [[name, value * rng.choice(others)] for name, value in zip(names, values)]
    same = out.but(rows=[[name, value * others[0]] for name, value in zip(names, values)])
    task = Task(
        "units",
        request,
        "\n".join(
            f"{name}{rng.choice([': ', ': '])}{value} {big}" for name, value in zip(names, values)
        ),
        out,
        [out.but(rows=false), same],
        method=[
            f"There is a fixed factor between {big} and {small}.",
            "Multiply each value by the factor.",
        ],
    )
    return _with_extra(
        rng,
        task,
        f"the total in {small}",
        lambda more: sum(row[1] for row in more),
        f"Add the total in {small}.",
    )


def template_task(rng):
    """Fills a template for every record."""
    domain, columns, rows = records(rng, rng.randrange(2, 5))
    used = columns[:3]
    lead, middle, end = rng.choice(
        [
            ("Dear ", ", we have noted ", "."),
            ("Reminder for ", ": please check ", " soon."),
            ("Label ", " / ", " (printed)"),
            ("Entry ", " has ", "."),
        ]
    )

    def line(row, slots):
        return (
            lead
            + plain(row[slots[0]])
            + middle
            + " and ".join(f"{columns[i]} {plain(row[i])}" for i in slots[1:])
            + end
        )

    template = (
        lead
        + "{"
        + used[0]
        + "}"
        + middle
        + " and ".join(f"{name} {{{name}}}" for name in used[1:])
        + end
    )
    request = rng.choice(
        [
            'Fill in the template "{t}" for each of these {d}, one line each, in order.',
            "Use this template for every entry of the {d} below, a line per entry: {t}",
        ]
    )
    request = request.replace("{t}", template).replace("{d}", domain)
    out = Out(["text"], [[line(row, range(len(used)))] for row in rows], "lines")
    mixed = [[row[0], *other[1:]] for row, other in zip(rows, rows[1:] + rows[:1])]
    wrong = [
        out.but(rows=[[line(row, range(len(used)))] for row in mixed]),
        out.but(rows=out.rows[::-1]),
    ]
    half = [out.but(rows=[[line(row, [0, 1])] for row in rows])] if len(used) > 2 else []
    return Task(
        "template",
        request,
        _shown(rng, columns, rows),
        out,
        wrong,
        half,
        method=["Put the values where the braces are.", "Each record gives one line."],
    )


def product_task(rng):
    """Adds a column that is computed from two others."""
    names = rng.sample([upper_first(item) for item in ITEMS], rng.randrange(3, 7))
    rows = [[name, rng.randrange(2, 15), rng.randrange(3, 60)] for name in names]
    new = rng.choice(["total", "amount", "value", "sum"])
    form, how = _form(rng, "csv", "json", "table")
    request = rng.choice(
        [
            "Add a column {n} (quantity times price) to this data, {h}.",
            "Compute {n} = quantity × price for every line and return all columns {h}.",
        ]
    ).format(n=new, h=how)
    columns = ["item", "quantity", "price"]
    out = Out([*columns, new], [[*row, row[1] * row[2]] for row in rows], form)
    wrong = [
        out.but(rows=[[*row, row[1] + row[2]] for row in rows]),
        out.but(rows=[[*row, row[1] * row[2] + (10 if row is rows[-1] else 0)] for row in rows]),
    ]
    task = Task(
        "new column",
        request,
        _shown(rng, columns, rows),
        out,
        wrong,
        method=["Multiply the two values of every line.", "The new column stands at the end."],
    )
    return _with_extra(
        rng,
        task,
        f"the sum of {new}",
        lambda more: sum(row[-1] for row in more),
        f"Also state the sum of {new}.",
        0.6,
    )


def join_task(rng):
    """Joins two lists by a key."""
    codes = rng.sample(range(100, 999), 5)
    people, places = rng.sample(NAMES, 5), rng.sample(PLACES, 5)
    left = [[code, name] for code, name in zip(codes, people)]
    right = rng.sample([[code, place] for code, place in zip(codes, places)], 5)
    count = rng.randrange(3, 6)
    left = left[:count]
    where = dict(right)
    form, how = _form(rng, "csv", "json", "table")
    request = (
        f"Join the two lists by id and write id, name, city {how}, in the order of the first list."
    )
    out = Out(["id", "name", "city"], [[code, name, where[code]] for code, name in left], form)
    by_row = [[code, name, place] for (code, name), (_, place) in zip(left, right)]
    task = Task(
        "join",
        request,
        _shown(rng, ["id", "name"], left) + "\n\n" + _shown(rng, ["id", "city"], right),
        out,
        [out.but(rows=by_row)],
        method=["Look up each id in the second list.", "Ids that match belong together."],
    )
    return _counted(rng, task, 0.3)


TASKS = [
    sort_task,
    sort_task,
    filter_task,
    filter_task,
    top_task,
    convert_task,
    select_task,
    extract_task,
    extract_task,
    group_task,
    dedupe_task,
    classify_task,
    change_task,
    dates_task,
    units_task,
    template_task,
    product_task,
    join_task,
]
