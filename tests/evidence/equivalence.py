"""When a spec says the same as a source in other words. Each rule has its reason beside it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .openapi import Place

#: What a source states about a field beyond type and required: default, enum, format, ...
Limits = Mapping[str, Any]


@dataclass(frozen=True)
class Stated:
    """What a source states about one field or parameter; what it leaves open is None or absent."""

    type: str | None = None
    required: bool | None = None
    limits: Limits = field(default_factory=dict)

    def misses(self, place: Place) -> list[str]:
        """Return the aspects the spec states differently."""
        found = []
        if self.type is not None and not same_type(self.type, place):
            found.append("type")
        if self.required is not None and self.required != place.required:
            found.append("required")
        return found + [key for key, value in self.limits.items() if not same(key, value, place)]


def same(key: str, value: Any, place: Place) -> bool:
    """Tell whether the spec states a limit of a field."""
    match key:
        case "nullable":
            return place.nullable or not value
        case "items":
            return place.items is not None and same_type(value, place.items)
        case "enum":
            return same_enum(value, place)
        case "default":
            return same_default(value, place)
        case "additionalProperties":
            return bool(place.schema.get(key)) == bool(value)
        case _:
            found = place.schema.get(key)
            return bool(found == value and type(found) is type(value))


def same_type(stated: str, place: Place) -> bool:
    """Tell whether the spec has the stated type."""
    if stated == "any":
        return True  # "any" states nothing
    if stated in place.types:
        return True
    if place.joined and stated == "string":
        return True  # a comma-joined text equals a list with `style: form, explode: false`
    # JSON writes both alike, and the sources say "number" of counts and milliseconds.
    return stated == "number" and "integer" in place.types


def same_enum(stated: list[Any], place: Place) -> bool:
    """Tell whether the spec allows the stated values and no others."""
    if "const" in place.schema:
        return stated == [place.schema["const"]]  # a const is an enum of one
    owner = place.items if place.joined and place.items else place
    found = set(owner.schema.get("enum", ()))
    if place.joined:  # a sort key may be preceded by "-", as the source says in prose
        found = {str(value).removeprefix("-") for value in found}
    return found == set(stated)


def same_default(stated: Any, place: Place) -> bool:
    """Tell whether the spec gives the stated default."""
    for key in ("default", "const"):  # the only possible value states the default it replaces
        if key in place.schema:
            value = place.schema[key]
            if value == stated and type(value) is type(stated):
                return True
    # A `default:` on a reply would be applied to absent fields (the linter forbids it), and one of
    # a parameter would be sent: there the description says what the vendor assumes.
    return tells_default(place.description, stated)


def tells_default(description: str, value: Any) -> bool:
    """Tell whether one sentence has the word "default" and the value; "" and [] are "empty"."""
    if value in ("", []):
        wanted = r"(?i)\bempty\b"
    else:
        text = value if isinstance(value, str) else json.dumps(value)
        wanted = rf"(?<![\w.]){re.escape(text)}(?!\w)"
    sentences = re.split(r"(?<=[.;])\s+", description)
    return any("default" in s.lower() and re.search(wanted, s) for s in sentences)
