"""Our specifications as a vendor might publish them: OpenAPI 3.0, cut into other components, in JSON or YAML."""

from __future__ import annotations

import copy
from typing import Any

from codegen.lint.pointers import lookup, tokens
from codegen.lint.sites import GRAMMAR

Document = dict[str, Any]


def as_3_0(document: Document, *, own_marks: bool = False) -> Document:
    """Return a 3.1 document as 3.0; webhooks are lost, and without `own_marks` our extensions are too."""
    result = _object("root", copy.deepcopy(document))
    result.pop("webhooks", None)
    if not own_marks:
        _strip(result)
    return {**result, "openapi": "3.0.3"}


def _strip(value: Any) -> None:
    if isinstance(value, dict):
        for key in [key for key in value if str(key).startswith("x-") and key != "x-api-key"]:
            del value[key]
        for below in value.values():
            _strip(below)
    elif isinstance(value, list):
        for below in value:
            _strip(below)


def _object(kind: str, data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    grammar = GRAMMAR.get(kind, {})
    result: Document = {}
    for key, value in data.items():
        below, shape = grammar.get(key, ("", ""))
        if shape == "list" and isinstance(value, list):
            result[key] = [_object(below, entry) for entry in value]
        elif shape == "map" and isinstance(value, dict):
            result[key] = {name: _object(below, entry) for name, entry in value.items()}
        else:
            result[key] = _object(below, value) if below else value
    return _schema(result) if kind == "schema" else result


def _schema(schema: Document) -> Document:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if isinstance(schema.get("type"), list):
        kinds = [kind for kind in schema["type"] if kind != "null"]
        if len(kinds) < len(schema["type"]):
            schema["nullable"] = True
        del schema["type"]
        schema |= {"type": kinds[0]} if len(kinds) == 1 else {"anyOf": [{"type": k} for k in kinds]}
    members = schema.get("anyOf", [])
    if {"type": "null"} in members:
        inner = [member for member in members if member != {"type": "null"}]
        del schema["anyOf"]
        schema |= {"nullable": True, "allOf" if len(inner) == 1 else "anyOf": inner}
    if "$ref" in schema and len(schema) > 1:
        schema["allOf"] = [{"$ref": schema.pop("$ref")}]
    for exclusive, inclusive in (("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")):
        if exclusive in schema:
            schema[inclusive], schema[exclusive] = schema[exclusive], True
    return schema


def inlined(document: Document) -> Document:
    """Return a document without references; only a value that contains itself keeps them."""
    kept: set[str] = set()

    def walk(value: Any, above: tuple[str, ...]) -> Any:
        if isinstance(value, list):
            return [walk(entry, above) for entry in value]
        if not isinstance(value, dict):
            return value
        ref = value.get("$ref")
        if not isinstance(ref, str):
            return {key: walk(below, above) for key, below in value.items()}
        if ref in above:
            kept.add(ref)
            return {"$ref": ref}
        _, target = lookup(document, tokens(ref[1:]))
        return walk(target, (*above, ref))

    result = {key: walk(value, ()) for key, value in document.items() if key != "components"}
    old = document["components"]
    result["components"] = {"securitySchemes": old["securitySchemes"], "schemas": {}}
    for ref in sorted(kept):
        name = tokens(ref[1:])[-1]
        result["components"]["schemas"][name] = copy.deepcopy(old["schemas"][name])
    waiting = list(result["components"]["schemas"].values())
    while waiting:  # what the kept ones refer to
        for name in _named(waiting.pop()):
            if name not in result["components"]["schemas"]:
                schema = copy.deepcopy(old["schemas"][name])
                result["components"]["schemas"][name] = schema
                waiting.append(schema)
    return result


def _named(value: Any) -> set[str]:
    if isinstance(value, list):
        return set().union(*map(_named, value)) if value else set()
    if not isinstance(value, dict):
        return set()
    ref = value.get("$ref")
    own = {tokens(ref[1:])[-1]} if isinstance(ref, str) else set()
    return own.union(*map(_named, value.values())) if value else own


def with_other_names(document: Document) -> Document:
    """Return a document whose components all have other names, and where objects are put together by `allOf`."""
    names = {
        f"#/components/{kind}/{name}": f"#/components/{kind}/Zz{index}"
        for kind, entries in document["components"].items()
        if kind != "securitySchemes"
        for index, name in enumerate(entries)
    }

    def walk(value: Any) -> Any:
        if isinstance(value, list):
            return [walk(entry) for entry in value]
        if not isinstance(value, dict):
            return value
        return {
            key: names.get(below, below)
            if key == "$ref" and isinstance(below, str)
            else walk(below)
            for key, below in value.items()
        }

    result: Document = walk(document)
    result["components"] = {
        kind: {
            tokens(names.get(f"#/components/{kind}/{name}", f"/{name}")[1:])[-1]
            if kind != "securitySchemes"
            else name: entry
            for name, entry in entries.items()
        }
        for kind, entries in result["components"].items()
    }
    return result


def split_by_all_of(document: Document) -> Document:
    """Return a document where each object schema with fields is an `allOf` of two halves."""
    result = copy.deepcopy(document)
    for schema in result["components"]["schemas"].values():
        fields = schema.get("properties", {})
        if len(fields) > 1:
            names = list(fields)
            half = len(names) // 2
            need = schema.pop("required", [])
            del schema["properties"]
            schema["allOf"] = [
                {
                    "type": "object",
                    "properties": {name: fields[name] for name in part},
                    **({"required": kept} if (kept := [n for n in part if n in need]) else {}),
                }
                for part in (names[:half], names[half:])
            ]
    return result
