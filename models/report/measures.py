"""From cases and their scores to the figures of the report."""
from collections import defaultdict

import numpy as np


def ranks(values):
    """Ranks from 1, the mean rank for equal values."""
    values = np.asarray(values, float)
    order = np.argsort(values, kind="stable")
    out = np.empty(len(values))
    out[order] = np.arange(1, len(values) + 1)
    for value in np.unique(values):
        same = values == value
        out[same] = out[same].mean()
    return out


def pearson(x, y):
    x, y = np.asarray(x, float), np.asarray(y, float)
    if x.std() == 0 or y.std() == 0:
        return 0.0
    return float(np.corrcoef(x, y)[0, 1])


def spearman(x, y):
    return pearson(ranks(x), ranks(y))


def accuracy(cases, scores, better, worse, family=None):
    """(of 100, comparisons): how often a `better` answer scores above a `worse` one to the same prompt; a tie counts half."""
    by_prompt = defaultdict(lambda: ([], []))
    for case, score in zip(cases, scores):
        if family is None or case.family == family:
            if case.grade == better:
                by_prompt[case.prompt_id][0].append(score)
            elif case.grade == worse:
                by_prompt[case.prompt_id][1].append(score)
    won = [1.0 if b > w else 0.5 if b == w else 0.0 for bs, ws in by_prompt.values() for b in bs for w in ws]
    return (100 * float(np.mean(won)) if won else float("nan")), len(won)


def correlation(cases, scores, grades=None, family=None):
    """(Pearson, Spearman) of scores with the grades' worth."""
    chosen = [(c.worth, s) for c, s in zip(cases, scores) if (grades is None or c.grade in grades) and (family is None or c.family == family)]
    worth, score = zip(*chosen)
    return pearson(worth, score), spearman(worth, score)
