"""OpenAPI 3.0 as 3.1: what 3.0 writes in its own way, written as 3.1 does."""

from __future__ import annotations

from typing import Any

from codegen.compare.places import JSON
from codegen.lint.sites import GRAMMAR

_BOUNDS = (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum"))


def upgraded(document: dict[str, Any]) -> dict[str, Any]:
    """Return a 3.0 document as a 3.1 document; the argument stays as it is.

    `nullable` becomes the type null, boolean exclusive bounds become numbers, `example` of a schema becomes
    `examples`, and what stands beside a `$ref` is dropped. `byte` and `binary` stay: facts name them in this way.
    """
    result: dict[str, Any] = _object("root", document)
    return {**result, "openapi": "3.1.0"}


def _object(kind: str, data: JSON) -> JSON:
    if not isinstance(data, dict):
        return data
    if isinstance(data.get("$ref"), str) and kind != "path-item":
        return {"$ref": data["$ref"]}
    grammar = GRAMMAR.get(kind, {})
    result: dict[str, Any] = {}
    for key, value in data.items():
        below, shape = grammar.get(key, ("", "one"))
        if not below:
            result[key] = value
        elif shape == "list" and isinstance(value, list):
            result[key] = [_object(below, entry) for entry in value]
        elif shape == "map" and isinstance(value, dict):
            result[key] = {name: _object(below, entry) for name, entry in value.items()}
        else:
            result[key] = _object(below, value)
    return _schema(result) if kind == "schema" else result


def _schema(schema: dict[str, Any]) -> dict[str, Any]:
    for exclusive, inclusive in _BOUNDS:
        if isinstance(schema.get(exclusive), bool):
            bound = schema.pop(inclusive, None) if schema.pop(exclusive) else None
            schema |= {exclusive: bound} if bound is not None else {}
    if "example" in schema:
        schema["examples"] = [schema.pop("example")]
    if not isinstance(schema.get("required", []), list):
        del schema[
            "required"
        ]  # an older habit: a boolean at the property, which means nothing here
    return _nullable(schema) if schema.pop("nullable", False) is True else schema


def _nullable(schema: dict[str, Any]) -> dict[str, Any]:
    kind = schema.get("type")
    if isinstance(kind, str):
        schema["type"] = [kind, "null"]
    elif any(key in schema for key in ("allOf", "anyOf", "oneOf")):
        return {"anyOf": [schema, {"type": "null"}]}
    return schema
