"""Which evidence of ours their file confirms: what it covers is stated by them identically."""

from __future__ import annotations

from dataclasses import dataclass

from codegen.adopt.comparing import Comparison
from codegen.compare import Facts, Place
from codegen.lint.pointers import child, lookup, tokens

#: Evidence that a second source makes better.
WEAKER = ("unverified", "inferred", "documented")
BETTER = "corroborated"


@dataclass(frozen=True)
class Upgrade:
    """Evidence that becomes `corroborated`. `pointer` is that of the thing whose `x-evidence` it is."""

    pointer: str
    line: int
    subject: str
    before: str


def upgrades(comparison: Comparison) -> list[Upgrade]:
    """Return the evidence that can be upgraded, in the order of our file.

    Evidence covers what stands below it and has none of its own. All of that, in every operation that both sides
    have, must be stated by them, and alike: a fact of ours that they do not state is not confirmed.
    """
    if is_ours(comparison):
        return []
    facts = comparison.prepared.ours
    open_places = _unsettled(comparison)
    stated = comparison.prepared.theirs.places
    known: dict[Place, str] = {}
    confirmed: set[str] = set()
    doubtful: set[str] = set()
    for place in facts.places:
        pointer = _governing(facts, place, known)
        if place.part != "link" and pointer:
            # Below a value they leave open, or describe as another thing, nothing is told and nothing stated.
            settled = place in stated and place not in open_places
            (confirmed if settled else doubtful).add(pointer)
    result = []
    for pointer in confirmed - doubtful:
        found, evidence = lookup(comparison.ours.data, [*tokens(pointer), "x-evidence"])
        if found and isinstance(evidence, dict) and evidence.get("status") in WEAKER:
            line = comparison.ours.line(child(pointer, "x-evidence"))
            subject = _subject(comparison, pointer)
            result.append(Upgrade(pointer, line, subject, evidence["status"]))
    return sorted(result, key=lambda upgrade: upgrade.line)


def is_ours(comparison: Comparison) -> bool:
    """Return whether their file was made from ours: it carries our marks, so it confirms nothing."""
    return any("x-evidence" in facts for facts in comparison.their_facts.places.values())


def _governing(facts: Facts, place: Place, known: dict[Place, str]) -> str:
    """Return the pointer of what carries the evidence of a place, its own or the nearest around it."""
    if place not in known:
        if "x-evidence" in facts.places[place]:
            known[place] = facts.home(place, "x-evidence")
        else:
            parent = place.parent
            inside = parent is not None and parent in facts.places
            known[place] = _governing(facts, parent, known) if parent and inside else ""
    return known[place]


def _unsettled(comparison: Comparison) -> set[Place]:
    """Return the places of ours about which the two do not say the same."""
    result: set[Place] = set()
    for finding in comparison.findings:
        result.update(finding.places)
        result.update(finding.around if _is_theirs_only(comparison, finding.places[0]) else ())
    return result


def _is_theirs_only(comparison: Comparison, place: Place) -> bool:
    return place not in comparison.prepared.ours.places


def _subject(comparison: Comparison, pointer: str) -> str:
    path = tokens(pointer)
    _, value = lookup(comparison.ours.data, path)
    if path[0] in ("paths", "webhooks") and len(path) == 3:
        name = value.get("operationId", "")
        return f"{name} ({path[2].upper()} {path[1]})" if name else f"{path[2].upper()} {path[1]}"
    if isinstance(value.get("name"), str) and "in" in value:
        operation = _around(comparison, path)
        return f"{value['in']} parameter {value['name']}{operation}"
    if path[0] == "components":
        names = [name for name in path[2:] if name not in ("properties", "items", "schema")]
        return ".".join(names)
    return f"{'.'.join(path[3:])}{_around(comparison, path)}"


def _around(comparison: Comparison, path: list[str]) -> str:
    if path[0] != "paths":
        return ""
    _, operation = lookup(comparison.ours.data, path[:3])
    name = operation.get("operationId") if isinstance(operation, dict) else ""
    return f" of {name}" if name else ""
