"""Two ways to write the same, made one: names of variants, and how far a recursive value is written out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from codegen.compare.places import WORDS, Facts, Place

#: Facts of a value that its object or its reference states, not the schema it repeats.
_OF_THE_USE = WORDS | {"required"}
#: Variants with fewer names in common than this share are different ones.
ALIKE = 0.4


def renamed(facts: Facts, changes: Mapping[Place, Place]) -> Facts:
    """Return `facts` with places, and all below them, under other names."""
    if not changes:
        return facts
    known: dict[Place, Place] = {}

    def new_name(place: Place) -> Place:
        if place not in known:
            parent = place.parent
            name = changes.get(place, place)
            if place not in changes and parent is not None:
                moved = new_name(parent)
                if moved != parent:
                    name = _below(place, parent, moved)
            known[place] = name
        return known[place]

    names = {place: new_name(place) for place in facts.places}
    return Facts(
        {names[place]: value for place, value in facts.places.items()},
        {names[place]: value for place, value in facts.homes.items()},
    )


def _below(place: Place, parent: Place, moved: Place) -> Place:
    """Return `place`, one step below `parent`, one step below `moved`."""
    if place.pointer:
        return moved._replace(pointer=moved.pointer + place.pointer[len(parent.pointer) :])
    return place._replace(operation=moved.operation, status=moved.status or place.status)


def aligned(facts: Facts, other: Facts) -> Facts:
    """Return `facts` with the variants of each union called as `other` calls the same ones, and folded like it."""
    while True:
        changes = _variant_names(facts, other)
        if not changes:
            return folded(facts, other)
        facts = renamed(facts, changes)


def _variant_names(facts: Facts, other: Facts) -> dict[Place, Place]:
    """Return other names for the variants of the outermost unions that are named differently."""
    ours, theirs = _variants(facts), _variants(other)
    changes: dict[Place, Place] = {}
    for union, own in ours.items():
        there = theirs.get(union, [])
        free = [place for place in there if place not in own]
        for place in [place for place in own if place not in there]:
            best = max(free, key=lambda entry: _likeness(facts, place, other, entry), default=None)
            if best is not None and _likeness(facts, place, other, best) >= ALIKE:
                changes[place] = best
                free.remove(best)
    inner = [place for place in changes if any(above in changes for above in place.ancestors())]
    return {place: name for place, name in changes.items() if place not in inner}


def _variants(facts: Facts) -> dict[Place, list[Place]]:
    result: dict[Place, list[Place]] = {}
    for place in facts.places:
        if place.pointer.endswith(">") and place.pointer.rpartition("/")[2].startswith("<"):
            parent = place.parent
            if parent is not None:
                result.setdefault(parent, []).append(place)
    return result


def _likeness(facts: Facts, place: Place, other: Facts, candidate: Place) -> float:
    one, two = _marks(facts, place), _marks(other, candidate)
    return len(one & two) / max(len(one | two), 1)


def _marks(facts: Facts, place: Place) -> set[str]:
    """Return what tells a variant: its types and the names of its fields, with their constants."""
    result = {f"type {name}" for name in facts.places[place].get("type", ())}
    start = len(place.pointer)
    for below in _inside(facts, place):
        name = below.pointer[start:]
        if name.count("/") == 1:
            result.add(name)
            result.update(f"{name}={value}" for value in facts.places[below].get("enum", ()))
    return result


def _inside(facts: Facts, place: Place) -> Iterable[Place]:
    prefix = place.pointer + "/"
    empty = place._replace(pointer="")
    return (
        other
        for other in facts.places
        if other.pointer.startswith(prefix) and other._replace(pointer="") == empty
    )


def folded(facts: Facts, other: Facts) -> Facts:
    """Return `facts` without levels of a recursive value that `other` does not write out."""
    gone: set[Place] = set()
    places = dict(facts.places)
    for place, there in other.places.items():
        again = there.get("same_as")
        here = facts.places.get(place)
        if again is None or here is None or "same_as" in here:
            continue
        above = place._replace(pointer=again)
        if _repeats(facts, place, above):
            gone.update(_inside(facts, place))
            kept = {name: value for name, value in here.items() if name in _OF_THE_USE}
            own = {name: value for name, value in there.items() if name not in _OF_THE_USE}
            places[place] = {**own, **kept}
    if places == facts.places:
        return facts
    return Facts(
        {place: value for place, value in places.items() if place not in gone},
        {place: value for place, value in facts.homes.items() if place not in gone},
    )


def _repeats(facts: Facts, place: Place, above: Place) -> bool:
    """Return whether what is below `place` is what is below `above`, as far as it is written out."""
    start = len(place.pointer)
    for below in _inside(facts, place):
        same = above._replace(pointer=above.pointer + below.pointer[start:])
        one, two = facts.places[below], facts.places.get(same)
        if two is None:
            return False
        if "same_as" in one:
            if one["same_as"] not in (place.pointer, above.pointer):
                return False
        elif "same_as" not in two and _contract(one) != _contract(two):
            return False
    return True


def _contract(facts: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if name not in WORDS}
