"""From cases and their scores to figures with confidence intervals, by resampling the prompts."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from .cases import Case

SEED = 7
RESAMPLES = 1000


@dataclass(frozen=True)
class Estimate:
    """A figure, the ends of its 95 % confidence interval, and how many comparisons it stands on."""

    value: float
    low: float
    high: float
    count: int


def _interval(values):
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return float(low), float(high)


def share(won: Sequence[float], of: Sequence[float]) -> Estimate:
    """Of 100, how many were won; `won` and `of` have an entry for each prompt, which are what is
    resampled.
    """
    won, of = np.asarray(won, float), np.asarray(of, float)
    if not len(of) or of.sum() == 0:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    drawn = np.random.default_rng(SEED).multinomial(
        len(of), np.full(len(of), 1 / len(of)), size=RESAMPLES
    )
    return Estimate(
        100 * won.sum() / of.sum(),
        *_interval(100 * (drawn @ won) / np.maximum(drawn @ of, 1e-9)),
        int(of.sum()),
    )


def win(better: float, worse: float) -> float:
    """1 where the better answer scores above the worse one; a tie counts half."""
    return 1.0 if better > worse else 0.5 if better == worse else 0.0


def accuracy(
    cases: Sequence[Case],
    scores: Sequence[float],
    better: str,
    worse: str,
    family: str | None = None,
) -> Estimate:
    """How often a `better` answer scores above a `worse` one to the same prompt."""
    by_prompt = defaultdict(lambda: ([], []))
    for case, score in zip(cases, scores):
        if family is None or case.family == family:
            if case.grade == better:
                by_prompt[case.prompt_id][0].append(score)
            elif case.grade == worse:
                by_prompt[case.prompt_id][1].append(score)
    compared = [[win(b, w) for b in bs for w in ws] for bs, ws in by_prompt.values() if bs and ws]
    return share([sum(won) for won in compared], [len(won) for won in compared])


def spearman(x: Sequence[float], y: Sequence[float]) -> float:
    """The correlation of ranks; 0 where one side does not vary."""
    x, y = rankdata(x), rankdata(y)
    return 0.0 if x.std() == 0 or y.std() == 0 else float(np.corrcoef(x, y)[0, 1])


def correlation(
    cases: Sequence[Case],
    scores: Sequence[float],
    grades: Sequence[str],
    family: str | None = None,
    resamples: int = 300,
) -> Estimate:
    """Spearman of the scores with the worth of these grades."""
    by_prompt = defaultdict(list)
    for case, score in zip(cases, scores):
        if case.grade in grades and (family is None or case.family == family):
            by_prompt[case.prompt_id].append((case.worth, score))
    prompts = [np.array(found) for found in by_prompt.values()]
    if not prompts:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    rng = np.random.default_rng(SEED)
    drawn = [
        spearman(
            *np.concatenate([prompts[i] for i in rng.integers(len(prompts), size=len(prompts))]).T
        )
        for _ in range(resamples)
    ]
    everything = np.concatenate(prompts)
    return Estimate(spearman(*everything.T), *_interval(drawn), len(everything))


def mean_of_shares(groups: Iterable[tuple[Sequence[float], Sequence[float]]]) -> Estimate:
    """The mean of several sources' shares, each source resampled for itself; `groups` holds (won,
    of) for each.
    """
    rng = np.random.default_rng(SEED)
    values, drawn = [], []
    for won, of in groups:
        won, of = np.asarray(won, float), np.asarray(of, float)
        values.append(100 * won.sum() / of.sum())
        chosen = rng.multinomial(len(of), np.full(len(of), 1 / len(of)), size=RESAMPLES)
        drawn.append(100 * (chosen @ won) / np.maximum(chosen @ of, 1e-9))
    if not values:
        return Estimate(float("nan"), float("nan"), float("nan"), 0)
    return Estimate(
        float(np.mean(values)),
        *_interval(np.mean(drawn, axis=0)),
        int(sum(sum(of) for _, of in groups)),
    )
