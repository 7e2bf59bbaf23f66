"""What places are called in a summary: Python names for operations, component and field for the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from codegen.compare import Facts, Place
from codegen.lint.pointers import tokens
from codegen.names import method_name, namespace

__all__ = ["operation_name", "operation_names", "subject_of"]


def operation_names(*facts: Facts) -> dict[str, str]:
    """The name of each operation of some documents, by its key; the first document wins."""
    found: dict[str, str] = {}
    for one in facts:
        for place in one.operations():
            found.setdefault(place.operation, operation_name(place, one.places[place]))
    return found


def operation_name(place: Place, facts: Mapping[str, Any]) -> str:
    """`devices.get_device`, or `webhook alert`."""
    if place.is_webhook:
        return f"webhook {place.operation.split()[1]}"
    id_, tags = facts.get("operationId"), facts.get("tags")
    if not isinstance(id_, str):
        return str(place.operation)
    tag = tags[0] if isinstance(tags, list) and tags else ""
    return f"{namespace(tag)}.{method_name(id_)}" if tag else method_name(id_)


def subject_of(
    place: Place, home: str, names: Mapping[str, str], fact: str = "", wire_name: str = ""
) -> str:
    """What a place is called: `Device.name`, `parameter limit of devices.list_devices`.

    Args:
        place: The place.
        home: JSON pointer of who states the fact, or of the place.
        names: Names of operations by their keys.
        fact: Which fact changed; empty for the place as a whole.
        wire_name: What a parameter is called where it is sent; the place knows only its position or small letters.
    """
    operation = names.get(place.operation, place.operation)
    if place.part == "api":
        return "the API"
    if place.part == "security":
        return f"security scheme `{place.name}`"
    if place.part == "operation":
        return operation
    in_component = _component(place, home, fact, wire_name)
    if in_component:
        return in_component
    if place.part == "parameter":
        name = wire_name or place.name.partition(":")[2]
        where = f" in{_path(place)}" if place.pointer else ""
        return f"parameter `{name}`{where} of {operation}"
    noun = {"request": "body", "header": f"header `{place.name}` of reply {place.status}"}
    what = noun.get(place.part, f"reply {place.status}")
    if place.part == "link":
        what = f"link `{place.name}` of reply {place.status}"
    return f"{what} of {operation}{f', at{_path(place)}' if place.pointer else ''}"


def _component(place: Place, home: str, fact: str, wire_name: str) -> str:
    parts = tokens(home)
    if parts[:2] == ["components", "parameters"] and len(parts) > 2:
        # Readers know the argument, not what we call the component.
        return f"shared parameter `{wire_name or parts[2]}`{_within(parts[3:])}"
    if parts[:2] == ["components", "responses"] and len(parts) > 2:
        return f"shared reply `{parts[2]}`{_within(parts[3:])}"
    if parts[:2] != ["components", "schemas"] or len(parts) < 3:
        return ""
    name = f"{parts[2]}{_within(parts[3:])}"
    if fact == "required" and place.pointer:
        # Whether a property is required is said by its object.
        last = place.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        return f"{name}.{last}"
    return name


def _within(parts: list[str]) -> str:
    text, rest = "", list(parts)
    while rest:
        part = rest.pop(0)
        if part == "properties" and rest:
            text += f".{rest.pop(0)}"
        elif part == "items":
            text += "[]"
        elif part in ("oneOf", "anyOf", "allOf") and rest:
            rest.pop(0)
        elif part == "additionalProperties":
            text += "{}"
    return text


def _path(place: Place) -> str:
    return f" {place.pointer.lstrip('/')}"
