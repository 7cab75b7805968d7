"""Makes groups of answers to requests for small Python functions, from the bank in
`made_functions`.

The bank's programs are run by `check`; what a drawn answer claims about results is what the right
program returned.
"""

import ast
import random
import re
from functools import cache

from models.train.made_functions import FUNCTIONS
from models.train.made_words import LEADS, fill, frame, upper_first

#: Variables of the right ways that can have other names.
RENAMES = {
    "result": ["result", "out", "output", "res"],
    "total": ["total", "acc", "running"],
    "count": ["count", "counter", "hits"],
    "x": ["x", "item", "v"],
    "word": ["word", "w", "token"],
    "i": ["i", "idx"],
    "best": ["best", "winner"],
    "ordered": ["ordered", "ranked"],
    "stack": ["stack", "todo"],
}


def _named(source, function, first, renames=()):
    """A program with its placeholders filled and variables renamed; letters in quotes stay."""
    for old, new in [("F", function), ("X", first), *renames]:
        source = re.sub(rf"(?<!['.\w]){old}\b(?!')", new, source)
    return source


@cache
def _tests(text):
    """A test as arguments and the expected value, or the name of the expected error."""
    arguments, expected = text.rsplit(" -> ", 1)
    return f"({arguments},)", expected


def run(source, test, name="F"):
    """What a program returns for a test, or the name of its error after a !."""
    space = {}
    exec(source, space)  # The programs are this package's own data.
    try:
        return space[name](*ast.literal_eval(_tests(test)[0]))
    except Exception as error:  # A fault may raise anything; that is a result, too.
        return "!" + type(error).__name__


def passes(source, test, name="F"):
    """Whether a program does what a test expects."""
    expected = _tests(test)[1]
    wanted = expected if expected.startswith("!") else ast.literal_eval(expected)
    result = run(source, test, name)
    return result == wanted and isinstance(result, bool) == isinstance(wanted, bool)


def faulty(function, fault):
    """The right way that a fault is put into, and the program with the fault."""
    way, old, new = fault
    right = function.rights[way]
    if right.count(old) < 1:
        raise AssertionError(f"{function.names[0]}: nothing to replace for {old!r}")
    return right, right.replace(old, new)


def check(rng: random.Random, requests: int = 1000) -> int:
    """Runs the whole bank: right ways pass, faults fail, halves do both, new names change nothing.
    Counts them.
    """
    ran = 0
    for _ in range(requests):
        request = Request(rng)
        source = request.renamed(rng.choice(request.function.rights), rng)
        if not all(passes(source, test, request.name) for test in request.function.tests):
            raise AssertionError(f"the renamed program fails:\n{source}")
    for function in FUNCTIONS:
        for source in function.rights:
            failed = [test for test in function.tests if not passes(source, test)]
            if failed:
                raise AssertionError(f"{function.names[0]}: a right way fails {failed}")
        for fault in function.mutants:
            _, source = faulty(function, fault)
            if all(passes(source, test) for test in function.tests):
                raise AssertionError(f"{function.names[0]}: no test notices {fault}")
        done = [passes(faulty(function, function.half)[1], test) for test in function.tests]
        if all(done) or not any(done):
            raise AssertionError(f"{function.names[0]}: the half passes {done}")
        ran += len(function.rights) + len(function.mutants) + 1
    return ran


REQUESTS = [
    "Write a Python function `{f}` that {a}.",
    "In Python, write {f}({s}), which {a}.",
    "I need a function called {f} in Python that {a}.",
    "Please implement `{f}` in Python. It {a}.",
    'Complete this function:\n\n```python\ndef {f}({s}):\n    """{A}."""\n```',
    "Python: give me a function {f} that {a}.",
    "Can you code a Python function named `{f}`? It {a}.",
    'def {f}({s}):\n    """{A}."""\n\nPlease fill in the body.',
]
#: A further demand: its name and how it is put.
FURTHER = {
    None: [""],
    "docstring": ["Give it a docstring.", "Include a docstring.", "A short docstring is required."],
    "example": [
        "Add an example call with its result as a comment.",
        "Show one call and what it returns.",
        "Please include a usage example with the output.",
    ],
    "asserts": [
        "Add two asserts that test it.",
        "Write two assert statements below it.",
        "Include two small tests as asserts.",
    ],
}
BEFORE = [
    "",
    "",
    "",
    "Here is the function:",
    "Here's a simple implementation:",
    "This does what you describe:",
    "A straightforward solution:",
    "You can write it like this:",
    "The function below handles all the cases that you mention.",
]
AFTER = [
    "It handles all the cases you listed.",
    "It works for every valid input.",
    "The code follows the description step by step.",
    "It has been written to be easy to read.",
    "No external packages are needed.",
    "It returns the result directly.",
    "The name follows the usual Python style.",
    "All the edge cases are covered.",
    "It runs on any recent Python version.",
    "You can paste it into your file as it is.",
    "The logic is the one you asked for.",
]
REMARKS = [
    "Python 3 is assumed here.",
    "The name of the function follows the request.",
    "Type hints could be added later.",
    "The code uses four spaces for indentation.",
    "Functions like this are easy to reuse.",
    "It is good practice to keep functions short.",
    "Only the standard language is used.",
    "You can save this in a module and import it.",
    "Such helpers are often part of a larger program.",
    "A linter will accept the layout of this code.",
    "Tests are a good way to guard against later changes.",
]
TALK = [
    "Start with the signature and think about which inputs can occur.",
    "Loop over the input and keep what you need in a variable.",
    "Decide what should happen in the special cases.",
    "Return the outcome at the end.",
    "Then test the function with a few inputs.",
    "Python's built-in functions may shorten it.",
    "It helps to write the steps on paper first.",
    "Once the main path works, the special cases can be added.",
]
TODO = [
    "    # TODO: implement\n    pass",
    "    # TODO: go through the input\n    # TODO: return the result\n    "
    "raise NotImplementedError",
    "    ...",
    "    # your code here\n    return None",
    "    result = None\n    # TODO: compute the result\n    return result",
]


def _call(name, source, test):
    """A test as a call and as text what the right program returns for it."""
    return f"{name}{_tests(test)[0][:-2]})", repr(run(source, test))


def _documented(source, name, text):
    """A program with a docstring in the named function."""
    return re.sub(
        rf"(def {name}\([^\n]*\):\n)", lambda hit: f'{hit[0]}    """{text}"""\n', source, count=1
    )


class Request:
    """A drawn request: a function with its names, how it is asked for, and a further demand."""

    def __init__(self, rng: random.Random) -> None:
        self.function = rng.choice(FUNCTIONS)
        self.name, self.first = rng.choice(self.function.names), rng.choice(self.function.first)
        fields = {"f": self.name, "x": self.first}
        self.about = rng.choice(self.function.asks).format_map(fields)
        self.signature = _named(
            re.search(r"def F\((.*)\):", self.function.rights[0])[1], self.name, self.first
        )
        self.further = rng.choice(list(FURTHER))
        text = rng.choice(REQUESTS).format(
            a=self.about, A=upper_first(self.about), s=self.signature, **fields
        )
        lead = "" if text.startswith("def") else rng.choice(LEADS).strip()
        self.prompt = " ".join(
            part for part in [lead, text, rng.choice(FURTHER[self.further])] if part
        )
        self.plain_tests = [
            test for test in self.function.tests if "!" not in test.rsplit(" -> ", 1)[1]
        ]

    def renamed(self, source: str, rng: random.Random) -> str:
        """A program with the names of this request and other names for some of its variables."""
        used = {self.first, self.name} | set(re.findall(r"\w+", " ".join(self.function.rights)))
        renames = [(old, rng.choice(new)) for old, new in RENAMES.items()]
        return _named(
            source, self.name, self.first, [(old, new) for old, new in renames if new not in used]
        )

    def answer(
        self,
        source: str,
        seed: float,
        right: str | None = None,
        further: bool = True,
        length: float | None = None,
    ) -> str:
        """An answer with a program, which claims what the right one returns.

        The same seed gives the same words and names around another program.
        """
        right = right or source
        rng = random.Random(seed)
        code = self.renamed(source, rng)
        documented, example = rng.random() < 0.3, rng.choice(self.plain_tests)
        summary = rng.choice(
            [upper_first(self.about) + ".", f"Return the result for {self.first}."]
        )
        if (self.further == "docstring" and further) or (
            self.further != "docstring" and documented
        ):
            code = _documented(code, self.name, re.sub(r"\s+", " ", summary))
        shown = rng.random() < 0.3
        two = rng.sample(self.plain_tests, 2)
        if self.further == "asserts" and further:
            code += "\n\n\n" + "\n".join(
                f"assert {call} == {value}"
                for call, value in (_call(self.name, right, test) for test in two)
            )
        elif (self.further == "example" and further) or (
            self.further not in ("example", "asserts") and shown
        ):
            call, value = _call(self.name, right, example)
            code += rng.choice(
                [
                    f"\n\n\nprint({call})  # {value}",
                    f"\n\n\n# Example:\n# {call} returns {value}",
                    f"\n\n\n{call}  # -> {value}",
                ]
            )
        body = (
            rng.choice(["```python\n{}\n```", "```python\n{}\n```", "```\n{}\n```", "{}"]).format(
                code
            )
            if "{" not in code
            else f"```python\n{code}\n```"
        )
        before, about = rng.choice(BEFORE), rng.sample(AFTER, rng.choice([0, 0, 1, 2, 3]))
        text = "\n\n".join(part for part in [before, body, " ".join(about)] if part)
        if length:
            text = fill(
                rng, text, [remark for remark in REMARKS if remark not in about], length - len(text)
            )
        return frame(rng, text)


def _nonanswer(rng, request, length):
    """A skeleton or talk about how one would write the function."""
    code = f"def {request.name}({request.signature}):\n"
    if rng.random() < 0.4:
        code += f'    """{upper_first(request.about)}."""\n'
    body = rng.choice(
        [
            f"```python\n{code}{rng.choice(TODO)}\n```",
            f"```python\n{code}{rng.choice(TODO)}\n```",
            " ".join(rng.sample(TALK, 4)),
            "\n".join(f"{i}. {step}" for i, step in enumerate(rng.sample(TALK, 4), 1)),
        ]
    )
    return frame(
        rng,
        fill(
            rng,
            body,
            [remark for remark in TALK + REMARKS if remark not in body],
            length - len(body),
        ),
    )


def draw(rng: random.Random) -> tuple[str, str, list[tuple[str, str, str | None]]]:
    """A kind's name, a prompt and its answers as (text, grade, twin)."""
    request = Request(rng)
    function = request.function
    answers = [
        (request.answer(source, rng.random()), "full", None)
        for source in rng.sample(function.rights, 2)
    ]
    length = len(rng.choice(answers)[0]) * rng.uniform(0.75, 1.05)
    right, half = faulty(function, function.half)
    if request.further is None or rng.random() < 0.6:
        answers.append((request.answer(half, rng.random(), right, length=length), "half", None))
    if request.further and (len(answers) == 2 or rng.random() < 0.4):
        answers.append(
            (
                request.answer(
                    rng.choice(function.rights), rng.random(), further=False, length=length
                ),
                "half",
                None,
            )
        )
    for fault in rng.sample(function.mutants, rng.choice([2, 3])):
        right, wrong = faulty(function, fault)
        seed = rng.random()
        answers.append((request.answer(wrong, seed, right), "wrong", request.answer(right, seed)))
    answers.append((_nonanswer(rng, request, length), "nonanswer", None))
    if len({text for text, _, _ in answers}) < len(answers):
        return draw(rng)
    return function.names[0], request.prompt, answers
