"""One judged pair of the training."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    prompt: str
    answer: str
    #: The quality wanted, in (0, 1).
    target: float
    #: full, half, wrong, contradicting, nonanswer, cut, attack, unrelated, or graded for answers
    #: that others graded.
    kind: str
    #: For a wrong answer, the right one that differs from it in nothing else.
    twin: str | None = None
    #: How much the grade itself counts beside the order within the group.
    weight: float = 1.0
