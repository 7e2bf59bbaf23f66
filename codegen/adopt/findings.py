"""What the comparison with a vendor's own file finds: one `Finding` a line of the worklist."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from codegen.compare import JSON, WORDS, Place


class Kind(Enum):
    """Who has to do what about a finding."""

    WRONG = "wrong"
    LACK = "we lack"
    EXTRA = "they lack"
    UNSAID = "they do not say"


#: Kinds that are work; the rest is for information.
WORK = (Kind.WRONG, Kind.LACK, Kind.EXTRA)


@dataclass(frozen=True)
class Raw:
    """One difference at one place, before equal ones are put together.

    `name` is the fact, empty where the place as a whole is only on one side. The homes are JSON pointers into the two
    documents, those of `around` where a side lacks it. `around` is the place, on both sides, that it belongs to.
    """

    kind: Kind
    place: Place
    name: str
    ours: JSON
    theirs: JSON
    our_home: str
    their_home: str
    around: Place

    @property
    def key(self) -> tuple[str, ...]:
        """What makes two of them the same thing, said once."""
        values = repr(_plain(self.ours)), repr(_plain(self.theirs))
        if self.name == "security":
            return (self.kind.value, self.name, *values)
        if self.kind is Kind.LACK and not self.name and self._is_error:
            # Frameworks add one to each operation.
            return (self.kind.value, f"reply {self.place.status}", *values)
        last = "" if self.name else self.place.pointer.rpartition("/")[2]
        own = where = ""
        if not self.our_home.startswith("/components/"):
            where = self.place.operation
        if not self.our_home.startswith("/components/schemas/"):
            own = f"{self.place.part} {self.place.status} {self.place.name}"
        return (self.kind.value, self.name, self.our_home, where, own, last, *values)

    @property
    def _is_error(self) -> bool:
        """Whether it is a whole reply with an error status."""
        place = self.place
        whole = place.part == "reply" and not place.media and not place.pointer
        return whole and not place.is_webhook and place.status[:1] in ("4", "5")


def _plain(value: JSON) -> JSON:
    if isinstance(value, dict):
        return {key: below for key, below in value.items() if key not in WORDS}
    return value


@dataclass(frozen=True)
class Finding:
    """Equal differences: `raw` is the first, `places` are all of them in reading order."""

    raw: Raw
    places: tuple[Place, ...]
    around: tuple[Place, ...]
    their_homes: tuple[str, ...]
    number: int = 0

    @property
    def kind(self) -> Kind:
        """Return who has to do what."""
        return self.raw.kind

    @property
    def operations(self) -> tuple[str, ...]:
        """Return the operations it concerns, `GET /devices/{}`, in reading order; empty for the API as a whole."""
        return tuple(dict.fromkeys(place.operation for place in self.places if place.operation))

    @property
    def directions(self) -> set[str]:
        """Return who sends it: `request` is us, `reply` is the vendor."""
        return {place.direction for place in self.places}


def grouped(raws: Iterable[Raw]) -> list[Finding]:
    """Return the findings, numbered; differences of one component that are equal are one finding."""
    groups: dict[tuple[str, ...], list[Raw]] = {}
    for raw in raws:
        groups.setdefault(raw.key, []).append(raw)
    return [
        Finding(
            group[0],
            tuple(dict.fromkeys(raw.place for raw in group)),
            tuple(dict.fromkeys(raw.around for raw in group)),
            tuple(dict.fromkeys(raw.their_home for raw in group)),
        )
        for group in groups.values()
    ]


def numbered(findings: Iterable[Finding]) -> list[Finding]:
    """Return the findings with numbers from 1, in this order."""
    return [replace(finding, number=index) for index, finding in enumerate(findings, 1)]
