"""What the guards refuse: honest answers of all texts, which none should, and attacks.

Guards speak before the model runs, whatever the model is. So they are asked by way of the smallest
model at hand, which is what makes tens of thousands of answers affordable.
"""

import hashlib
import json
import random
import shutil
import tempfile
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path

from . import judge, sources
from .cache import key
from .cases import WORTH
from .examination import TITLES, Examination
from .markdown import quoted, table

TINY = judge.ROOT / "ocw-scorer" / "tests" / "layouts" / "bert-optimum"
#: Right answers of one public source, at most.
OF_A_SOURCE = 1500
EXAMPLES = 2


def _tiny_model(folder, like):
    """Makes a model folder of the smallest graph at hand, with a manifest in the format of the
    judged model's.
    """
    names = ("config.json", "model.onnx", "tokenizer.json")
    for name in names:
        shutil.copy(TINY / name, folder / name)
    files = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    manifest = {
        "format": json.loads((like / "manifest.json").read_text(encoding="utf-8"))["format"],
        "name": "tiny",
        "max_length": 64,
        "activation": "sigmoid",
        "calibration": [[0.0, 0.0], [1.0, 1.0]],
        "files": files,
        "licence": "Apache-2.0",
        "origin": "a test's layout",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


def _honest(exam):
    """[(source, prompt, answer)] of everything that somebody wrote as an answer."""
    out = [
        (TITLES[column], p.text, text)
        for column, prompts in exam.prompts.items()
        for p in prompts
        for grade, texts in p.answers.items()
        if grade in WORTH
        for text in texts
    ]
    right = defaultdict(list)
    for _, group in sources.groups(exam.data) if exam.data else ():
        right[group["source"]] += [
            (group["source"], group["prompt"], a["text"])
            for a in group["answers"]
            if a["quality"] >= sources.RIGHT
        ]
    rng = random.Random(13)
    return out + [
        item
        for _, found in sorted(right.items())
        for item in rng.sample(found, min(len(found), OF_A_SOURCE))
    ]


@cache
def refused(exam: Examination) -> tuple[Counter[str], list[tuple[str, str, str, str]]]:
    """(how many honest answers of each source were tried, [(guard, source, prompt, answer)] of
    those refused).
    """
    honest = _honest(exam)
    with tempfile.TemporaryDirectory() as folder:
        _tiny_model(Path(folder), exam.judge.model)
        verdicts = judge.verdicts([(p, a) for _, p, a in honest], Path(folder), exam.judge.program)
    return Counter(source for source, _, _ in honest), [
        (v.guard, *item) for v, item in zip(verdicts, honest) if v.guard
    ]


def _example(source, prompt, answer):
    """The beginning of our own texts; public ones, which may not be copied, are named by their
    `cache.key`.
    """
    if source in TITLES.values():
        return f"{quoted(prompt, 70)} → {quoted(answer, 90)}"
    return f"`{key(prompt, answer)}`, {len(prompt.split())} → {len(answer.split())} words"


def section(exam: Examination) -> str:
    """Honest answers refused, by guard and source with examples, and attacks settled."""
    tried, found = refused(exam)
    dishonest = [
        v.guard
        for column in exam.cases
        for c, v in zip(exam.cases[column], exam.verdicts[column])
        if c.grade not in WORTH
    ]
    rows = [
        [
            guard,
            f"{sum(f[0] == guard for f in found)} of {sum(tried.values())}",
            f"{dishonest.count(guard)} of {len(dishonest)}",
        ]
        for guard in sorted({f[0] for f in found} | set(filter(None, dishonest)))
    ]
    out = table(
        ["guard", "honest answers refused", "attacks, shells and restated questions settled"], rows
    )
    by_source = defaultdict(list)
    for guard, source, prompt, answer in found:
        by_source[guard, source].append((prompt, answer))
    if by_source:
        rows = [
            [
                guard,
                source,
                f"{len(items)} of {tried[source]}",
                "<br>".join(_example(source, *item) for item in items[:EXAMPLES]),
            ]
            for (guard, source), items in sorted(by_source.items())
        ]
        out += "\n" + table(
            ["guard", "source", "honest answers refused", "examples: prompt → answer, or its name"],
            rows,
        )
    return out
