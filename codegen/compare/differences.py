"""What two documents say differently."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from codegen.compare.aligning import aligned, folded
from codegen.compare.places import JSON, SETS, Facts, Place

Kind: TypeAlias = Literal["added", "removed", "changed"]


_NOTHING = object()
#: What a fact is where nothing is said.
_UNSAID: dict[str, JSON] = {
    "security": [],
    "deprecated": False,
    "required": False,
    "nullable": False,
    "uniqueItems": False,
    "readOnly": False,
    "writeOnly": False,
    "allowReserved": False,
    "allowEmptyValue": False,
    "minLength": 0,
    "minItems": 0,
    "minProperties": 0,
    "additionalProperties": True,
}


@dataclass(frozen=True)
class Difference:
    """One fact of a place that changed, or a place that came or went with everything below it.

    `name`, `old` and `new` are of a fact; `name` is empty where the place as a whole came (`new` has its facts) or
    went (`old` has them). A fact that one side does not state is None there. The homes are JSON pointers of who states
    it, empty on the side that does not: differences with equal homes, name and values are one change of one component.
    """

    place: Place
    kind: Kind
    name: str = ""
    old: JSON = None
    new: JSON = None
    old_home: str = ""
    new_home: str = ""


def differences(old: Facts, new: Facts) -> list[Difference]:
    """Return what changed from `old` to `new`: places in the order of `old`, then those that came.

    Words are included, see `WORDS`. What is below a place that came or went is left out. A union's variants are paired
    by what they are, and a recursive value is followed, so that another way to write the same is no difference.
    """
    new = aligned(new, old)
    old = folded(old, new)
    found: list[Difference] = []
    for place, facts in old.places.items():
        if place in new.places:
            found.extend(_facts(place, old, new))
        elif not _parent_missing(place, new):
            home = old.home(place)
            found.append(Difference(place, "removed", old=facts, old_home=home))
    for place, facts in new.places.items():
        if place not in old.places and not _parent_missing(place, old):
            found.append(Difference(place, "added", new=facts, new_home=new.home(place)))
    return found


def _parent_missing(place: Place, there: Facts) -> bool:
    parent = place.parent
    return parent is not None and parent not in there.places


def _facts(place: Place, old: Facts, new: Facts) -> list[Difference]:
    before, after = old.places[place], new.places[place]
    return [
        Difference(
            place,
            "changed",
            name,
            before.get(name),
            after.get(name),
            old.home(place, name),
            new.home(place, name),
        )
        for name in dict.fromkeys((*before, *after))
        if not same(name, before.get(name), after.get(name))
    ]


def same(name: str, one: JSON, other: JSON) -> bool:
    """Return whether two values of a fact say the same; the order of an enum says nothing."""
    if one == other and type(one) is type(other):
        return True
    if one is None or other is None:
        return bool((one if other is None else other) == _UNSAID.get(name, _NOTHING))
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    if name in SETS and isinstance(one, list) and isinstance(other, list):
        return sorted(map(repr, one)) == sorted(map(repr, other))
    return bool(one == other)
