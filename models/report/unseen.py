"""The judge on public sources that training never read: pairs of answers whose qualities are
clearly apart.
"""

from collections import defaultdict

from . import baselines, measures, sources
from .examination import Examination
from .markdown import interval, percent, table
from .measures import Estimate

NOT_MEASURED = "not measured: needs the data folder"
#: From which and up to which quality a worse answer counts as a half one.
HALF = (0.3, 0.65)
FULL = 0.85


def agreement(pairs, scores, chosen=lambda pair: True):
    """(won, of) for each group: how often the better answer of its pairs has the higher score."""
    won = defaultdict(list)
    for pair, (better, worse) in zip(pairs, scores):
        if chosen(pair):
            won[pair.group].append(measures.win(better, worse))
    return [sum(w) for w in won.values()], [len(w) for w in won.values()]


def by(rule, pairs):
    """[(score of the better, score of the worse)] by another rule; None where it does not know."""
    scores = rule([(p.prompt, text) for p in pairs for text in (p.better, p.worse)])
    return None if scores is None else list(zip(scores[::2], scores[1::2]))


def full_above(exam: Examination, grade: str) -> Estimate | None:
    """A full answer above a half or a wrong one, over all pairs of unseen sources; None for other
    grades.
    """
    chosen = {
        "half": lambda p: p.quality[0] >= FULL and HALF[0] <= p.quality[1] <= HALF[1],
        "wrong": lambda p: p.quality[0] >= FULL and p.quality[1] < HALF[0],
    }.get(grade)
    if chosen is None:
        return None
    found = [
        agreement(pairs, exam.pair_scores[source], chosen) for source, pairs in exam.pairs.items()
    ]
    return measures.share([w for won, _ in found for w in won], [n for _, of in found for n in of])


def human(exam: Examination) -> dict[str, tuple]:
    """{source of human preferences: (the judge's agreement, that of "the longer one wins")}, by
    group.
    """
    return {
        source: (
            agreement(exam.pairs[source], exam.pair_scores[source]),
            agreement(exam.pairs[source], by(baselines.length, exam.pairs[source])),
        )
        for source in sources.HUMAN
        if source in exam.pairs
    }


def section(exam: Examination) -> str:
    """A table with a line for each source."""
    if not exam.data:
        return f"{NOT_MEASURED[0].upper()}{NOT_MEASURED[1:]}.\n"
    shared = sources.shared_prompts(exam.data)
    rows = []
    for source, pairs in sorted(
        exam.pairs.items(), key=lambda item: (item[0] not in sources.HUMAN, item[0])
    ):
        rules = [
            by(rule, pairs) for rule in (baselines.length, baselines.token_f1, exam.previous.scores)
        ]
        rows.append(
            [
                source,
                "yes" if source in sources.HUMAN else "–",
                len(pairs),
                interval(measures.share(*agreement(pairs, exam.pair_scores[source]))),
                *(
                    percent(measures.share(*agreement(pairs, scores)).value) if scores else "–"
                    for scores in rules
                ),
                f"{shared[source]:.0f}",
            ]
        )
    without = sorted(set(exam.by_source) - set(exam.pairs))
    return table(
        [
            "source",
            "human preference",
            "pairs",
            "judge",
            "longer wins",
            "token F1",
            "the judge before",
            "of 100 prompts also in a source trained on",
        ],
        rows,
    ) + (f"\nWithout pairs that are far enough apart: {', '.join(without)}.\n" if without else "")
