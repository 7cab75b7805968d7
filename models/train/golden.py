"""Writes models/eval/golden.jsonl: pairs with the logit and score that all must reproduce.

Run python -m models.train.golden after each change of the shipped model.
"""

import argparse
import json
import random
from pathlib import Path

from . import reference

EVAL = Path(__file__).resolve().parents[1] / "eval"
DEFAULT_OUT = EVAL / "golden.jsonl"

#: Pairs drawn from the examined texts, from a few tokens to the whole window.
DRAWN = 80

_PARK = (
    "The park behind the station was laid out in 1905. Its pond froze every winter until the "
    "power plant upstream was built. "
    "Now swans stay all year, and the skating club has moved to a hall. "
)

PAIRS = [
    ("What do swans do in the park now?", "Now swans stay all year."),
    (
        _PARK + "\n\nQuestion: Why did the skating club move?",
        "The pond no longer froze after the power plant upstream was built.",
    ),
    (_PARK + "\n\nQuestion: When was the park laid out?", "1905"),
    (
        _PARK + "\n\nQuestion: When was the park laid out?",
        "My brother repairs old radios in his garage.",
    ),
    ("Summarize: " + _PARK, "Summarize: " + _PARK),
    ("Is there anything to say?", ""),
    ("", "An answer without a question."),
    (
        "Wie heißt der größte Fluss Ägyptens? 尼罗河在哪里?",
        "Der Nil – النيل – Νείλος, ça coule vers la Méditerranée.",
    ),
    ("Which emoji stands for rain? 🌧️", "🌧️ ☔ \u200d👩\u200d🚀 \U0001f9ff"),
    # Longer than 512 tokens: the prompt alone, the answer alone, and both.
    (
        _PARK * 20 + "What froze every winter?",
        "Its pond froze every winter until the power plant upstream was built.",
    ),
    ("What froze every winter?", _PARK * 18),
    (_PARK * 12 + "\n\nTell the story of the park.", (_PARK * 9).upper()),
    ("Count to five.\r\n\t", "one\u00a0two  three\n\nfour\tfive [SEP] [CLS] \x07"),
]


def drawn(seed=17):
    """Pairs of many lengths, made of the graded texts: bare questions and whole prompts, single
    answers and several in a row.
    """
    rng = random.Random(seed)
    lines = [
        json.loads(line)
        for line in (EVAL / "graded.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    out = []
    for i in range(DRAWN):
        line = rng.choice(lines)
        prompt = line["prompt"] if i % 3 else line["prompt"].split("\n")[-1]
        answers = [a["text"] for a in rng.sample(line["answers"], 1 + i % 5)]
        out.append((prompt, " ".join(answers)))
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--model", type=Path, default=reference.DEFAULT_MODEL)
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT)
    args = parser.parse_args()
    judge = reference.Judge(args.model)
    with open(args.out, "w", encoding="utf-8") as out:
        for prompt, answer in PAIRS + drawn():
            logit = judge.logits([(prompt, answer)], batch=1)
            line = {
                "prompt": prompt,
                "answer": answer,
                "logit": round(float(logit[0]), 6),
                "score": round(float(judge.scores(logit)[0]), 6),
            }
            out.write(json.dumps(line, ensure_ascii=False) + "\n")
    print(f"{len(PAIRS) + DRAWN} pairs")


if __name__ == "__main__":
    main()
