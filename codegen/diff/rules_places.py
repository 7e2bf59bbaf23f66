"""What it means that a place came or went: an operation, a parameter, a body, a status, a property."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from codegen.compare import Difference, Facts, Place
from codegen.diff.changes import Found
from codegen.diff.kinds import Way
from codegen.diff.rules_operations import scheme_rules
from codegen.names import parameter_name, python_name

__all__ = ["Pairs", "pairs_of", "place_rules"]


@dataclass(frozen=True)
class Pairs:
    """Places that went and came as one: spelt otherwise, or moved from query to header."""

    respelled: dict[Place, str]
    moved: dict[Place, str]
    twins: dict[Place, Place]
    """Where a place that went is now."""
    other_half: set[Place]


def pairs_of(differences: list[Difference]) -> Pairs:
    """Finds what only looks like one thing less and one thing more."""
    went = [d.place for d in differences if d.kind == "removed"]
    came = [d.place for d in differences if d.kind == "added"]
    pairs = Pairs({}, {}, {}, set())
    known = {_sameness(place): place for place in came if _sameness(place)}
    by_name = {_wire(place): place for place in came if _wire(place)}
    for place in went:
        twin = known.get(_sameness(place))
        if twin is not None:
            pairs.respelled[place] = f"{_last(place)} is now {_last(twin)}"
            pairs.other_half.add(twin)
            pairs.twins[place] = twin
            continue
        twin = by_name.get(_wire(place))
        if twin is not None:
            pairs.moved[place] = (
                f"from {place.name.partition(':')[0]} to {twin.name.partition(':')[0]}"
            )
            pairs.other_half.add(twin)
            pairs.twins[place] = twin
    return pairs


def _sameness(place: Place) -> tuple[str | Place, ...]:
    """Equal for places that Python code cannot tell apart; empty where that cannot be."""
    if place.part == "parameter" and not place.pointer:
        where, _, name = place.name.partition(":")
        return () if where == "path" else (place._replace(name=where), parameter_name(name))
    above, _, last = place.pointer.rpartition("/")
    if last[:1] in ("", "*", "{", "<"):
        return ()
    return (place._replace(pointer=above), python_name(last))


def _wire(place: Place) -> tuple[str, str] | None:
    if place.part != "parameter" or place.pointer or place.name.startswith("path:"):
        return None
    return (place.operation, place.name.partition(":")[2].lower())


def _last(place: Place) -> str:
    return place.pointer.rpartition("/")[2] or place.name.partition(":")[2]


def place_rules(
    difference: Difference, way: Way, old: Facts, new: Facts, pairs: Pairs
) -> Iterator[Found]:
    """What it means that a place as a whole came or went."""
    place = difference.place
    if place in pairs.other_half:
        return
    if place in pairs.respelled:
        kind = "property-respelled" if place.pointer else "parameter-respelled"
        yield Found(kind, pairs.respelled[place])
    elif place in pairs.moved:
        yield Found("parameter-moved", pairs.moved[place])
    elif place.pointer:
        yield from _inside(difference, way)
    elif place.part == "security":
        yield from scheme_rules(difference)
    else:
        yield _BY_PART[place.part](difference, way, old, new)


def _inside(difference: Difference, way: Way) -> Iterator[Found]:
    came = difference.kind == "added"
    facts = difference.new if came else difference.old
    last = difference.place.pointer.rpartition("/")[2]
    if last.startswith("<"):
        yield Found("variant-added" if came else "variant-removed", f"variant {last[1:-1]}")
    elif last[:1] in ("*", "{"):
        what = "items" if last.startswith("*") else "values"
        kind = "type-narrowed" if came else "type-widened"
        yield Found(kind, f"the {what} {'have a type now' if came else 'may be anything now'}")
    elif came and way == "request" and facts.get("required"):
        yield Found("required-property-added")
    else:
        yield Found("property-added" if came else "property-removed")


def _operation(difference: Difference, way: Way, old: Facts, new: Facts) -> Found:
    noun = "webhook" if difference.place.is_webhook else "operation"
    return Found(f"{noun}-{difference.kind}")


def _parameter(difference: Difference, way: Way, old: Facts, new: Facts) -> Found:
    if difference.kind == "added" and way == "request" and difference.new.get("required"):
        return Found("required-parameter-added")
    return Found(f"parameter-{difference.kind}")


def _request(difference: Difference, way: Way, old: Facts, new: Facts) -> Found:
    place = difference.place
    if place.media:
        return Found(f"media-type-{difference.kind}", f"{place.media} {_verb(difference)}")
    if way == "reply":  # what a webhook delivers
        return Found("reply-content-added" if difference.kind == "added" else "body-removed")
    if difference.kind == "added" and difference.new.get("required"):
        return Found("required-body-added")
    return Found(f"body-{difference.kind}")


def _reply(difference: Difference, way: Way, old: Facts, new: Facts) -> Found:
    place, kind = difference.place, difference.kind
    if place.is_webhook:
        return Found("webhook-answer-changed", f"answer {place.status} {_verb(difference)}")
    if place.media:
        other = old if kind == "added" else new
        reply = place._replace(media="")
        content = any(p.media and p._replace(media="", pointer="") == reply for p in other.places)
        noun = "media-type" if content or way == "error" else "reply-content"
        return Found(f"{noun}-{kind}", f"{place.media} {_verb(difference)}")
    if way == "error":
        return Found(f"error-status-{kind}", f"status {place.status} {_verb(difference)}")
    detail = f"status {place.status} {_verb(difference)}"
    if kind == "added" and _unlike(place, new):
        return Found("success-content-added", f"{detail}, with other content than the rest")
    return Found(f"success-status-{kind}", detail)


def _unlike(reply: Place, facts: Facts) -> bool:
    """Whether a success reply has content, and other successes have content of another shape."""
    shapes: dict[str, set[tuple[str, str, str]]] = {}
    for place, known in facts.places.items():
        same = place.part == "reply" and place.operation == reply.operation and place.media
        if same and place.status.startswith("2"):
            shape = (place.media, place.pointer, str(known.get("type")))
            shapes.setdefault(place.status, set()).add(shape)
    own = shapes.pop(reply.status, None)
    return own is not None and any(own != shape for shape in shapes.values())


def _header(difference: Difference, way: Way, old: Facts, new: Facts) -> Found:
    return Found(f"header-{difference.kind}")


def _link(difference: Difference, way: Way, old: Facts, new: Facts) -> Found:
    return Found("link-changed", f"it {_verb(difference)}")


def _verb(difference: Difference) -> str:
    return "came" if difference.kind == "added" else "went"


_BY_PART: dict[str, Callable[[Difference, Way, Facts, Facts], Found]] = {
    "operation": _operation,
    "parameter": _parameter,
    "request": _request,
    "reply": _reply,
    "header": _header,
    "link": _link,
}
