"""Parameters of an operation, those of its path item included."""

from __future__ import annotations

import re
from typing import Any

from codegen.compare.fields import Values
from codegen.compare.places import JSON, Place
from codegen.compare.schemas import Location
from codegen.lint.pointers import child

_DEFAULT_STYLE = {"query": "form", "cookie": "form", "path": "simple", "header": "simple"}
_FACTS = ("description", "deprecated", "allowReserved", "allowEmptyValue", "example", "examples")


def add_parameters(
    values: Values, key: str, item: Location, where: Location, path: str, *, sent_by_us: bool
) -> None:
    """Add the places of the parameters of operation `key`; its own override those of the path item."""
    names = re.findall(r"\{([^{}]*)\}", path)
    found: dict[str, tuple[Location, Location]] = {}
    for holder in (item, where):
        listed = holder.schema.get("parameters") if isinstance(holder.schema, dict) else None
        for index, entry in enumerate(listed if isinstance(listed, list) else ()):
            use = Location(child(holder.pointer, "parameters", index), entry)
            target = follow(values, use)
            name = _name(target.schema, names)
            if name:
                found[name] = (use, target)
    for name, (use, target) in found.items():
        place = Place("parameter", key, "request" if sent_by_us else "reply", name=name)
        _add(values, place, use, target)


def follow(values: Values, use: Location) -> Location:
    """Return what a parameter, header, body or reply refers to, itself if it is no reference."""
    passed: set[str] = set()
    while isinstance(use.schema, dict) and "$ref" in use.schema and use.pointer not in passed:
        passed.add(use.pointer)
        use = values.schemas.resolve(use.schema["$ref"], use.pointer)
    return use if isinstance(use.schema, dict) else Location(use.pointer, {})


def _name(data: dict[str, Any], names: list[str]) -> str:
    where, name = str(data.get("in", "")), str(data.get("name", ""))
    if where == "path" and name in names:
        return f"path:{names.index(name) + 1}"
    # These three are said by security schemes and content types; OpenAPI tells to ignore them here.
    if where == "header" and name.lower() in ("accept", "content-type", "authorization"):
        return ""
    return f"{where}:{name.lower() if where == 'header' else name}"


def _add(values: Values, place: Place, use: Location, target: Location) -> None:
    data = target.schema
    own: dict[str, JSON] = {"name": data.get("name"), "in": data.get("in")}
    own |= {name: data[name] for name in _FACTS if name in data}
    own |= {name: value for name, value in data.items() if name.startswith("x-")}
    own |= {"required": True} if data.get("required") or data.get("in") == "path" else {}
    schema = schema_of(target, own)
    types = values.schemas.shape([schema]).facts.get("type", ())
    if "content" not in own and ("array" in types or "object" in types):
        style = data.get("style", _DEFAULT_STYLE.get(str(data.get("in")), ""))
        own |= {"style": style, "explode": data.get("explode", style == "form")}
    homes = {"": use.pointer, **dict.fromkeys(own, target.pointer)}
    values.add(place, [schema], own, homes)


def schema_of(target: Location, own: dict[str, JSON]) -> Location:
    """Return the schema of a parameter or header; notes in `own` the media type it is written in."""
    data = target.schema
    content = data.get("content")
    if "schema" not in data and isinstance(content, dict) and content:
        media = next(iter(content))
        own["content"] = media
        entry = content[media] if isinstance(content[media], dict) else {}
        return Location(child(target.pointer, "content", media, "schema"), entry.get("schema", {}))
    return Location(child(target.pointer, "schema"), data.get("schema", {}))
