"""The flattened view of a document: places that each hold a few named facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, TypeAlias

JSON: TypeAlias = Any
Direction: TypeAlias = Literal["request", "reply", "none"]

#: Facts that are words for people, not part of the contract.
WORDS = frozenset(
    {"description", "summary", "title", "example", "examples", "externalDocs", "tags", "x-evidence"}
)

#: Lists whose order says nothing.
SETS = frozenset({"enum", "type", "tags"})


class Place(NamedTuple):
    """Where a fact holds. Two documents that say the same have the same places.

    `part` is one of `api`, `security` (a scheme), `operation`, `parameter`, `request`, `reply`, `header`, `link`.
    `operation` is method and path with the names in braces left out (`GET /devices/{}`), or
    `WEBHOOK name METHOD`. `direction` is who sends it: `request` is what a client sends, `reply` what the vendor
    sends; so the body of a webhook is a `reply`. `name` is `query:limit`, `path:1` (by position) or
    `header:x-name` of a parameter, the lower-case name of a header, the name of a security scheme or a link.
    `pointer` is the place in the value: `/devices/*/id`, with `*` for items, `{}` for the values of a map and
    `<kind=a>` for a variant of a union. A request or a reply as such has neither media type nor pointer.
    """

    part: str
    operation: str = ""
    direction: Direction = "none"
    status: str = ""
    media: str = ""
    name: str = ""
    pointer: str = ""

    @property
    def parent(self) -> Place | None:
        """Return the place this one belongs to, None for `api`, security schemes and operations."""
        if self.pointer:
            return self._replace(pointer=self.pointer.rpartition("/")[0])
        if self.part == "link":
            sent: Direction = "request" if self.is_webhook else "reply"
            return self._replace(part="reply", direction=sent, name="")
        if self.part == "header":
            return self._replace(part="reply", name="")
        if self.media:
            return self._replace(media="")
        if self.part in ("parameter", "request", "reply"):
            return Place("operation", self.operation)
        return None

    def ancestors(self) -> Iterator[Place]:
        """Yield the places around this one, innermost first."""
        place = self.parent
        while place is not None:
            yield place
            place = place.parent

    @property
    def is_webhook(self) -> bool:
        """Return whether the vendor calls it, not the client."""
        return self.operation.startswith("WEBHOOK ")


@dataclass(frozen=True)
class Facts:
    """All places of a document, each with its facts; shared between places, so never change them."""

    places: dict[Place, dict[str, JSON]] = field(default_factory=dict)
    homes: dict[Place, dict[str, str]] = field(default_factory=dict, repr=False)

    def home(self, place: Place, name: str = "") -> str:
        """Return the JSON pointer that states fact `name` of a place; without a name, that uses the place.

        A property that refers to a component has its `type` from the component, its `required` from its object.
        """
        known = self.homes.get(place, {})
        return known.get(name, known.get("", ""))

    def operations(self) -> Iterator[Place]:
        """Yield the places of operations, webhooks included, in reading order."""
        return (place for place in self.places if place.part == "operation")
