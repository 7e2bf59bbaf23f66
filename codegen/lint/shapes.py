"""What a schema is: questions that several rules ask."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from codegen.lint.document import SpecDocument
from codegen.lint.pointers import tokens
from codegen.lint.sites import Site

#: Keys that may stand beside a `$ref`, or the `allOf` around one: none changes the type.
BESIDE_REF = frozenset({"description", "summary", "deprecated", "x-evidence", "x-secret"})


def types_of(schema: dict[str, Any]) -> list[str]:
    """Return the JSON types a schema names, without null."""
    value = schema.get("type")
    listed = value if isinstance(value, list) else [value]
    return [entry for entry in listed if isinstance(entry, str) and entry != "null"]


def is_null(schema: dict[str, Any]) -> bool:
    """Return whether the schema is `{type: "null"}`."""
    return schema.get("type") == "null"


def nullable_inner(doc: SpecDocument, schema: Site) -> Site | None:
    """Return what an `anyOf` or `oneOf` of one thing and null is about, None for anything else."""
    members = doc.below(schema, "anyOf", "oneOf")
    inner = [member for member in members if not is_null(member.data)]
    return inner[0] if len(inner) == 1 and len(members) == len(inner) + 1 else None


def wrapped_ref(doc: SpecDocument, schema: Site) -> Site | None:
    """Return the member of an `allOf` that only wraps one reference."""
    members = doc.below(schema, "allOf")
    alone = set(schema.data) <= BESIDE_REF | {"allOf"}
    return members[0] if len(members) == 1 and members[0].ref and alone else None


def core(doc: SpecDocument, schema: Site) -> Site:
    """Return the schema behind references, nullable wrappers and one-member `allOf`s."""
    passed: set[str] = set()
    while schema.pointer not in passed:
        passed.add(schema.pointer)
        target = doc.follow(schema)
        schema = nullable_inner(doc, target) or wrapped_ref(doc, target) or target
    return schema


def is_union(doc: SpecDocument, schema: Site) -> bool:
    """Return whether the schema is a `oneOf` or `anyOf` that is not just a nullable thing."""
    return ("oneOf" in schema.data or "anyOf" in schema.data) and not nullable_inner(doc, schema)


def is_object(schema: Site) -> bool:
    """Return whether the schema describes an object with named fields."""
    return "properties" in schema.data or types_of(schema.data) == ["object"]


def is_map(schema: Site) -> bool:
    """Return whether the schema is a free-form or typed map without named fields."""
    data = schema.data
    return (
        types_of(data) == ["object"]
        and "properties" not in data
        and data.get("additionalProperties", False) is not False
    )


def is_binary(schema: Site) -> bool:
    """Return whether the schema is a file: `type: string, format: binary`."""
    return types_of(schema.data) == ["string"] and schema.data.get("format") == "binary"


def properties(doc: SpecDocument, schema: Site) -> dict[str, Site]:
    """Return the properties of an object by wire name."""
    return {site.name: site for site in doc.below(schema, "properties")}


def required(schema: Site) -> list[str]:
    """Return the names an object requires."""
    value = schema.data.get("required")
    return [name for name in value if isinstance(name, str)] if isinstance(value, list) else []


def step_into(doc: SpecDocument, schema: Site, pointer: str) -> Site | None:
    """Return the schema of what lies at `pointer` in a `schema` value, None where nothing can."""
    schema = core(doc, schema)
    for token in tokens(pointer):
        found = properties(doc, schema).get(token)
        if found is None and token.isdecimal() and types_of(schema.data) == ["array"]:
            found = next(iter(doc.below(schema, "items")), None)
        if found is None:
            return None
        schema = core(doc, found)
    return schema


def component_schemas(doc: SpecDocument) -> Iterator[Site]:
    """Yield the named schemas."""
    return (site for site in doc.sites("schema") if site.is_component)
