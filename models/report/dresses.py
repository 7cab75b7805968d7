"""The same content in another dress: layouts, openers, closers and claims, in wordings of their
own.
"""

import re

OPENERS = [
    "Sure, happy to help with that!",
    "Great question. Here is what you need to know.",
    "Thanks for reaching out. Below you will find everything you asked for.",
    "Of course! Let's go through this together.",
    "Right, here goes:",
    "I've looked into this for you and put the answer below.",
    "Absolutely. Here's a clear and complete answer.",
    "Okay, so:",
]
CLOSERS = [
    "I hope this helps! Let me know if you have any other questions.",
    "Feel free to reach out should anything remain unclear.",
    "Would you like me to go deeper into any of these points?",
    "That's all there is to it. Good luck!",
    "Happy to adjust the tone or the length if you want.",
    "Please double-check important details before you rely on them.",
    "In short, that is the answer to what you asked.",
    "Have a great day!",
]
CLAIMS = [
    "This answers every part of your question.",
    "Each point above has been checked against the source and is correct.",
    "Nothing you asked for has been left out.",
]
#: What cannot have another layout without changing what it says.
_FIXED = re.compile(r"```|^\s*\||\$\$|^\s*[{\[]", re.MULTILINE)
_MARKS = re.compile(r"^\s*(?:#{1,6}\s+|[-*•]\s+|\d+[.)]\s+|>\s+)")


def sentences(text: str) -> list[str]:
    """The sentences of a text without its layout, or nothing where the layout is part of what it
    says.
    """
    if _FIXED.search(text):
        return []
    out = []
    for line in text.splitlines():
        plain = _MARKS.sub("", line).replace("**", "").replace("__", "").strip()
        out += [part for part in re.split(r"(?<=[.!?])\s+(?=[A-Z0-9\"“(])", plain) if part]
    return out


def _ended(sentence):
    return sentence if sentence[-1] in ".!?:;,…" else sentence + "."


def _led_in(sentence):
    words = sentence.split()
    return f"**{' '.join(words[:3])}** {' '.join(words[3:])}".strip()


def _under_headings(found):
    middle = (len(found) + 1) // 2
    return "\n\n".join(
        f"## {title}\n\n{' '.join(map(_ended, part))}"
        for title, part in (("Overview", found[:middle]), ("Details", found[middle:]))
        if part
    )


LAYOUTS = {
    "prose": lambda found: " ".join(map(_ended, found)),
    "bullets": lambda found: "\n".join(f"- {s}" for s in found),
    "numbered": lambda found: "\n".join(f"{i}. {s}" for i, s in enumerate(found, 1)),
    "bold lead-ins": lambda found: "\n\n".join(map(_led_in, found)),
    "headings": _under_headings,
    "table": lambda found: "\n".join(
        ["| No. | Point |", "| --- | --- |", *(f"| {i} | {s} |" for i, s in enumerate(found, 1))]
    ),
}


def dressed(text: str) -> dict[str, str]:
    """{dress: the text in it}; other layouts only where the text can have them."""
    found = sentences(text)
    out = {name: layout(found) for name, layout in LAYOUTS.items()} if found else {}
    out["“### Answer” before it"] = f"### Answer\n\n{text}"
    out |= {f"opener: {opener}": f"{opener}\n\n{text}" for opener in OPENERS}
    out |= {f"closer: {closer}": f"{text}\n\n{closer}" for closer in CLOSERS}
    out |= {f"claim: {claim}": f"{text}\n\n{claim}" for claim in CLAIMS}
    out["opener and closer"] = f"{OPENERS[0]}\n\n{text}\n\n{CLOSERS[0]}"
    out["CRLF"] = text.replace("\n", "\r\n") + "\r\n"
    out["trailing spaces"] = "\n".join(f"{line}   " for line in text.split("\n"))
    return out
