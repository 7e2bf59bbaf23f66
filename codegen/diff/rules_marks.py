"""What a changed mark means: evidence, the `x-` keys, and words. They may stand anywhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.compare import WORDS, Difference
from codegen.diff.changes import Found, from_to

__all__ = ["is_mark", "mark_rules"]

_STATUSES = ("unverified", "inferred", "corroborated", "documented")
_DOUBTS = {"unverified", "inferred"}
_ON_OFF = {
    "x-secret": ("secret-added", "secret-removed"),
    "x-client-supplied": ("client-supplied-added", "client-supplied-removed"),
}
_PLAIN = {
    "x-timeout": "timeout-changed",
    "x-read-only": "read-only-changed",
    "x-unknown-fields": "unknown-fields-changed",
}
#: Where these change, what a saved cursor means changes.
_CURSOR = (
    "style", "in", "cursor_parameter", "next", "offset_parameter", "page_parameter", "first_page",
)  # fmt: skip


def is_mark(name: str) -> bool:
    """Whether a fact is a mark or words, not part of what is sent."""
    return name in WORDS or name.startswith("x-")


def mark_rules(difference: Difference) -> Iterator[Found]:
    """What a changed mark means."""
    name, before, after = difference.name, difference.old, difference.new
    if name == "x-evidence":
        yield _evidence(difference.place.part == "operation", _mapping(before), _mapping(after))
    elif name in WORDS:
        yield Found("words-changed", f"{name} changed")
    elif name == "x-pagination":
        yield from _paging(_mapping(before), _mapping(after))
    elif name == "x-poll":
        yield _poll(_mapping(before), _mapping(after))
    elif name in _ON_OFF and bool(before) is not bool(after):
        yield Found(_ON_OFF[name][0 if after else 1])
    elif name in _PLAIN:
        yield Found(_PLAIN[name], from_to(f"`{name}`", before, after))
    elif name != "x-idempotent":  # it means something only beside the method
        yield Found("extension-changed", from_to(f"`{name}`", before, after))


def _evidence(of_operation: bool, before: dict[str, Any], after: dict[str, Any]) -> Found:
    old, new = before.get("status"), after.get("status")
    if old == new:
        return Found("evidence-reworded")
    detail = f"evidence {old or 'as around it'} is now {new or 'as around it'}"
    if old not in _STATUSES or new not in _STATUSES:
        # Without a mark of its own a place is as well known as what it belongs to.
        if {old, new} & _DOUBTS:
            return Found("evidence-raised" if old in _DOUBTS else "evidence-lowered", detail)
        return Found("evidence-reworded", detail)
    if _STATUSES.index(new) > _STATUSES.index(old):
        return Found("evidence-raised", detail)
    kind = "became-unverified" if of_operation and new == "unverified" else "evidence-lowered"
    return Found(kind, detail)


def _paging(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Found]:
    if not before or not after:
        yield Found("paging-removed" if before else "paging-added")
        return
    names = [n for n in dict.fromkeys((*before, *after)) if before.get(n) != after.get(n)]
    for kind, chosen in (
        ("paging-style-changed", [n for n in names if n in _CURSOR]),
        ("paging-items-changed", [n for n in names if n == "items"]),
        ("paging-detail-changed", [n for n in names if n not in (*_CURSOR, "items")]),
    ):
        if chosen:
            yield Found(kind, "paging: " + ", ".join(_step(n, before, after) for n in chosen))


def _poll(before: dict[str, Any], after: dict[str, Any]) -> Found:
    if not before or not after:
        return Found("poll-removed" if before else "poll-added")
    names = [n for n in dict.fromkeys((*before, *after)) if before.get(n) != after.get(n)]
    return Found("poll-changed", "waiting: " + ", ".join(_step(n, before, after) for n in names))


def _step(name: str, before: dict[str, Any], after: dict[str, Any]) -> str:
    return from_to(name, before.get(name), after.get(name))


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
