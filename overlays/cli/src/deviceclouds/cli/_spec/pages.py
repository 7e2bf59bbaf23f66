"""Operations of a specification for people: a list, or one with everything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table
from rich.text import Text

from .data import is_read_only

if TYPE_CHECKING:
    from deviceclouds.testing.sandbox.pages.reference import OperationView
    from deviceclouds.testing.sandbox.pages.shapes import Evidence, Field

__all__ = ["show_list", "show_operation"]

STYLES = {
    "documented": "green",
    "corroborated": "green",
    "inferred": "yellow",
    "unverified": "bold red",
}


def show_list(out: Console, vendor: str, views: Sequence[OperationView], total: int) -> None:
    """One line for each operation, by namespace."""
    from deviceclouds.testing import load_spec

    info = load_spec(vendor).document["info"]
    chosen = "" if len(views) == total else f" of {total}"
    head = f"{info['title']} {info['version']}: {len(views)}{chosen} operations"
    _line(out, Text(_fit(out, head), style="bold"))
    width = max((len(view.client_method) for view in views), default=0)
    routes = max((len(_route(view)) for view in views), default=0)
    for view in views:
        reads = "reads" if is_read_only(vendor, view.id) else "acts"
        line = Text(f"  {view.client_method:<{width}}  ")
        line.append(f"{view.evidence.status:<12}", style=STYLES.get(view.evidence.status, ""))
        line.append(f"  {reads:<5}  ", style="dim")
        line.append(_fit(out, f"{_route(view):<{routes}}".rstrip()))
        _line(out, line)
    if views:
        _line(
            out,
            Text(
                f"reads: changes nothing. deviceclouds spec show {vendor} OPERATION says more.",
                style="dim",
            ),
        )


def show_operation(out: Console, vendor: str, view: OperationView) -> None:
    """All that is known of one operation, in plain words."""
    _line(out, Text(_fit(out, f"{view.client_method} ({view.id})"), style="bold"))
    _line(out, Text(_fit(out, _route(view))))
    _line(out, Text())
    _prose(out, view.summary if view.summary.endswith(".") else f"{view.summary}.")
    _prose(out, view.description)
    reads = "It changes nothing." if is_read_only(vendor, view.id) else "It may change something."
    _prose(out, " ".join((reads, *view.manners)))
    _line(out, Text())
    _evidence(out, view.evidence)
    _fields(out, "Parameters", view.parameters)
    if view.body_kind is not None:
        _fields(out, f"Body: {view.body_kind}", view.body, always=True)
    _heading(out, "Replies")
    for status, words, kind in view.replies:
        # A full stop may be missing, and the type may be.
        said = f"{words.rstrip('.')}." if words else ""
        _prose(out, f"{status}  {said}{f' {kind}' if kind else ''}", 2)
    if view.reply:
        _fields(out, f"Fields of the reply: {view.reply_kind}", view.reply)


def _route(view: OperationView) -> str:
    return f"{view.method} {view.path}"


def _evidence(out: Console, evidence: Evidence, indent: int = 0) -> None:
    from deviceclouds.testing.sandbox.pages.names import EVIDENCE

    status = Text(" " * indent).append(evidence.status, style=STYLES.get(evidence.status, ""))
    _line(out, status.append(f": {EVIDENCE.get(evidence.status, '')}."))
    if evidence.sources:
        _prose(out, f"Source: {evidence.sources}", indent)
    if evidence.note:
        _prose(out, f"Note: {evidence.note}", indent)


def _fields(out: Console, title: str, fields: Sequence[Field], *, always: bool = False) -> None:
    if not fields and not always:
        return
    _heading(out, title)
    variant = ""
    for field in fields:
        if field.variant != variant:
            variant = field.variant
            _prose(out, f"As {variant}:", 2)
        marks = [field.shape, *(["required"] if field.required else [])]
        marks += [field.place] if field.place in ("path", "query", "header") else []
        marks += ["secret"] if field.secret else []
        line = Text("  ").append(_fit(out, field.name), style="bold")
        _line(out, line.append(_fit(out, f"  {', '.join(marks)}"), style="dim"))
        _prose(out, field.description, 6)
        if field.evidence is not None:
            _evidence(out, field.evidence, 6)


def _heading(out: Console, title: str) -> None:
    _line(out, Text())
    _line(out, Text(_fit(out, title), style="bold underline"))


def _prose(out: Console, text: str, indent: int = 0) -> None:
    if not text:
        return
    if not out.is_terminal:
        _line(out, Text(" " * indent + _fit(out, text)))
        return
    grid = Table.grid()
    grid.add_column(width=indent)
    grid.add_column(max_width=100)
    grid.add_row("", Text(_fit(out, text)))
    out.print(grid)


def _line(out: Console, text: Text) -> None:
    out.print(text, soft_wrap=True)


def _fit(out: Console, text: str) -> str:
    encoding = out.encoding or "utf-8"
    return " ".join(text.split("\n")).encode(encoding, "backslashreplace").decode(encoding)
