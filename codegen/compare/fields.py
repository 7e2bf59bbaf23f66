"""Puts a value (a body, a parameter, a header) and everything below it into the facts."""

from __future__ import annotations

import sys

from codegen.compare.places import JSON, Facts, Place
from codegen.compare.schemas import Location, Schemas, Shape
from codegen.compare.variants import labels

#: Deeper than any value anybody means; what lies below is left out.
DEEPEST = 60
#: Where schemas refer to each other in circles, each level multiplies: the first depth that stays small is taken.
_DEPTHS = (DEEPEST, 12, 8, 6, 5, 4)
_LAST_DEPTH = 3
#: Places of one value; and of one once a document has very many.
MOST_PLACES, FEWER_PLACES = 20_000, 2_000
_MANY = 400_000


class _TooManyError(Exception):
    """A value has more places than are worth writing out."""


class Values:
    """Walks schemas and writes one place for each field they describe."""

    def __init__(self, schemas: Schemas, facts: Facts) -> None:
        self.schemas = schemas
        self.facts = facts
        self._labels: dict[int, list[str]] = {}
        self._deepest = DEEPEST
        self._most = MOST_PLACES
        self._known_depths: dict[int, int] = {}

    def add(
        self,
        place: Place,
        locations: list[Location],
        own: dict[str, JSON] | None = None,
        homes: dict[str, str] | None = None,
    ) -> None:
        """Add a value at `place`; `own` are facts of the place itself, `homes` who states them."""
        shape, whole = self.schemas.shape(locations), self.facts
        first = self._known_depths.get(id(shape), DEEPEST)
        most = MOST_PLACES if len(whole.places) < _MANY else FEWER_PLACES
        for depth in (*(depth for depth in _DEPTHS if depth <= first), _LAST_DEPTH):
            self.facts, self._deepest = Facts(), depth
            self._most = most if depth > _LAST_DEPTH else sys.maxsize
            try:
                self._add(place, shape, own or {}, homes or {}, {})
            except _TooManyError:
                continue
            finally:
                found, self.facts = self.facts, whole
            self._known_depths[id(shape)] = depth
            whole.places.update(found.places)
            whole.homes.update(found.homes)
            return

    def _add(
        self,
        place: Place,
        shape: Shape,
        own: dict[str, JSON],
        homes: dict[str, str],
        above: dict[str, str],
    ) -> None:
        again = next((above[name] for name in shape.components if name in above), None)
        if again is not None:
            own = {"same_as": again, **own}
            shape = _use_only(shape)
        self.facts.places[place] = {**shape.facts, **own} if own else shape.facts
        self.facts.homes[place] = {**shape.homes, **homes} if homes else shape.homes
        if len(self.facts.places) > self._most:
            raise _TooManyError
        if again is None and place.pointer.count("/") < self._deepest:
            here = {**above, **dict.fromkeys(shape.components, place.pointer)}
            self._below(place, shape, here)

    def _below(self, place: Place, shape: Shape, above: dict[str, str]) -> None:
        def step(token: str, locations: list[Location], required: str = "") -> None:
            own = {"required": True} if required else {}
            homes = {"required": required} if required else {}
            below = place._replace(pointer=f"{place.pointer}/{token}")
            self._add(below, self.schemas.shape(locations), own, homes, above)

        for name, locations in shape.properties.items():
            step(_token(name), locations, shape.required.get(name, ""))
        if shape.items:
            step("*", shape.items)
        for index, locations in shape.tuple_items.items():
            step(str(index), locations)
        for pattern, locations in shape.values.items():
            step("{" + pattern.replace("~", "~0").replace("/", "~1") + "}", locations)
        if shape.variants:
            if id(shape) not in self._labels:
                self._labels[id(shape)] = labels(self.schemas, shape)
            for label, location in zip(self._labels[id(shape)], shape.variants, strict=True):
                step(label, [location])


def _use_only(shape: Shape) -> Shape:
    """Return what the referring schema itself says of a value that is described further up."""
    use = shape.homes.get("", "")
    kept = {name: value for name, value in shape.facts.items() if shape.homes[name] == use}
    return Shape(kept, dict.fromkeys(("", *kept), use))


def _token(name: str) -> str:
    text = name.replace("~", "~0").replace("/", "~1")
    return f"~2{text}" if text == "*" or text[:1] in ("{", "<") else text
