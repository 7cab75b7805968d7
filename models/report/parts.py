"""An experiment that did not earn its place: does judging each part of a question alone tell half answers from full ones?

python -m models.report.parts --checkpoints FOLDER    prints, for the examined prompts that can be taken apart, how often a full answer is above
others by the logit of the whole prompt, and by mixtures of it with the least logit over the parts.
"""
import argparse
import re
from pathlib import Path

import numpy as np

from ..train import develop, train
from . import cases

#: Where a question goes on with another one.
NEXT = re.compile(
    r"(?:,|;)?\s+(?:and|or|but)\s+(?=(?:in |to |by |under |for |at |from |with |on |of )?(?:who|whom|what|when|where|why|how|which|whose)\b)", re.IGNORECASE)


def parts(prompt):
    """The prompt with each part of its questions alone; nothing if there is one part only."""
    asked = [s for s in re.split(r"(?<=[.?!])\s+|\n+", prompt) if s.endswith("?")]
    found = [(whole, part.rstrip("?") + "?") for whole in asked for part in NEXT.split(whole) if len(part.split()) > 1]
    if len(found) < 2:
        return []
    out = []
    for whole, part in found:
        text = prompt
        for other in asked:
            text = text.replace(other, part[0].upper() + part[1:] if other == whole else "", 1)
        out.append(text.strip())
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--checkpoints", type=Path, default=train.DEFAULT_CHECKPOINTS)
    args = parser.parse_args()
    lines = [(line["prompt"], line["answers"]) for line in cases.load() if parts(line["prompt"])]
    pairs = [(prompt, a["text"]) for whole, answers in lines for prompt in [whole, *parts(whole)] for a in answers]
    found = dict(zip(pairs, develop.logits(train.load_weights(args.checkpoints)[0], pairs)))
    print(f"{len(lines)} prompts that can be taken apart; a full answer above:")
    for share in (0.0, 0.3, 0.5, 0.7, 1.0):
        def score(prompt, answer):
            least = min(found[part, answer] for part in parts(prompt))
            return (1 - share) * found[prompt, answer] + share * min(least, found[prompt, answer])

        def above(grade):
            return 100 * np.mean([score(p, a["text"]) > score(p, b["text"]) for p, answers in lines
                                  for a in answers for b in answers if a["grade"] == "full" and b["grade"] == grade])

        print(f"  parts count for {share}:", ", ".join(f"{grade} {above(grade):.1f}" for grade in ("half", "wrong", "nonanswer")))


if __name__ == "__main__":
    main()
