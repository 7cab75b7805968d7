"""Writes models/REPORT.md and its plots: how good the judge is, and where it is not. Run it with `make judge-report`."""
import argparse
import hashlib
import json
import time
from collections import Counter
from pathlib import Path

import numpy as np

from ..train import reference
from . import baselines, cases, judge, measures, plots

MODELS = Path(__file__).resolve().parents[1]
FAMILIES = ("passage", "open", "summary", "instruction")
#: What a full answer must score above, and in how many of 100 comparisons.
BARS = [
    ("unrelated", 97), ("echo", 97), ("echo plus wrong", 97), ("repetition", 97), ("stuffing", 97), ("opener", 97), ("opener plus unrelated", 97),
    ("order", 97), ("order plus unrelated", 97), ("noise", 97), ("half", 85), ("wrong", 80), ("nonanswer", 80),
]
GUARDS = ("empty", "noise", "repetition", "echo", "keywords")
HONEST = ("full", "padded", "half")


def percent(x):
    return "–" if np.isnan(x) else f"{x:.1f}"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def reached(judged, name):
    bars = dict(BARS)
    return "" if name not in bars else "yes" if judged >= bars[name] else "**no**"


def bars_section(all_cases, by_judge):
    rows = []
    for name, bar in BARS:
        # Contradicting an open question's facts is another thing than contradicting a passage.
        family = "passage" if name == "wrong" else None
        figures = [measures.accuracy(all_cases, scores, "full", name, family) for scores in by_judge.values()]
        title = f"{name}, passage given" if family else name
        rows.append([title, bar, figures[0][1]] + [percent(f) for f, _ in figures] + [reached(figures[0][0], name)])
    for title, grades, bar in (("all", None, 0.75), ("full, half, wrong, nonanswer", cases.CORE, 0.45)):
        figures = [measures.correlation(all_cases, scores, grades)[1] for scores in by_judge.values()]
        rows.append([f"Spearman, {title}", bar, "–"] + [f"{f:.3f}" for f in figures] + ["yes" if figures[0] >= bar else "**no**"])
    return table(["a full answer above", "bar", "comparisons"] + list(by_judge) + ["reached"], rows)


def families_section(all_cases, by_judge):
    rows = []
    for family in FAMILIES:
        for title, grades in (("all", None), ("core", cases.CORE)):
            found = [measures.correlation(all_cases, scores, grades, family) for scores in by_judge.values()]
            rows.append([family, title] + [f"{p:.2f} / {s:.2f}" for p, s in found])
    return table(["family", "grades"] + list(by_judge), rows)


def grades_section(all_cases, scores):
    rows = []
    pairs = [("full", "padded"), ("full", "half"), ("full", "wrong"), ("full", "nonanswer"), ("padded", "half"), ("half", "wrong"), ("half", "nonanswer"),
             ("wrong", "unrelated"), ("nonanswer", "unrelated")]
    for better, worse in pairs:
        rows.append([f"{better} above {worse}", percent(measures.accuracy(all_cases, scores, better, worse)[0])] +
                    [percent(measures.accuracy(all_cases, scores, better, worse, family)[0]) for family in FAMILIES])
    return table(["", "all"] + list(FAMILIES), rows)


def attacks_section(all_cases, verdicts, scores, model_only):
    rows = []
    for name in sorted({c.grade for c in all_cases} - set(cases.WORTH)):
        chosen = [i for i, c in enumerate(all_cases) if c.grade == name]
        settled = Counter(verdicts[i].guard for i in chosen if verdicts[i].guard)
        rows.append([
            name, percent(measures.accuracy(all_cases, scores, "full", name)[0]), percent(measures.accuracy(all_cases, model_only, "full", name)[0]),
            f"{np.median([scores[i] for i in chosen]):.3f}", f"{np.percentile([scores[i] for i in chosen], 90):.3f}",
            ", ".join(f"{guard} {count}" for guard, count in settled.most_common()) or "–", len(chosen),
        ])
    return table(["attack", "full above it, of 100", "model alone", "median score", "90th percentile", "settled by guards", "tried"], rows)


def variants_section(model, program, all_cases, scores):
    """A right answer in another language or in letters that only look right: how it fares against the plain one and against one to something else."""
    others = cases.variants()
    verdicts = judge.verdicts([(c.prompt, c.answer) for c in others], model, program)
    everything, every_score = all_cases + others, scores + [v.score for v in verdicts]
    rows = []
    for name in sorted({c.grade for c in others}):
        chosen = [v for c, v in zip(others, verdicts) if c.grade == name]
        settled = Counter(v.guard for v in chosen if v.guard)
        rows.append([name, percent(measures.accuracy(everything, every_score, "full", name)[0]), percent(measures.accuracy(everything, every_score, name, "unrelated")[0]),
                     f"{np.median([v.score for v in chosen]):.3f}", ", ".join(f"{g} {n}" for g, n in settled.most_common()) or "–", len(chosen)])
    return table(["a full answer", "plain one above it, of 100", "it above an unrelated one", "median score", "settled by guards", "tried"], rows)


def guards_section(all_cases, verdicts, scores, model_only):
    rows = []
    honest = [i for i, c in enumerate(all_cases) if c.grade in HONEST]
    dishonest = [i for i, c in enumerate(all_cases) if c.grade not in cases.WORTH]
    for guard in GUARDS:
        without = [m if v.guard == guard else s for v, s, m in zip(verdicts, scores, model_only)]
        rows.append([
            guard, f"{sum(verdicts[i].guard == guard for i in honest)} of {len(honest)}", f"{sum(verdicts[i].guard == guard for i in dishonest)} of {len(dishonest)}",
            f"{measures.correlation(all_cases, scores)[1]:.3f}", f"{measures.correlation(all_cases, without)[1]:.3f}",
        ])
    return table(["guard", "honest answers settled", "attacks settled", "Spearman with it", "without it"], rows)


def stability(model, program, lines):
    """How far the score moves when only white space or letter case does: mean and largest difference."""
    base = [(line["prompt"], a["text"]) for line in lines for a in line["answers"][:1]]
    forms = {"white space": lambda t: "  " + t.replace(" ", "  ").replace(". ", ".\n"), "lower case": str.lower, "upper case": str.upper}
    plain = [v.score for v in judge.verdicts(base, model, program)]
    rows = []
    for name, form in forms.items():
        moved = [abs(v.score - p) for v, p in zip(judge.verdicts([(p, form(a)) for p, a in base], model, program), plain)]
        rows.append([name, f"{np.mean(moved):.4f}", f"{np.max(moved):.4f}"])
    return table(["changed in the answer", "mean difference of the score", "largest"], rows)


#: The grades whose errors the simulation draws from, by the least worth of the answers that they stand for there.
ERRORS = {0.0: ("unrelated",), 0.08: ("wrong", "nonanswer"), 0.35: ("half",), 0.7: ("padded",), 0.9: ("full",)}


def write_errors(path, all_cases, scores, digest, count=40):
    """The judge's errors as a file for the simulation: for each grade, evenly spaced quantiles of the score less the grade's worth."""
    lines = [f"# Written by `make judge-report` for the model {digest}: the score less the worth of the grade, on hand-written answers.", "judge_errors = ["]
    for least, grades in ERRORS.items():
        errors = [s - c.worth for c, s in zip(all_cases, scores) if c.grade in grades]
        quantiles = np.quantile(errors, (np.arange(count) + 0.5) / count)
        lines.append(f"  {{ from = {least}, errors = [{', '.join(f'{e:.3f}' for e in quantiles)}] }},")
    path.write_text("\n".join(lines + ["]"]) + "\n", encoding="utf-8")


def length_section(all_cases, scores):
    rows = []
    for grade in ("full", "half", "wrong", "nonanswer"):
        chosen = [(len(c.answer.split()), s) for c, s in zip(all_cases, scores) if c.grade == grade]
        words, score = zip(*chosen)
        rows.append([grade, f"{np.mean(words):.0f}", f"{np.mean(score):.3f}", f"{measures.spearman(words, score):+.2f}"])
    return table(["grade", "mean words", "mean score", "Spearman of words and score"], rows)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=reference.DEFAULT_MODEL)
    parser.add_argument("--program", type=Path, help="the ocw-scorer to ask; the one that `make build` made if left out")
    parser.add_argument("--first", type=Path, default=MODELS / "eval" / "first-judge.json", help="scores of the project's first judge on the same cases")
    parser.add_argument("--notes", type=Path, default=MODELS / "report" / "NOTES.md", help="the analysis that goes into the report")
    parser.add_argument("--errors", type=Path, default=MODELS.parent / "tests" / "simulation" / "profiles" / "judge-errors.toml", help="the judge's errors, for the simulation")
    parser.add_argument("--out", type=Path, default=MODELS)
    args = parser.parse_args()

    all_cases = cases.cases()
    pairs = [(c.prompt, c.answer) for c in all_cases]
    start = time.monotonic()
    verdicts = judge.verdicts(pairs, args.model, args.program)
    seconds = time.monotonic() - start
    scores = [v.score for v in verdicts]
    alone = reference.Judge(args.model)
    model_only = alone.scores(alone.logits(pairs)).tolist()
    embeddings = baselines.Embeddings()
    by_judge = {"judge": scores}
    if args.first.exists():
        first = json.loads(args.first.read_text(encoding="utf-8"))
        by_judge["first judge"] = [first[case_key(c)] for c in all_cases]
    by_judge |= {"cosine": baselines.cosine(pairs, embeddings), "alignment": baselines.alignment(pairs, embeddings),
                 "BM25": baselines.bm25(pairs), "token F1": baselines.token_f1(pairs)}

    lines = cases.load()
    settled = sum(v.guard is not None for v in verdicts)
    digest = hashlib.sha256((args.model / "manifest.json").read_bytes()).hexdigest()
    grades = Counter(c.grade for c in all_cases)
    plots.scores_by_grade(args.out / "report-grades.png", all_cases, scores)
    plots.calibration(args.out / "report-calibration.png", all_cases, scores)
    text = f"""# How good the judge is

Written by `make judge-report` from the model with the digest `{digest}`; every figure is its output.

Examined on {len(lines)} prompts written by hand for this (`models/eval/graded.jsonl`; {", ".join(f"{n} {f}" for f, n in Counter(l["family"] for l in lines).most_common())}), each
with eight graded answers, and on {len(grades) - len(cases.WORTH)} attacks made of each (`models/report/cases.py`): {len(all_cases)} judgements. No training step reads these texts; a test asserts
that they share no run of twelve words with what is trained on. *Judge* is the program with its guards and windows, *cosine* the untouched backbone's bi-encoder over the whole
texts, *alignment* the same over sentences (the best prompt sentence for each answer sentence, averaged). A tie counts half.

## The bars
{bars_section(all_cases, by_judge)}
## Correlation with the grades, by family
Pearson / Spearman. *all* includes the attacks, *core* is full, half, wrong and nonanswer alone.

{families_section(all_cases, by_judge)}
## Grade against grade
{grades_section(all_cases, scores)}
![scores by grade](report-grades.png)

## Attacks
{attacks_section(all_cases, verdicts, scores, model_only)}
The right answer itself, in another language (`models/eval/languages.jsonl`) or in characters that only look right:

{variants_section(args.model, args.program, all_cases, scores)}
## Guards, each audited
{guards_section(all_cases, verdicts, scores, model_only)}
The cascade: guards settled {settled} of {len(all_cases)} cases here ({100 * settled / len(all_cases):.1f} of 100), which never reached the model. The {len(all_cases)} judgements took {seconds:.0f} s.

## Calibration
![calibration](report-calibration.png)

## Length
{length_section(all_cases, scores)}
## Stability
{stability(args.model, args.program, lines)}
{args.notes.read_text(encoding="utf-8") if args.notes.exists() else ""}"""
    write_errors(args.errors, all_cases, scores, digest)
    (args.out / "REPORT.md").write_text(text, encoding="utf-8")
    print(bars_section(all_cases, by_judge))


def case_key(case):
    """Names a case in a file of scores."""
    return hashlib.sha256(f"{case.prompt}\0{case.answer}".encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
