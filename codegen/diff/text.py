"""A report as lines for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from codegen.diff.changes import Change, several
from codegen.diff.kinds import Rating
from codegen.diff.reports import VendorReport

__all__ = ["summary"]

#: So many changes of one kind are listed.
_LISTED = {Rating.BREAKING: 20, Rating.FEATURE: 12, Rating.FIX: 4}
_PYTHON = 20


def summary(report: VendorReport) -> Iterator[str]:
    """The rated list of a vendor: specification, Python surface, second opinion."""
    head = f"{report.vendor}: against {report.base.label}"
    counts = [(r, sum(c.rating is r for c in report.changes)) for r in reversed(Rating)]
    told = ", ".join(f"{count} {rating.word}" for rating, count in counts if count)
    yield f"{head}: {told or 'nothing changed in the specification'}"
    yield from (f"  {line}" for line in _specification(report.changes))
    yield from (f"  {line}" for line in _python(report))
    yield from (f"  {line}" for line in _second(report))
    yield from (f"  note: {remark}" for remark in report.remarks)


def _specification(changes: list[Change]) -> Iterator[str]:
    shown: dict[tuple[Rating, str], int] = {}
    for change in changes:
        key = (change.rating, change.kind)
        shown[key] = shown.get(key, 0) + 1
        if shown[key] <= _LISTED[change.rating]:
            ways = "/".join(way for way in change.ways if way)
            reach = change.operations if change.operations != [change.subject] else []
            where = ", ".join(part for part in (ways, several(reach)) if part)
            inside = f" ({where})" if where and several(reach) not in change.line else ""
            yield f"{change.rating.word:8}  {change.line}{inside}  [{change.kind}]"
    for (rating, kind), count in shown.items():
        if count > _LISTED[rating]:
            yield f"{rating.word:8}  and {count - _LISTED[rating]} more of [{kind}]"


def _python(report: VendorReport) -> Iterator[str]:
    for change in report.surface[:_PYTHON]:
        yield f"{change.rating:8}  Python: {change.sentence.rstrip('.')}"
    if len(report.surface) > _PYTHON:
        rest = report.surface[_PYTHON:]
        yield f"{rest[0].rating:8}  Python: and {len(rest)} more, none worse"


def _second(report: VendorReport) -> Iterator[str]:
    if not report.asked:
        return
    unknown = [one for one in report.stricter if not one.reason]
    known = [one for one in report.stricter if one.reason]
    if not report.stricter:
        yield "Redocly rates nothing higher"
    for one in unknown:
        ours = f"we say {one.ours.word}" if one.ours else "we say nothing"
        yield (
            f"Redocly says {one.verdict.rating.word}, {ours}: {one.verdict.message}"
            f" ({one.verdict.rule} at {one.verdict.pointer})"
        )
    if known:
        reasons = list(dict.fromkeys(one.reason for one in known))
        yield f"Redocly rates {len(known)} higher, for known reasons:"
        yield from (f"  {reason}" for reason in reasons)
