"""Whose hand wrote what is examined, and what training never saw."""

from .cases import FILES
from .cases import WRITTEN as GRADES
from .examination import WRITTEN, Examination
from .judge import ROOT
from .markdown import table

WHO = {
    "own": "the author of the hand-written training texts, other prompts",
    "short": "another author, who never saw how the judge is trained or scores",
    "chat": "other authors, a family each, who never saw how the judge is trained or scores",
}


def section(exam: Examination) -> str:
    """A table of the texts with their authors, in counts."""
    rows = []
    for column, title in WRITTEN.items():
        prompts = exam.prompts[column]
        written = sum(
            len(texts) for p in prompts for grade, texts in p.answers.items() if grade in GRADES
        )
        files = (
            ", ".join(f"`{path.relative_to(ROOT)}`" for path in FILES[column])
            if len(FILES[column]) == 1
            else f"`{FILES[column][0].parent.relative_to(ROOT)}/`"
        )
        rows.append([title, WHO[column], files, len(prompts), written, "never"])
    if exam.data:
        rows.append(
            [
                "unseen sources",
                f"people, tests and keys of {len(exam.by_source)} public sources "
                "(`models/held_out.txt`)",
                "the data folder",
                sum(map(len, exam.by_source.values())),
                sum(len(g["answers"]) for found in exam.by_source.values() for g in found),
                "never; some of their prompts, see below",
            ]
        )
    return table(
        ["column", "who wrote it", "where", "prompts", "answers", "read by training"], rows
    )
