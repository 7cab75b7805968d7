"""What the judge is measured against: cheap rules, the untrained backbone, and the judge before."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from . import attacks, cases, measures
from .cache import Kept, key
from .examination import WRITTEN, Examination
from .markdown import percent, table
from .minilm import Embeddings

#: The grades and attacks that the baselines are compared on.
COMPARED = (
    "half",
    "wrong",
    "wrong_other",
    "nonanswer",
    "restated",
    "shell",
    attacks.BEGINNING,
    "unrelated",
    "echo",
    "opener plus unrelated",
)


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return re.findall(r"\w+", text.lower())


def length(pairs: Sequence[tuple[str, str]]) -> list[int]:
    """The longer, the better."""
    return [len(answer.split()) for _, answer in pairs]


def token_f1(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """The F1 of the words that prompt and answer share."""
    out = []
    for prompt, answer in pairs:
        p, a = Counter(words(prompt)), Counter(words(answer))
        shared = sum((p & a).values())
        out.append(2 * shared / max(1, sum(p.values()) + sum(a.values())))
    return out


def bm25(pairs: Sequence[tuple[str, str]], k1: float = 1.2, b: float = 0.75) -> list[float]:
    """BM25 of the answer as a document, the prompt as the query (Robertson and Zaragoza 2009, eq.
    3.15).
    """
    answers = [Counter(words(answer)) for _, answer in pairs]
    often = Counter(word for answer in answers for word in answer)
    mean = np.mean([sum(answer.values()) for answer in answers])
    out = []
    for (prompt, _), answer in zip(pairs, answers):
        norm = k1 * (1 - b + b * sum(answer.values()) / mean)
        out.append(
            sum(
                np.log(1 + (len(pairs) - often[w] + 0.5) / (often[w] + 0.5))
                * answer[w]
                * (k1 + 1)
                / (answer[w] + norm)
                for w in set(words(prompt))
                if w in answer
            )
        )
    return out


def cosine(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """The cosine of the whole prompt and the whole answer, by the untouched backbone."""
    kept = Kept("minilm-cosine")
    new = {key(*pair): pair for pair in pairs if key(*pair) not in kept.known}
    if new:
        embeddings = Embeddings()
        vectors = {
            text: embeddings.of(text) for text in {text for pair in new.values() for text in pair}
        }
        kept.add({k: round(float(vectors[p] @ vectors[a]), 6) for k, (p, a) in new.items()})
    return [kept.known[key(*pair)] for pair in pairs]


def section(exam: Examination) -> str:
    """A table for each column of written texts."""
    out = []
    for column, title in WRITTEN.items():
        chosen = [
            (c, s)
            for c, s in zip(exam.cases[column], exam.scores[column])
            if c.grade in ("full", *COMPARED)
        ]
        found = [c for c, _ in chosen]
        pairs = [c.pair for c in found]
        by_judge = {
            "judge": [s for _, s in chosen],
            "the judge before": exam.previous.scores(pairs),
            "length": length(pairs),
            "token F1": token_f1(pairs),
            "BM25": bm25(pairs),
            "cosine": cosine(pairs),
        }
        rows = []
        for grade in COMPARED:
            figures = [
                measures.accuracy(found, scores, "full", grade).value if scores else None
                for scores in by_judge.values()
            ]
            rows.append([f"full above {grade}", *map(percent, figures)])
        rows.append(
            [
                "Spearman of the four grades",
                *(
                    "–"
                    if scores is None
                    else f"{measures.correlation(found, scores, cases.CORE).value:.2f}"
                    for scores in by_judge.values()
                ),
            ]
        )
        known = [row for row in rows if row[1] != "–"]
        out.append(f"### {title[0].upper()}{title[1:]}\n{table(['', *by_judge], known)}")
    return "\n".join(out)
