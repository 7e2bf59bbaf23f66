"""Small pieces of Markdown: marks of evidence, escaped words, tables, folded blocks."""

from __future__ import annotations

import html
import re
import textwrap
from collections.abc import Iterable, Sequence

from deviceclouds.testing.sandbox.pages.shapes import Evidence

__all__ = ["breakable", "fenced", "folded", "how_known", "mark", "source_of", "table", "words"]


def words(text: str) -> str:
    """Words of a specification as one line of Markdown, which mean nothing but themselves outside backticks."""
    parts = re.split(r"(`[^`]*`)", " ".join(text.split()))
    parts[::2] = [
        re.sub(r"([*\[\]\\])", r"\\\1", p.replace("&", "&amp;").replace("<", "&lt;"))
        for p in parts[::2]
    ]
    return "".join(parts).replace("|", "&#124;")


def breakable(name: str) -> str:
    """A long name as code that may go on in the next line after a dot or an underscore."""
    broken = re.sub(r"([._])", r"\1<wbr>", html.escape(name))
    return f"<code>{broken}</code>"


def mark(status: str) -> str:
    """A status of evidence as a coloured word."""
    return f'<span class="evidence {status}">{status}</span>'


def how_known(evidence: Evidence) -> str:
    """Status, sources and note of something."""
    return f"{mark(evidence.status)} {source_of(evidence)}"


def source_of(evidence: Evidence) -> str:
    """Sources and note of something."""
    note = f" {words(evidence.note)}" if evidence.note else ""
    return f"Source: {words(evidence.sources)}.{note}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown already."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def folded(title: str, text: str) -> str:
    """A block that opens when it is asked to."""
    return f'??? note "{title}"\n\n{textwrap.indent(text, "    ")}'


def fenced(language: str, text: str) -> str:
    """A block of code."""
    return f"```{language}\n{text}\n```"
