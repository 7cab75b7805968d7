"""Writes models/REPORT.md and its plots: how good the judge is, and where it is not (`make judge-report`)."""

import argparse
from pathlib import Path

from . import (
    baselines,
    cache,
    dressed,
    errors,
    families,
    guards,
    hands,
    headline,
    length,
    plots,
    previous,
    search,
    sources,
    unseen,
)
from .examination import Examination
from .judge import DEFAULT_MODEL, ROOT

MODELS = ROOT / "models"
PROFILE = ROOT / "tests" / "simulation" / "profiles" / "judge-errors.toml"


#: What writes each part, from the examination and the adversary.
PARTS = {
    "headline": lambda exam, adversary: headline.section(headline.bars(exam, adversary)),
    "families": lambda exam, _: families.section(exam),
    "attacks": lambda exam, _: families.attacks_section(exam),
    "unseen": lambda exam, _: unseen.section(exam),
    "baselines": lambda exam, _: baselines.section(exam),
    "dresses": lambda exam, _: dressed.section(exam),
    "variants": lambda exam, _: dressed.variants_section(exam),
    "guards": lambda exam, _: guards.section(exam),
    "length": lambda exam, _: length.section(exam),
    "windows": lambda exam, _: length.windows_section(exam),
    "search": lambda _, adversary: adversary.section(),
}


def report(exam: Examination, adversary: search.Search) -> str:
    """The whole text."""
    found = headline.bars(exam, adversary)
    part = {name: write(exam, adversary) for name, write in PARTS.items() if name != "headline"}
    return f"""# How good the judge is

{headline.summary(found)}
Written by `make judge-report` from the model with the digest `{exam.judge.digest}`,
in {len(exam.judge.asked)} judgements; every figure is its output. A tie counts half. In brackets: 95 % confidence
intervals, from prompts drawn anew.

## 1. Whose hand
{hands.section(exam)}
The grades are full (two of each), half (true, but a demand is not met), wrong and wrong_other (a fact that matters is
false; wrong has the layout of one full answer, wrong_other that of the other), nonanswer (on topic, answers nothing).
All are of like length and style within a prompt. *restated* says the question back, *shell* is the layout of an answer
without content. The goals of short texts hold for the own hand, too, whose texts are short.

## 2. The bars
In the column of unseen sources, *full* are answers of a quality of {unseen.FULL} at least, *half* of {unseen.HALF[0]}
to {unseen.HALF[1]}, *wrong* below; attacks are made of a few prompts of each source.

{headline.section(found)}
![scores by grade](report-grades.png)

## 3. By family, and unseen sources
{part["families"]}
### Attacks
{part["attacks"]}
### Unseen sources
Pairs of answers to one prompt whose qualities are 0.3 apart or more, at most {exam.pairs_of_a_source} of a source: of
100, how often the better one scores higher.

{part["unseen"]}
## 4. Baselines
*Length* and *token F1* (of prompt and answer) need no model, *BM25* takes the prompt for a query, *cosine* is that of
the untouched all-MiniLM-L6-v2, *the judge before* is the one that this one replaces
(`models/eval/previous-judge.json`).

{part["baselines"]}
## 5. Same content, other dress
Full and wrong answers of {sum(dressed.PROMPTS.values())} prompts in other layouts, with openers, closers and claims of
completeness that training does not read; a layout only where it is no part of the answer. Prompts that ask for a form
are left out.

{part["dresses"]}
The right answer in another language or other letters:

{part["variants"]}
## 6. Guards
All written grades, and right answers (quality of {sources.RIGHT} at least) of all public sources, up to
{guards.OF_A_SOURCE} of each.

{part["guards"]}
## 7. Calibration, length, windows
![calibration](report-calibration.png)

![length](report-length.png)

{part["length"]}
A full and a wrong answer behind full answers to other prompts of the family:

{part["windows"]}
## 8. An adversary who has the model
From a wrong, a half and a non-answer of {sum(search.PROMPTS.values())} prompts, up to {adversary.budget} judgements
each: a beam search over edits that keep the answer as wrong as it was (`models/report/edits.py`), until it scores as
the plain full one.

{part["search"]}"""


def main() -> None:
    """Reads the command line and does what it says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        type=Path,
        help="the folder of public graded texts; without it unseen sources are not measured",
    )
    parser.add_argument("--model", type=Path, default=DEFAULT_MODEL)
    parser.add_argument(
        "--program",
        type=Path,
        help="the ocw-scorer to ask; the one that `make build` made if left out",
    )
    parser.add_argument(
        "--only",
        choices=PARTS,
        help="print this part and write nothing",
    )
    parser.add_argument(
        "--remember",
        nargs=2,
        type=Path,
        metavar=("PROGRAM", "MODEL"),
        help="keep the verdicts of this judge as those of the judge before, and stop",
    )
    parser.add_argument("--pairs", type=int, default=300, help="pairs of one unseen source at most")
    parser.add_argument(
        "--budget", type=int, default=150, help="judgements of the adversary for one answer at most"
    )
    parser.add_argument("--jobs", type=int, default=1, help="programs that judge at the same time")
    parser.add_argument(
        "--profile",
        type=Path,
        default=PROFILE,
        help="where the simulation reads the judge's errors",
    )
    parser.add_argument("--out", type=Path, default=MODELS)
    args = parser.parse_args()

    program, model = args.remember or (args.program, args.model)
    exam = Examination(cache.Judge(model, program, args.jobs), args.data, args.pairs)
    if args.remember:
        previous.remember(exam.judge, exam.to_remember())
        return
    adversary = search.Search(exam, args.budget)
    if args.only:
        print(PARTS[args.only](exam, adversary))
        return
    text = report(exam, adversary)
    plots.scores_by_grade(args.out / "report-grades.png", exam)
    plots.calibration(args.out / "report-calibration.png", exam)
    plots.length(args.out / "report-length.png", exam)
    errors.write(exam, args.profile)
    (args.out / "REPORT.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
