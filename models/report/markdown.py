"""How figures and tables are written."""

import math


def table(header, rows):
    """A Markdown table."""
    lines = ["| " + " | ".join(header) + " |", "| " + " | ".join("---" for _ in header) + " |"]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows]) + "\n"


def percent(x):
    """A share of 100 with one digit, or a dash where nothing was compared."""
    return "–" if x is None or math.isnan(x) else f"{x:.1f}"


def interval(estimate, digits=1):
    """An estimate with its 95 % confidence interval, if it has one."""
    if estimate is None or math.isnan(estimate.value):
        return "–"
    spread = "" if math.isnan(estimate.low) else f" ({estimate.low:.{digits}f} to {estimate.high:.{digits}f})"
    return f"{estimate.value:.{digits}f}{spread}"


def quoted(text, most=110):
    """The beginning of a text in one line, safe inside a table."""
    line = " ".join(text.split()).replace("|", "\\|").replace("`", "'")
    return f"`{line[:most]}{'…' if len(line) > most else ''}`"
