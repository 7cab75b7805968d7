"""Makes groups of answers to word problems.

The truth and every slip are computed from the rules in the banks of problems.
"""

import math
import random
import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache

from models.train import made_counting, made_problems
from models.train.made_problems import Kind
from models.train.made_words import (
    COLOURS,
    GOODS,
    GROUPS,
    ITEMS,
    LEADS,
    NAMES,
    PLACES,
    SHOPS,
    fill,
    frame,
    pick_two,
    slots,
    upper_first,
    without_the,
)

KINDS = made_problems.KINDS + made_counting.KINDS
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
DATES = ["%-d %B %Y", "%B %-d, %Y", "%Y-%m-%d", "%-d %b %Y"]
UNITS = {
    "money": ["$", "€", "£"],
    "dist": ["km", "miles"],
    "len": ["m", "cm", "ft"],
    "vol": ["litres", "gallons"],
}


def root(square):
    """The exact root of a square number, or one that no check of niceness lets through."""
    whole = math.isqrt(int(square))
    return Fraction(whole) if whole * whole == square else Fraction(whole) + Fraction(1, 777)


HELPERS = {
    "F": Fraction,
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "root": root,
    "choose": lambda n, k: Fraction(math.comb(int(n), int(k))),
    "factor": lambda a, b: math.gcd(int(a), int(b)),
    "multiple": lambda a, b: Fraction(math.lcm(int(a), int(b))),
    "sums": lambda s: sum(a + b == s for a in range(1, 7) for b in range(1, 7)),
}


@cache
def _compiled(rule):
    return compile(re.sub(r"(?<![\w.])\d+(\.\d+)?", r"F('\g<0>')", rule), rule, "eval")


def compute(rule, values):
    """The value of a rule, exactly."""
    return eval(
        _compiled(rule), {"__builtins__": {}} | HELPERS, values
    )  # The rules are this package's own data.


def nice(value, unit):
    """Whether a value can be written exactly and makes sense."""
    if unit == "frac":
        return 0 < value < 1
    if unit in ("clock", "date", "weekday"):
        return value.denominator == 1 and (unit != "clock" or 0 <= value < 1440) and value >= 0
    return value > 0 and (value * 100).denominator == 1 and value < 10**7


@dataclass
class Problem:
    """A structure with its words, units and given values, the request, and what is asked for."""

    kind: Kind
    words: dict[str, str]
    units: dict[str, str]
    given: dict[str, Fraction]
    story: str = ""
    prompt: str = ""
    wanted: tuple[str, ...] = ()
    working: bool = False

    def unit(self, name):
        """The unit of a given value or a step."""
        if name in self.kind.given:
            return self.kind.given[name][0]
        return next(step.unit for step in self.kind.steps if step.name == name)

    def label(self, name):
        """What a step's value is called."""
        return next(step.label for step in self.kind.steps if step.name == name).format_map(
            self.words
        )

    def needs(self, names):
        """The steps that lead to these values, in their order."""
        needed = set(names)
        for step in reversed(self.kind.steps):
            if step.name in needed:
                needed |= set(re.findall(r"[a-z]\w*", step.rule))
        return [step for step in self.kind.steps if step.name in needed]

    def solve(self, at=None, rule=None, value=None):
        """All values and the rules by which they came about; one step may have a false rule or a
        false value.
        """
        values, rules = dict(self.given), {}
        for step in self.kind.steps:
            slipped = step.name == at
            rules[step.name] = rule if slipped and rule else step.show or step.rule
            values[step.name] = Fraction(compute(rule if slipped and rule else step.rule, values))
            if slipped and value is not None:
                values[step.name] = value
        return values, rules

    def good(self, values):
        """Whether every value can be written down."""
        return all(nice(values[step.name], step.unit) for step in self.kind.steps)


class Style:
    """How one answer writes its numbers."""

    def __init__(self, rng, units, latex=False):
        self.units = units
        self.latex = latex
        self.times = rng.choice(["\\times", "\\cdot"] if latex else ["×", "×", "*", "·", "x"])
        self.over = rng.choice(["\\div", "/"] if latex else ["÷", "/", "/"])
        self.minus = "-" if latex else rng.choice(["-", "-", "−"])
        self.cents = rng.random() < 0.5
        self.comma = rng.random() < 0.5
        self.symbols = rng.random() < 0.4
        self.noon = rng.random() < 0.3
        self.date = rng.choice(DATES)
        self.wide = rng.random() < 0.5

    def number(self, value, places=None):
        """A number in digits."""
        if value.denominator == 1 and not places:
            return f"{int(value):,}" if self.comma else str(int(value))
        text = f"{float(value):,.2f}" if self.comma else f"{float(value):.2f}"
        return text if places else text.rstrip("0").rstrip(".")

    def moment(self, value, unit):
        """A date, a weekday or a time of the day."""
        if unit == "date":
            return date.fromordinal(int(value)).strftime(self.date)
        if unit == "weekday":
            return DAYS[int(value)]
        hour, minute = divmod(int(value), 60)
        if self.noon:
            return f"{(hour - 1) % 12 + 1}:{minute:02d} {'AM' if hour < 12 else 'PM'}"
        return f"{hour}:{minute:02d}"

    def show(self, value, unit, plain=False):
        """A value with its unit; plain for the inside of a calculation."""
        if unit in ("date", "weekday", "clock"):
            text = self.moment(value, unit)
            return rf"\text{{{text}}}" if self.latex else text
        if unit == "frac":
            if self.latex:
                return rf"\frac{{{value.numerator}}}{{{value.denominator}}}"
            return f"({value})" if plain else str(value)
        if unit == "money":
            digits = self.number(value, self.cents or value.denominator > 1)
            return digits if plain and not self.symbols else self.units["money"] + digits
        if plain or not unit:
            return self.number(value)
        if unit == "%":
            return self.number(value) + "%"
        length = self.units["len"]
        name = {
            "speed": "mph" if self.units["dist"] == "miles" else "km/h",
            "area": length + "²",
            "volume": length + "³",
        }.get(unit)
        name = name or self.units.get(unit, unit)
        if value == 1:
            name = {
                "hours": "hour",
                "minutes": "minute",
                "days": "day",
                "litres": "litre",
                "gallons": "gallon",
                "miles": "mile",
            }.get(name, name)
        return f"{self.number(value)} {name}"

    def calculation(self, problem, rule, values):
        """A rule with the values in it."""
        text = re.sub(
            r"[a-z]\w*",
            lambda hit: (
                self.show(values[hit[0]], problem.unit(hit[0]), plain=True)
                if hit[0] in values
                else hit[0]
            ),
            rule,
        )
        text = re.sub(r" - (?=\S)", f" {self.minus} ", text).replace("**", "^")
        text = re.sub(r" \* ", lambda _: f" {self.times} ", text)
        if not re.search(r"\d/\d+\)", text) and "/" in self.over and not self.wide:
            return text.replace(" / ", "/")
        return text.replace(" / ", f" {self.over} ")

    def mathematical(self, text):
        """A calculation or value fit for between the marks of LaTeX."""
        word = r"\\text\{[^}]*\}|(?<![\\A-Za-z])[A-Za-z°][A-Za-z°²³/]*(?: [A-Za-z]+)*"
        text = re.sub(
            word, lambda hit: hit[0] if hit[0].startswith("\\") else rf"\text{{ {hit[0]}}}", text
        )
        return text.replace("$", r"\$").replace("%", r"\%")


def _conclude(rng, style, pairs):
    """The sentence or lines that state the results, from pairs of label and shown value."""
    bold = rng.choice(["**{}**", "**{}**", "{}"])
    if len(pairs) == 1:
        label, shown = pairs[0]
        patterns = [
            "So {l} is {v}.",
            "Therefore, {l} is {v}.",
            "**Answer:** {x}",
            "Final answer: {L} = {v}",
            "That makes {l} {v}.",
            "{L}: {v}",
            "The answer is {v}.",
            "Hence {l} comes to {v}.",
            "**{L}: {x}**",
        ]
        if style.latex:
            return rf"\[\boxed{{{style.mathematical(shown)}}}\]"
        return rng.choice(patterns).format(
            l=label, L=without_the(label), v=bold.format(shown), x=shown
        )
    if style.latex:
        pairs = [(label, rf"\({style.mathematical(shown)}\)") for label, shown in pairs]
    (one, first), (two, second) = pairs
    fields = dict(
        l=one,
        L=without_the(one),
        v=bold.format(first),
        m=two,
        M=without_the(two),
        w=bold.format(second),
        x=first,
        y=second,
    )
    patterns = [
        "So {l} is {v}, and {m} is {w}.",
        "**{L}:** {x}\n**{M}:** {y}",
        "- {L}: {v}\n- {M}: {w}",
        "Therefore {l} is {v} and {m} is {w}.",
        "| Quantity | Value |\n| --- | --- |\n| {L} | {x} |\n| {M} | {y} |",
        "**Answer**\n\n{L} = {v}\n{M} = {w}",
        "1. {L}: {v}\n2. {M}: {w}",
        "{L}: {v}. {M}: {w}.",
        "(a) {v}\n(b) {w}",
        "Final results: {v} ({l}) and {w} ({m}).",
        "That gives {v} for {l} and {w} for {m}.",
    ]
    return rng.choice(patterns).format_map(fields)


def _rows_to_text(rng, style, layout, rows):
    """The working in a layout; every row has a label, a calculation and a value."""
    if layout == "prose":
        starts = rng.choice(
            [
                ["First, ", "Next, ", "Then, ", "After that, ", "Finally, "],
                ["To begin with, ", "With that, ", "Now ", "Then ", "Lastly, "],
            ]
        )
        verb = rng.choice(["is", "comes to", "is found as"])
        return " ".join(
            f"{starts[min(i, 4)]}{label} {verb} {calc} = {value}."
            for i, (label, calc, value) in enumerate(rows)
        )
    if layout == "numbered":
        mark = rng.choice(["{}. ", "{}) ", "Step {}: ", "**Step {}.** "])
        return "\n".join(
            mark.format(i) + f"{without_the(label)}: {calc} = {value}"
            for i, (label, calc, value) in enumerate(rows, 1)
        )
    if layout == "bullets":
        mark = rng.choice(["- ", "* ", "• "])
        bold = rng.choice(["{}", "**{}**"])
        return "\n".join(
            f"{mark}{bold.format(without_the(label))}: {calc} = {value}"
            for label, calc, value in rows
        )
    if layout == "headings":
        head = rng.choice(["### Step {}: find {}", "### {}. {}", "**Step {}: {}**"])
        return "\n\n".join(
            f"{head.format(i, label)}\n{calc} = {value}"
            for i, (label, calc, value) in enumerate(rows, 1)
        )
    if layout == "table":
        head = rng.choice(["| Step | Calculation | Result |", "| Quantity | Working | Value |"])
        return "\n".join(
            [head, "| --- | --- | --- |"]
            + [f"| {without_the(label)} | {calc} | {value} |" for label, calc, value in rows]
        )
    if layout == "latex":
        left, right = rng.choice([("\\[", "\\]"), ("$$", "$$")])
        return "\n".join(
            f"{without_the(label)}:\n{left} {style.mathematical(calc)} = "
            f"{style.mathematical(value)} "
            f"{right}"
            for label, calc, value in rows
        )
    return "\n".join(
        f"{calc} = {value}" + (f"  ({label})" if style.wide else "") for label, calc, value in rows
    )


LAYOUTS = ["prose", "numbered", "bullets", "headings", "table", "latex", "lines"]


def write(problem, solution, stated, seed, layout, names=None, working=None):
    """An answer: the working for `names` (or for other steps) and the conclusion.

    The same seed gives the same words for other numbers.
    """
    rng = random.Random(seed)
    values, rules = solution
    style = Style(rng, problem.units, layout == "latex")
    steps = problem.needs(names if working is None else working)
    rows = [
        (
            problem.label(step.name),
            style.calculation(problem, rules[step.name], values),
            style.show(values[step.name], step.unit),
        )
        for step in steps
    ]
    body = _rows_to_text(rng, style, layout, rows) if layout != "short" else ""
    end = (
        _conclude(
            rng,
            style,
            [(problem.label(name), style.show(stated[name], problem.unit(name))) for name in names],
        )
        if names
        else ""
    )
    parts = [body, end]
    if layout != "latex" and rng.random() < 0.15:
        parts.reverse()
    return frame(rng, "\n\n".join(part for part in parts if part))


def _words(rng):
    """The words of a problem."""
    who, other = pick_two(rng, NAMES)
    place, place2 = pick_two(rng, PLACES)
    item, item2 = pick_two(rng, ITEMS)
    colours = rng.sample(COLOURS, 3)
    good = rng.choice(GOODS)
    return {
        "who": who,
        "other": other,
        "place": place,
        "place2": place2,
        "item": item,
        "item2": item2,
        "good": good,
        "Good": upper_first(good),
        "shop": rng.choice(SHOPS),
        "group": rng.choice(GROUPS),
        "col1": colours[0],
        "col2": colours[1],
        "col3": colours[2],
    }


def _given(rng, kind):
    """Given values that fulfil the kind's conditions and lead to values that can be written."""
    for _ in range(20000):
        values = {}
        for name, (_unit, source) in kind.given.items():
            if isinstance(source, str):
                values[name] = Fraction(compute(source, values))
            else:
                values[name] = Fraction(rng.choice(source))
        if not compute(kind.ok, values) or not all(
            nice(values[name], unit) for name, (unit, _) in kind.given.items()
        ):
            continue
        problem = Problem(kind, {}, {}, values)
        if problem.good(problem.solve()[0]):
            return values
    raise AssertionError(f"no values found for {kind.name}")


ASK_TWO = [
    "Find {l} and {m}.",
    "What is {l}, and what is {m}?",
    "Work out {l} as well as {m}.",
    "Please give both {l} and {m}.",
    "1) What is {l}?\n2) What is {m}?",
    "Questions: (a) What is {l}? (b) What is {m}?",
    "Calculate two things: {l}; {m}.",
    "Determine {l}. Then determine {m}.",
    "I need {l} and also {m}.",
    "Tell me {l} and {m}.",
]
ASK_ONE = [
    "Find {l}.",
    "What is {l}?",
    "Work out {l}.",
    "Please give {l}.",
    "Calculate {l}.",
    "Determine {l}.",
    "I would like to know {l}.",
    "Tell me {l}.",
]
ASK_WORKING = [
    "Show your working.",
    "Show each step.",
    "Explain how you get there.",
    "Include the calculation.",
    "Write down the steps, too.",
    "I want to see the calculation as well as the result.",
    "Justify it with a short calculation.",
    "Give the result and the way to it.",
]


def _problem(rng):
    """A problem with its request."""
    kind = rng.choice(KINDS)
    words = _words(rng) | {name: rng.choice(pool) for name, pool in kind.words.items()}
    units = {name: rng.choice(pool) for name, pool in UNITS.items()}
    words["unit"] = units["len"]
    problem = Problem(kind, words, units, _given(rng, kind))
    values, _ = problem.solve()
    if not compute(kind.proof, values):
        raise AssertionError(f"{kind.name}: the proof fails for {problem.given}")
    style = Style(rng, units)
    story = rng.choice(kind.stories)
    shown = {name: style.show(value, problem.unit(name)) for name, value in problem.given.items()}
    problem.story = story.format_map(words | shown)
    two = rng.random() < 0.65
    problem.wanted = kind.results if two else (rng.choice(kind.results),)
    problem.working = not two or rng.random() < 0.3
    ask = rng.choice(ASK_TWO if two else ASK_ONE).format(
        l=problem.label(problem.wanted[0]), m=problem.label(problem.wanted[-1])
    )
    if problem.working:
        ask += rng.choice([" ", " ", "\n"]) + rng.choice(ASK_WORKING)
    order = [problem.story, ask] if rng.random() < 0.85 else [ask, problem.story]
    problem.prompt = rng.choice(LEADS) + rng.choice([" ", " ", "\n", "\n\n"]).join(order)
    return problem, [name for name in problem.given if name in slots(story)]


REMARKS = [
    "It is worth keeping an eye on the units.",
    "A rough estimate is a good way to spot a slip.",
    "Drawing a small sketch can make the setting clearer.",
    "The order of operations matters: products and quotients come before sums and differences.",
    "An hour has 60 minutes.",
    "It helps to write down what is given before starting.",
    "Problems of this type appear in many school books.",
    "Percent means per hundred.",
    "Rounding too early is a common source of errors.",
    "A calculator is not strictly necessary for this.",
    "Reading the question twice is never wasted time.",
    "A result can be checked by working backwards.",
    "The names and places do not matter for the numbers.",
    "The same method works when the numbers are larger.",
    "A table is another good way to organise such data.",
    "Dividing undoes multiplying.",
    "Subtracting undoes adding.",
    "Many people solve this kind of task in their heads with some practice.",
    "A day has 24 hours, and a week has 7 days.",
    "It is good practice to state the quantity along with its number.",
]


def _remarks(rng, problem, visible):
    """True remarks about the given values and in general; none of them answers what is asked."""
    style = Style(rng, problem.units)
    remarks = rng.sample(REMARKS, 8)
    remarks += [
        rng.choice(["As given: ", "The starting point is this: ", "To recall the setting: ", ""])
        + sentence
        for sentence in re.split(r"(?<=\.) (?=[A-Z])", problem.story)
    ]
    for name in visible:
        value, unit = problem.given[name], problem.unit(name)
        if unit in ("", "money", "dist", "len", "vol") and value.denominator == 1:
            shown = style.show(value, unit)
            remarks.append(
                rng.choice(
                    [
                        f"{shown} is one of the given values.",
                        f"Twice {shown} would be {style.show(2 * value, unit)}.",
                        f"The number {int(value)} is {'even' if value % 2 == 0 else 'odd'}.",
                    ]
                )
            )
    return remarks


def _talk(rng, problem, length):
    """An answer without results: talk about the method, a skeleton with gaps, or a way round the
    question.
    """
    labels = [problem.label(step.name) for step in problem.needs(problem.wanted)]
    gap = rng.choice(["___", "...", "[result]", "?", "[fill in]"])
    shape = rng.choice(["talk", "skeleton", "table", "dodge", "talk"])
    if shape == "skeleton":
        mark = rng.choice(["{}. ", "Step {}: ", "**Step {}.** "])
        body = "\n".join(
            mark.format(i) + f"{without_the(label)}: {gap}" for i, label in enumerate(labels, 1)
        )
    elif shape == "table":
        body = "\n".join(
            ["| Quantity | Value |", "| --- | --- |"]
            + [f"| {without_the(label)} | {gap} |" for label in labels]
        )
    elif shape == "dodge":
        body = rng.choice(
            [
                "This can be solved with basic arithmetic once all values are written down.",
                "What have you tried so far?",
                "Problems like this are best done step by step.",
                "It depends on how one reads the question, but the approach is clear.",
                "I would first collect the given values and decide which operation fits.",
            ]
        )
    else:
        opening = ["Start by finding {}.", "The first thing to work out is {}.", "Begin with {}."]
        going = [
            "With that, {} can be computed.",
            "Then turn to {}.",
            "From there one gets {}.",
            "The next thing to find is {}.",
        ]
        body = " ".join(
            rng.choice(going if i else opening).format(label) for i, label in enumerate(labels)
        )
    advice = [
        "Write each step down so that it can be checked.",
        "Once these are known, the answer follows directly.",
        "Be careful with the order of the steps.",
        "Put the given values in and simplify.",
        "Compare the outcome with a rough estimate at the end.",
        "The answer should carry the right unit.",
        "The last step only combines what was found before.",
        "Anyone who follows this plan will arrive at the solution.",
    ]
    return frame(rng, fill(rng, body, rng.sample(REMARKS, 6) + advice, length - len(body)))


def _off(rng, value, unit):
    """A value near the right one that one gets by a slip in the arithmetic."""
    if unit == "frac":
        tries = [value + Fraction(step, value.denominator) for step in (-2, -1, 1, 2)] + [1 - value]
    elif unit == "weekday":
        return Fraction((value + rng.choice([1, 2, 5, 6])) % 7)
    elif unit == "clock":
        tries = [value + step for step in (-60, -10, -5, 5, 10, 30, 60)]
    elif unit == "date":
        tries = [value + step for step in (-2, -1, 1, 2, 7, -7)]
    else:
        size = Fraction(10) ** (len(str(int(value))) - 1)
        tries = [
            value + size,
            value - size,
            value + 1,
            value - 1,
            value + 10,
            value - 10,
            value + size / 10,
            value - size / 10,
            value * 10,
            value / 10,
            value + 2,
        ]
        digits = str(int(value))
        if value.denominator == 1 and len(digits) > 1:
            tries.append(Fraction(digits[:-2] + digits[-1] + digits[-2]))
    tries = [
        number
        for number in tries
        if number != value
        and nice(number, unit)
        and (value.denominator > 1 or number.denominator == 1 or unit == "money")
    ]
    return rng.choice(tries) if tries else value


def _slip(rng, problem, truth):
    """A false solution with what it states, or None where this try did not lead to one."""
    stated = {name: truth[0][name] for name in problem.wanted}
    how = rng.choice(["rule", "value", "value", "end", "swap"])
    if how == "end":
        name = rng.choice(problem.wanted)
        stated[name] = _off(rng, stated[name], problem.unit(name))
        solution = truth
    elif how == "swap":
        if len(problem.wanted) < 2 or problem.unit(problem.wanted[0]) != problem.unit(
            problem.wanted[1]
        ):
            return None
        one, two = problem.wanted
        stated, solution = {one: stated[two], two: stated[one]}, truth
    else:
        steps = problem.needs(problem.wanted)
        step = rng.choice(steps)
        if how == "rule":
            step = rng.choice([step for step in steps if step.slip] or [None])
            if not step:
                return None
            false = {"rule": step.slip}
        else:
            false = {"value": _off(rng, truth[0][step.name], step.unit)}
        try:
            solution = problem.solve(step.name, **false)
        except ZeroDivisionError:
            return None
        stated = {name: solution[0][name] for name in problem.wanted}
    if not problem.good(solution[0]) or all(
        stated[name] == truth[0][name] for name in problem.wanted
    ):
        return None
    return solution, stated


def mentions(text, value, unit):
    """How often a text names a value, in whatever form."""
    text = re.sub(r"\\frac\{(\d+)\}\{(\d+)\}", r"\1/\2", text)
    if unit == "weekday":
        return len(re.findall(rf"\b{DAYS[int(value)]}\b", text))
    if unit == "date":
        return sum(
            len(re.findall(rf"(?<!\d){date.fromordinal(int(value)).strftime(form)}(?!\d)", text))
            for form in DATES
        )
    if unit == "clock":
        hour, minute = divmod(int(value), 60)
        late = "AM" if hour < 12 else "PM"
        early = re.findall(rf"(?<!\d){(hour - 1) % 12 + 1}:{minute:02d} {late}", text)
        return len(early) + len(re.findall(rf"(?<!\d){hour}:{minute:02d}(?! [AP]M)", text))
    if unit == "frac":
        return len(re.findall(rf"(?<![\d/]){value.numerator}/{value.denominator}(?![\d/])", text))
    numbers = re.findall(r"\d+(?:\.\d+)?", re.sub(r"(?<=\d),(?=\d{3})", "", text))
    return sum(Fraction(number) == value for number in numbers)


def fault(problem, answers):
    """What is wrong with a group of answers, or None: the grades are compared with what the texts
    say.
    """
    values, _ = problem.solve()
    truth = [(values[name], problem.unit(name)) for name in problem.wanted]
    texts = [text for text, _, _ in answers]
    if len(set(texts)) < len(texts):
        return "two answers are the same"
    for text, grade, twin in answers:
        counts = [mentions(text, *pair) for pair in truth]
        if grade == "full" and not all(counts):
            return "a full answer lacks a result"
        if grade == "nonanswer" and any(counts):
            return "a non-answer names a result"
        if grade == "half" and not problem.working and all(counts):
            return "a half answer has all results"
        if grade == "wrong":
            right = [mentions(twin, *pair) for pair in truth]
            swapped = sorted(text) == sorted(twin) and text != twin
            if not all(right) or not (swapped or any(one < two for one, two in zip(counts, right))):
                return "a wrong answer is not false"
        elif twin is not None:
            return "a twin where none belongs"
    return None


def _halves(rng, problem, truth, layout, length, remarks):
    """Answers that leave one of the demanded things out, filled up with remarks."""
    values = truth[0]
    ways = []
    if len(problem.wanted) == 2:
        for kept, left in [problem.wanted, problem.wanted[::-1]]:
            hidden = left in [step.name for step in problem.needs([kept])]
            if not (hidden and problem.working):
                ways.append(((kept,), "short" if hidden else layout, None))
    if problem.working:
        ways.append((problem.wanted, "short", None))
        if len(problem.wanted) == 1 and len(problem.needs(problem.wanted)) > 1:
            before = [step.name for step in problem.needs(problem.wanted)][:-1]
            ways.append(((), layout if layout != "short" else "lines", before))
    names, layout, working = rng.choice(ways)
    text = write(problem, truth, values, rng.random(), layout, names, working)
    return fill(rng, text, remarks, length - len(text) if rng.random() < 0.85 else 0)


def _try(rng):
    """A problem with answers that may still have a fault."""
    problem, visible = _problem(rng)
    truth = problem.solve()
    layouts = LAYOUTS + ([] if problem.working else ["short", "short", "short"])
    answers = []

    def dressed(text, seed):
        own = random.Random(seed)
        return fill(
            own,
            text,
            _remarks(own, problem, visible),
            own.randrange(60, 400) if own.random() < 0.55 else 0,
        )

    for layout in rng.sample(layouts, 2):
        seed = rng.random()
        answers.append(
            (
                dressed(write(problem, truth, truth[0], seed, layout, problem.wanted), seed),
                "full",
                None,
            )
        )
    length = len(rng.choice(answers)[0])
    for _ in range(rng.choice([1, 1, 2])):
        text = _halves(
            rng,
            problem,
            truth,
            rng.choice(layouts),
            length * rng.uniform(0.9, 1.3),
            _remarks(rng, problem, visible),
        )
        answers.append((text, "half", None))
    wanted = rng.choice([2, 3])
    while wanted:
        slip = _slip(rng, problem, truth)
        if slip:
            seed, layout = rng.random(), rng.choice(layouts)
            twin = dressed(write(problem, truth, truth[0], seed, layout, problem.wanted), seed)
            answers.append(
                (dressed(write(problem, *slip, seed, layout, problem.wanted), seed), "wrong", twin)
            )
            wanted -= 1
    answers.append((_talk(rng, problem, length * rng.uniform(0.7, 1.1)), "nonanswer", None))
    return problem, answers


def draw(rng: random.Random) -> tuple[str, str, list[tuple[str, str, str | None]]]:
    """A kind's name, a prompt and its answers as (text, grade, twin)."""
    while True:
        problem, answers = _try(rng)
        if not fault(problem, answers):
            return problem.kind.name, problem.prompt, answers
