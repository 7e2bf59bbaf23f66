"""Rates what changed between two documents, as somebody who uses our client would."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from codegen.compare import Difference, Facts, Place, differences, facts_of
from codegen.compare.aligning import aligned as same_variants
from codegen.compare.aligning import folded
from codegen.compare.differences import same
from codegen.diff.alignment import aligned, moved, renumbered, renumbering
from codegen.diff.changes import Change, Found, Note, grouped
from codegen.diff.kinds import Way
from codegen.diff.naming import operation_names, subject_of
from codegen.diff.rules_marks import is_mark, mark_rules
from codegen.diff.rules_models import model_rules
from codegen.diff.rules_operations import operation_rules, retry_rule, scheme_rules, server_rules
from codegen.diff.rules_places import Pairs, pairs_of, place_rules
from codegen.diff.rules_values import STRUCTURE, value_rules

__all__ = ["rate"]

#: Facts of a value that stay its own where it becomes a union or stops being one.
_OF_THE_USE = frozenset({"", "union", "required", "nullable", "deprecated"})


def rate(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """What changed from one OpenAPI document to another.

    Args:
        before: The document as it was; plain values, self-contained.
        after: The document as it is.

    Returns:
        Changes by rating, the highest first. Empty if the documents say the same.

    Raises:
        DocumentError: A reference of one of them leads nowhere.
    """
    old, new = facts_of(before), facts_of(after)
    renamed = moved(old, new)
    new = aligned(new, renamed)
    statuses = renumbering(old, new)
    new = same_variants(renumbered(new, statuses), old)
    old = folded(old, new)
    changes = grouped([*_statuses(statuses, old, new), *_notes(old, new), *model_rules(old, new)])
    if not changes and before != after:
        # Tags, order, components nobody refers to, and how what is said is cut into components.
        changes = grouped([_words_of_the_whole()])
    return changes


def _notes(old: Facts, new: Facts) -> Iterator[Note]:
    found = differences(old, new)
    names = operation_names(new, old)
    pairs = pairs_of(found)
    reordered = _reordered(found)
    rebuilt = {d.place for d in found if _rebuilt(d)}
    unions = {d.place for d in found if d.name == "union" and not (d.old and d.new)}
    for difference in found:
        place = difference.place
        if difference.name == "" and place.pointer and any(p in rebuilt for p in place.ancestors()):
            continue  # what is below another type is another thing
        if place in unions and difference.name not in _OF_THE_USE:
            continue  # the one object it was is a variant now, or the other way round
        way = _way(place)
        stated = difference.kind != "changed" or difference.new is not None
        home = (difference.new_home if stated else "") or difference.old_home
        subject = subject_of(place, home, names, difference.name, _wire_name(place, old, new))
        operation = names.get(place.operation, "")
        if place in pairs.twins:
            difference = replace(difference, new_home=new.home(pairs.twins[place]))
        for one in _of(difference, way, old, new, pairs, reordered):
            yield Note(difference, one, way, one.subject or subject, operation)


def _wire_name(place: Place, old: Facts, new: Facts) -> str:
    """What a parameter is called where it is sent; empty for anything else."""
    if place.part != "parameter":
        return ""
    whole = place._replace(pointer="")
    known = new.places.get(whole) or old.places.get(whole) or {}
    return str(known.get("name", ""))


def _statuses(changes: dict[Place, str], old: Facts, new: Facts) -> Iterator[Note]:
    """Success statuses that only have another number."""
    names = operation_names(new, old)
    for now, before in changes.items():
        place = now._replace(status=before)
        homes = old.home(place), new.home(place)
        difference = Difference(place, "changed", "status", before, now.status, *homes)
        operation = names.get(place.operation, "")
        found = Found("success-status-changed", f"status {before} is now {now.status}")
        yield Note(difference, found, "reply", f"reply of {operation}", operation)


def _of(
    difference: Difference, way: Way, old: Facts, new: Facts, pairs: Pairs, reordered: set[Place]
) -> Iterator[Found]:
    place, name = difference.place, difference.name
    if difference.kind != "changed":
        yield from place_rules(difference, way, old, new, pairs)
        return
    before, after = old.places.get(place, {}), new.places.get(place, {})
    if place.part == "operation" and _tells_retries(name, before, after):
        yield from retry_rule(before, after)
    if place.part == "link":
        yield Found("link-changed", f"`{name}` changed")
    elif is_mark(name) and name != "tags":
        yield from mark_rules(difference)
    elif place.part == "api":
        yield from _api(difference)
    elif place.part == "security":
        yield from scheme_rules(difference)
    elif place.part == "operation":
        yield from operation_rules(difference, before, after)
    elif place in reordered and name == "name":
        yield Found("path-arguments-reordered", f"version {difference.old} is now {difference.new}")
    else:
        yield from value_rules(difference, way, before, after)


def _tells_retries(name: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """Whether this fact tells that an operation may be repeated; where both changed, only one does."""
    marks = (before.get("x-idempotent"), after.get("x-idempotent"))
    return name == "x-idempotent" or (name == "method" and same("x-idempotent", *marks))


def _api(difference: Difference) -> Iterator[Found]:
    if difference.name == "servers":
        yield from server_rules(difference.old or [], difference.new or [])
    elif difference.name == "version":
        yield Found("api-version-changed", f"version {difference.old} is now {difference.new}")
    else:
        yield Found("detail-changed", f"`{difference.name}` changed")


def _way(place: Place) -> Way:
    if place.direction == "none":
        return ""
    failed = place.direction == "reply" and place.part in ("reply", "header") and place.status
    return "error" if failed and not place.status.startswith("2") else place.direction


def _rebuilt(difference: Difference) -> bool:
    if difference.name not in STRUCTURE or difference.kind != "changed":
        return False
    return difference.name == "union" or not set(difference.old or ()) & set(difference.new or ())


def _reordered(found: list[Difference]) -> set[Place]:
    """Path parameters of operations that have the same ones at other places."""
    swapped: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        if difference.place.name.startswith("path:") and difference.name == "name":
            swapped[difference.place.operation].append(difference)
    return {
        one.place
        for group in swapped.values()
        if {d.old for d in group} == {d.new for d in group}
        for one in group
    }


def _words_of_the_whole() -> Note:
    difference = Difference(Place("api"), "changed", "layout")
    words = (
        "only how it is written down changed: order, tags, unused parts, or the cut into schemas"
    )
    return Note(difference, Found("words-changed", words), "", "the API", "")
