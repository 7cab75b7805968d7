"""How figures and tables are written."""

import math
from collections.abc import Iterable, Sequence

from .measures import Estimate


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def percent(x: float | None) -> str:
    """A share of 100 with one digit, or a dash where nothing was compared."""
    return "–" if x is None or math.isnan(x) else f"{x:.1f}"


def interval(estimate: Estimate | None, digits: int = 1) -> str:
    """An estimate with its 95 % confidence interval, if it has one."""
    if estimate is None or math.isnan(estimate.value):
        return "–"
    spread = (
        ""
        if math.isnan(estimate.low)
        else f" ({estimate.low:.{digits}f} to {estimate.high:.{digits}f})"
    )
    return f"{estimate.value:.{digits}f}{spread}"


def quoted(text: str, most: int = 110) -> str:
    """The beginning of a text in one line, safe inside a table."""
    line = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return f"`{line[:most]}{'…' if len(line) > most else ''}`"
