"""Schemas that went or have another name: their classes cannot be imported as before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.compare import Difference, Facts, Place
from codegen.diff.changes import Found, Note
from codegen.lint.pointers import tokens
from codegen.names import class_name

__all__ = ["model_rules"]

_PREFIX = ["components", "schemas"]


def model_rules(old: Facts, new: Facts) -> Iterator[Note]:
    """Classes of the old document that the new one has not.

    A class counts as renamed where every place that used it uses the same other one now.
    """
    before, after = _models(old), _models(new)
    kept = {class_name(name) for name in after}
    for name, places in before.items():
        if class_name(name) in kept:
            continue
        heirs = {_model_at(new, place) for place in places if place in new.places}
        heir = heirs.pop() if len(heirs) == 1 else None
        pointer = f"/components/schemas/{name}"
        renamed = heir is not None and heir not in before
        found = (
            Found("model-renamed", f"{class_name(name)} is now {class_name(heir)}")
            if renamed and heir
            else Found("model-removed")
        )
        home = f"/components/schemas/{heir}" if renamed else ""
        difference = Difference(Place("api"), "removed", old_home=pointer, new_home=home)
        yield Note(difference, found, "", f"model {class_name(name)}", "")


def _models(facts: Facts) -> dict[str, list[Place]]:
    """Schemas that become classes, with the places that are one: objects, enums and unions."""
    found: dict[str, list[Place]] = {}
    for place in facts.places:
        name = _model_at(facts, place)
        if name is not None:
            found.setdefault(name, []).append(place)
    return found


def _model_at(facts: Facts, place: Place) -> str | None:
    known = facts.places[place]
    if not {"enum", "union"} & known.keys() and known.get("type") != ["object"]:
        return None
    stated: Any = next((fact for fact in ("enum", "union", "type") if fact in known), None)
    parts = tokens(facts.home(place, str(stated)))
    return parts[2] if parts[:2] == _PREFIX and len(parts) == 3 else None
