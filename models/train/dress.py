"""The same content in another dress. Which one is drawn never depends on how good an answer is.

The scorer's normal form (`ocw-scorer/src/text/normal.rs`) takes most of it off again. The model
must learn to pass over the rest.
"""

import random
import re
from collections.abc import Callable

OPENERS = [
    "Sure! ",
    "Of course. ",
    "Certainly! ",
    "Great question! ",
    "Absolutely, here is what you asked for:\n\n",
    "Here is the answer:\n\n",
    "Here's a breakdown:\n\n",
    "Here's how I would put it:\n\n",
    "Okay, so ",
    "In short: ",
    "Answer: ",
    "Thanks for the question. ",
    "Let me explain.\n\n",
    "Let's look at this step by step.\n\n",
    "Happy to help with this one.\n\n",
    "Below you find what you need.\n\n",
    "Good point to raise. ",
    "Right, here we go: ",
    "As requested:\n\n",
    "Quick answer first.\n\n",
    "To answer your question: ",
    "Yes, gladly. ",
    "I looked at this carefully. ",
    "This is what I found:\n\n",
    "My answer:\n\n",
    "Alright! ",
    "Hi there! ",
    "Hello, and thank you for asking. ",
    "No worries, here it is:\n\n",
    "Result:\n\n",
    "Here is a complete and accurate answer:\n\n",
    "After careful consideration, this is the answer:\n\n",
    "## Answer\n\n",
    "### Response\n\n",
    "**Answer**\n\n",
    "**Overview**\n\n",
    "# Result\n\n",
    "## Summary\n\n",
    "> Short version below.\n\n",
    "TL;DR below.\n\n",
]
CLOSERS = [
    " I hope this helps!",
    "\n\nLet me know if you have any other questions.",
    "\n\nFeel free to ask if anything is unclear.",
    "\n\nHope that clears it up!",
    " That should cover it.",
    "\n\nThat's all there is to it.",
    " In summary, that answers your question.",
    "\n\nThis covers every part of your question.",
    "\n\nHappy to go into more detail on any point.",
    " Does that make sense?",
    "\n\nPlease tell me if you want this in another format.",
    "\n\n---\n*End of answer*",
    " Good luck!",
    "\n\nBest of luck with it!",
    "\n\nI have double-checked all of the above.",
    "\n\nAll of this is confirmed and accurate.",
    "\n\nWould you like me to expand on this?",
    "\n\nIf something is missing, just say so.",
    "\n\nReach out any time.",
    " Thanks for asking!",
    "\n\nHave a great day!",
    "\n\nCheers!",
    "\n\nThis answer is complete and correct.",
    "\n\nTo sum up, every point you raised has been dealt with.",
    "\n\nI trust this is what you needed.",
    "\n\nAnything else I can do for you?",
    "\n\nIn conclusion, the points above answer the question in full.",
    "\n\nOverall, that is the complete picture.",
    "\n\n**Note:** this was checked carefully.",
    "\n\nCall again whenever you like.",
]
_HEADINGS = [
    "Overview",
    "Details",
    "Key points",
    "Explanation",
    "In short",
    "What matters",
    "Background",
    "Points",
    "The answer",
    "Notes",
]
_LEADS = ["Point", "Note", "Item", "Step", "Detail", "Fact"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\"'*(])")


def is_rigid(text):
    """Whether a text's layout is its content: code, data, tables, numbered formulas."""
    return "```" in text or "|" in text or text.lstrip()[:1] in "{[<" or text.count("\n") > 30


def sentences(text):
    """The sentences of a text in one line each, its own layout taken off."""
    plain = re.sub(r"\*\*|__|`|^#+\s*|^\s*[-*•]\s+", "", text, flags=re.M)
    return [s.strip() for line in plain.split("\n") for s in _SENTENCE.split(line) if s.strip()]


def _prose(rng, parts):
    return " ".join(parts)


def _lines(rng, parts):
    return rng.choice(["\n", "\n\n"]).join(parts)


def _bullets(rng, parts):
    mark = rng.choice(["- ", "* ", "• "])
    return "\n".join(mark + p for p in parts)


def _numbered(rng, parts):
    after = rng.choice([". ", ") "])
    return "\n".join(f"{i}{after}{p}" for i, p in enumerate(parts, 1))


def _bold(rng, parts):
    out = []
    for p in parts:
        words = p.split(" ")
        count = min(len(words), rng.randint(1, 3))
        out.append(f"**{' '.join(words[:count])}** {' '.join(words[count:])}".strip())
    return rng.choice([" ", "\n\n"]).join(out)


def _headed(rng, parts):
    size = rng.randint(1, 3)
    names = rng.sample(_HEADINGS, len(_HEADINGS))
    blocks = [parts[i : i + size] for i in range(0, len(parts), size)]
    marks = rng.choice(["## ", "### ", "**"])
    end = "**" if marks == "**" else ""
    return "\n\n".join(
        f"{marks}{names[i % len(names)]}{end}\n{' '.join(block)}"
        for i, block in enumerate(blocks[:8])
    ) + ("\n" + " ".join(p for block in blocks[8:] for p in block) if len(blocks) > 8 else "")


def _table(rng, parts):
    lead = rng.choice(_LEADS)
    rows = "\n".join(f"| {lead} {i} | {p.replace('|', '/')} |" for i, p in enumerate(parts, 1))
    return f"| {lead} | Content |\n|---|---|\n{rows}"


_LAYOUTS = [_prose, _prose, _lines, _bullets, _bullets, _numbered, _bold, _headed, _table]


def _typo(rng, text):
    """A few letters wrong in words that hold no digit."""
    words = text.split(" ")
    for _ in range(max(1, len(words) // 40)):
        at = rng.randrange(len(words))
        word = words[at]
        if len(word) > 4 and word.isalpha():
            i = rng.randrange(1, len(word) - 2)
            words[at] = rng.choice(
                [
                    word[:i] + word[i + 1 :],
                    word[:i] + word[i + 1] + word[i] + word[i + 2 :],
                    word[:i] + word[i] + word[i:],
                ]
            )
    return " ".join(words)


def draw(rng: random.Random) -> Callable[[str], str]:
    """A dress as a function of a text. The same dress can be put on several texts: it draws nothing
    itself.
    """
    seed = rng.getrandbits(32)
    layout = rng.random() < 0.45
    opener = rng.choice(OPENERS) if rng.random() < 0.22 else ""
    closer = rng.choice(CLOSERS) if rng.random() < 0.25 else ""
    typos, lower, spaces = rng.random() < 0.06, rng.random() < 0.03, rng.random() < 0.05

    def put_on(text):
        own = random.Random(seed)
        style = own.choice(_LAYOUTS)
        if layout and not is_rigid(text):
            parts = sentences(text)
            if len(parts) > 1:
                text = style(own, parts)
        if typos and not is_rigid(text):
            text = _typo(random.Random(seed), text)
        if lower and not is_rigid(text):
            text = text.lower()
        text = opener + text + closer
        return text.replace("\n", "  \r\n") if spaces else text

    return put_on
