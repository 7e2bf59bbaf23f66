"""One change of an API: what changed where, how it is rated, and which operations it reaches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from codegen.compare import Difference
from codegen.diff.kinds import Rating, Way
from codegen.diff.table import KINDS

__all__ = [
    "MOST",
    "Change",
    "Found",
    "Note",
    "deprecation",
    "from_to",
    "grouped",
    "several",
    "shown",
]

#: So many are told one by one.
MOST = 3

#: What a change may be about as a whole.
_THINGS = frozenset({"operation", "parameter", "body", "property", "header", "webhook", "model"})


@dataclass(frozen=True)
class Found:
    """A kind a rule recognised in a difference, and what exactly changed."""

    kind: str
    detail: str = ""
    subject: str = ""
    """Other words for the place than those its address gives."""


@dataclass(frozen=True)
class Note:
    """A difference with what a rule says of it."""

    difference: Difference
    found: Found
    way: Way
    subject: str
    operation: str


@dataclass
class Change:
    """A change of one component or one place, once, however many operations it reaches."""

    kind: str
    subject: str
    detail: str
    rating: Rating
    ways: list[Way] = field(default_factory=list)
    operations: list[str] = field(default_factory=list)
    homes: tuple[str, str] = ("", "")
    """JSON pointers of who states it, in the old and in the new document."""

    @property
    def what(self) -> str:
        """The change in a few words."""
        return KINDS[self.kind].what

    @property
    def line(self) -> str:
        """The change as one line, without its rating."""
        subject = self.subject
        if subject.startswith("shared ") and self.operations:
            # Whoever does not know the specification knows these.
            subject += f" of {several(self.operations)}"
        if not self.detail and self.verb:
            return f"{subject} was {self.verb}"
        return f"{subject}: {self.detail or self.what}"

    @property
    def verb(self) -> str:
        """`added` or `removed` where the subject itself came or went; else empty."""
        noun, _, verb = self.kind.rpartition("-")
        known = noun.removeprefix("required-") in _THINGS
        return {"added": verb, "removed": verb}.get(verb, "") if known else ""

    @property
    def why(self) -> str:
        """Why it is rated so."""
        return KINDS[self.kind].why

    def as_json(self) -> dict[str, Any]:
        """Plain values for a file."""
        return {
            "rating": self.rating.word,
            "kind": self.kind,
            "subject": self.subject,
            "detail": self.detail or self.what,
            "why": self.why,
            "ways": [way for way in self.ways if way],
            "operations": self.operations,
            "before": self.homes[0],
            "after": self.homes[1],
        }


def grouped(notes: Iterable[Note]) -> list[Change]:
    """Changes, highest rating first, then in the order they were found.

    Places that share a component differ in the same way: they are one change, rated by the strictest of their ways.
    """
    found: dict[tuple[str, ...], Change] = {}
    for note in notes:
        homes = _homes(note.difference)
        key = (note.found.kind, note.subject, note.found.detail, *homes)
        rating = KINDS[note.found.kind].rating(note.way)
        change = found.setdefault(
            key, Change(note.found.kind, note.subject, note.found.detail, rating, homes=homes)
        )
        change.rating = max(change.rating, rating)
        if note.way not in change.ways:
            change.ways.append(note.way)
        if note.operation and note.operation not in change.operations:
            change.operations.append(note.operation)
    return sorted(found.values(), key=lambda change: -change.rating)


def _homes(difference: Difference) -> tuple[str, str]:
    """Who states it; a side that does not state it would only name one of the places that could."""
    if difference.kind != "changed":
        return difference.old_home, difference.new_home
    old = "" if difference.old is None else difference.old_home
    return old, "" if difference.new is None else difference.new_home


def deprecation(now: Any) -> Found:
    """What it is that something is deprecated, or no more."""
    if now:
        return Found("deprecated", "it is deprecated")
    return Found("no-longer-deprecated", "it is deprecated no more")


def several(names: list[str], most: int = MOST) -> str:
    """`a, b, c and 5 more`."""
    shown, more = names[:most], len(names) - most
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def from_to(name: str, before: Any, after: Any) -> str:
    """What became of a fact, in a few words."""
    if before is None or after is None:
        verb = "came" if before is None else "went"
        return f"{name} {shown(after if before is None else before)} {verb}"
    return f"{name} {shown(before)} is now {shown(after)}".strip()


def shown(value: Any) -> str:
    """A value in a line: short, as the specification spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return " or ".join(shown(entry) for entry in value) or "nothing"
    text = "nothing" if value is None else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
