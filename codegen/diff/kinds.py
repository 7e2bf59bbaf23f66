"""The table of changes: each kind, how it is rated in each direction, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal, TypeAlias

__all__ = ["BREAKING", "FEATURE", "FIX", "Kind", "Rating", "Way", "either", "one_way", "plain"]

Way: TypeAlias = Literal["", "request", "reply", "error"]
"""Who sends the place that changed: we, the vendor, the vendor with an error status; empty where nobody does."""


class Rating(IntEnum):
    """What a change asks of somebody who uses our client; the higher, the more."""

    FIX = 1
    FEATURE = 2
    BREAKING = 3

    @property
    def word(self) -> Literal["breaking", "feature", "fix"]:
        """The word for people, and the type of a changelog fragment."""
        return _WORDS[self]


FIX, FEATURE, BREAKING = Rating
_WORDS: dict[Rating, Literal["breaking", "feature", "fix"]] = {
    FIX: "fix",
    FEATURE: "feature",
    BREAKING: "breaking",
}


@dataclass(frozen=True)
class Kind:
    """One kind of change."""

    key: str
    what: str
    """The change in a few words."""
    why: str
    """Why it is rated so."""
    ratings: tuple[tuple[Way, Rating], ...]

    def rating(self, way: Way) -> Rating:
        """How it is rated in one direction; in an error's body it is a fix, see `docs/spec-changes.md`."""
        ratings = dict(self.ratings)
        if way == "error":
            return ratings.get("error", FIX)
        return ratings[way] if way in ratings else max(ratings.values())

    def rows(self) -> Iterator[tuple[Way, Rating]]:
        """Its rows in the table, one for each direction."""
        yield from self.ratings


def plain(key: str, rating: Rating, what: str, why: str) -> Kind:
    """A kind that has no direction."""
    return Kind(key, what, why, (("", rating),))


def one_way(key: str, way: Way, rating: Rating, what: str, why: str) -> Kind:
    """A kind there is in one direction only."""
    return Kind(key, what, why, ((way, rating),))


def either(key: str, request: Rating, reply: Rating, what: str, why: str) -> Kind:
    """A kind there is in requests and in replies."""
    return Kind(key, what, why, (("request", request), ("reply", reply)))
