"""All kinds of changes by their key, and the table of them in the documentation."""

from __future__ import annotations

from collections.abc import Iterable

from codegen.diff.kinds import Kind
from codegen.diff.kinds_calls import CALLS
from codegen.diff.kinds_values import VALUES

__all__ = ["KINDS", "table"]

KINDS: dict[str, Kind] = {kind.key: kind for kind in (*CALLS, *VALUES)}
_WAYS = {"": "", "request": "request", "reply": "reply", "error": "error"}


def table(kinds: Iterable[Kind] = tuple(KINDS.values())) -> str:
    """The table of the documentation, as Markdown."""
    lines = ["| kind | what changed | direction | rating | why |", "|---|---|---|---|---|"]
    for kind in kinds:
        ways = [_WAYS[way] for way, _ in kind.rows()]
        ratings = [rating.word for _, rating in kind.rows()]
        cells = (f"`{kind.key}`", kind.what, " / ".join(ways), " / ".join(ratings), kind.why)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
