"""Their facts under our names: what is the same, but called otherwise, gets the name it has in ours."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from codegen.adopt.matching import Matching
from codegen.compare import Facts, Place
from codegen.compare.aligning import aligned, folded, renamed


@dataclass
class Prepared:
    """Both documents as facts, only of operations that both have, theirs under our names.

    `spelled` has the place (our name) of each field that they spell in another way, and their spelling; `media` that
    of each body with another media type, and theirs.
    """

    ours: Facts
    theirs: Facts
    spelled: dict[Place, str] = field(default_factory=dict)
    media: dict[Place, str] = field(default_factory=dict)
    one_way: set[Place] = field(default_factory=set)


def prepare(ours: Facts, theirs: Facts, matching: Matching) -> Prepared:
    """Return the facts of all pairs, ready to be compared place by place."""
    mine, _ = _kept(ours, {pair.ours.operation: pair.ours.operation for pair in matching.pairs})
    names = {pair.theirs.operation: pair.ours.operation for pair in matching.pairs}
    other, one_way = _kept(theirs, names)
    result = Prepared(mine, other, one_way=one_way)
    _media(result)
    _parameters(result)
    while _spelling(result):
        pass
    result.theirs = aligned(result.theirs, result.ours)
    result.ours = folded(result.ours, result.theirs)
    return result


def _kept(facts: Facts, names: dict[str, str]) -> tuple[Facts, set[Place]]:
    """Return the facts of some operations, and the fields left out as they never travel this way."""
    result, one_way = Facts(), set()
    for place, own in facts.places.items():
        if place.operation not in names:
            continue
        key = place._replace(operation=names[place.operation])
        barred = {"request": "readOnly", "reply": "writeOnly"}.get(place.direction, "")
        if own.get(barred) is True and place.pointer:
            one_way.add(key)
        elif not any(above in one_way for above in key.ancestors()):
            result.places[key] = own
            result.homes[key] = facts.homes[place]
    return result, one_way


def _children(facts: Facts, *parts: str) -> dict[Place, list[Place]]:
    result: dict[Place, list[Place]] = {}
    for place in facts.places:
        if place.part in parts and place.parent is not None:
            result.setdefault(place.parent, []).append(place)
    return result


def _media(result: Prepared) -> None:
    """Call their only media type as we call ours; leave out further ones that hold the same."""
    mine = _children(result.ours, "request", "reply")
    changes: dict[Place, Place] = {}
    gone: set[Place] = set()
    for body, found in _children(result.theirs, "request", "reply").items():
        there = [place for place in found if place.media and not place.pointer]
        here = [p for p in mine.get(body, ()) if p.media and not p.pointer]
        if not there or not here:
            continue
        same = [place for place in there if place in here]
        if not same:
            changes[there[0]] = here[0]
            if there[0].media != "*/*":
                result.media[here[0]] = there[0].media
        first = (same or there)[0]
        gone.update(place for place in there if place != first and _equal(result, place, first))
    if gone:
        kept = {place: v for place, v in result.theirs.places.items() if not _within(place, gone)}
        result.theirs = Facts(kept, result.theirs.homes)
    result.theirs = renamed(result.theirs, changes)


def _within(place: Place, roots: set[Place]) -> bool:
    return place in roots or any(above in roots for above in place.ancestors())


def _equal(result: Prepared, one: Place, other: Place) -> bool:
    def fields(body: Place) -> dict[str, object]:
        return {
            place.pointer: {name: v for name, v in own.items() if not name.startswith("example")}
            for place, own in result.theirs.places.items()
            if place._replace(pointer="") == body
        }

    return fields(one) == fields(other)


def _parameters(result: Prepared) -> None:
    """Pair parameters that differ in capitals or in where they are sent."""
    changes: dict[Place, Place] = {}
    mine = _children(result.ours, "parameter")
    for operation, found in _children(result.theirs, "parameter").items():
        here = [place for place in mine.get(operation, ()) if place not in result.theirs.places]
        free = [place for place in found if place not in result.ours.places]
        for key in (_where_and_name, _name):
            for place in [place for place in free if not place.pointer]:
                same = [entry for entry in here if not entry.pointer and key(entry) == key(place)]
                if len(same) == 1:
                    changes[place] = same[0]
                    here.remove(same[0])
                    free.remove(place)
    result.theirs = renamed(result.theirs, changes)


def _where_and_name(place: Place) -> str:
    where, _, name = place.name.partition(":")
    return f"{where}:{_squashed(name)}"


def _name(place: Place) -> str:
    return _squashed(place.name.partition(":")[2])


def _squashed(text: str) -> str:
    return re.sub(r"[_\-]", "", text.lower())


def _spelling(result: Prepared) -> bool:
    """Pair the outermost fields that differ in capitals and underscores only; return whether there were any."""
    changes: dict[Place, Place] = {}
    mine = _fields(result.ours)
    for parent, found in _fields(result.theirs).items():
        here = [place for place in mine.get(parent, ()) if place not in result.theirs.places]
        for place in found:
            if place in result.ours.places or not here:
                continue
            same = [p for p in here if _squashed(_last(p)) == _squashed(_last(place))]
            if len(same) == 1:
                changes[place] = same[0]
                result.spelled[same[0]] = _last(place)
                here.remove(same[0])
    result.theirs = renamed(result.theirs, changes)
    return bool(changes)


def _last(place: Place) -> str:
    return place.pointer.rpartition("/")[2]


def _fields(facts: Facts) -> dict[Place, list[Place]]:
    return {
        parent: [place for place in found if place.pointer]
        for parent, found in _children(facts, "request", "reply", "parameter", "header").items()
    }
