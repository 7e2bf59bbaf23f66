"""What one schema says, with references, `allOf` and nullable wrappers folded into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from codegen.compare.places import JSON
from codegen.compare.references import target_of
from codegen.lint.pointers import child

#: Facts taken over as they stand; where several schemas apply, the outermost wins.
PLAIN = (
    "format", "multipleOf", "pattern", "uniqueItems", "default", "deprecated", "readOnly", "writeOnly",
    "contentEncoding", "contentMediaType", "description", "title", "example", "examples", "externalDocs",
    "not", "if", "then", "else", "dependentRequired", "dependentSchemas", "propertyNames", "contains",
    "minContains", "maxContains", "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip
#: Facts of which the stricter one holds where several schemas apply.
LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (dict, "object"),
)  # fmt: skip


class Location(NamedTuple):
    """A schema and where it stands."""

    pointer: str
    schema: JSON


@dataclass
class Shape:
    """The facts of a schema, who states each, and the schemas below it."""

    facts: dict[str, JSON] = field(default_factory=dict)
    homes: dict[str, str] = field(default_factory=dict)
    properties: dict[str, list[Location]] = field(default_factory=dict)
    required: dict[str, str] = field(default_factory=dict)
    items: list[Location] = field(default_factory=list)
    tuple_items: dict[int, list[Location]] = field(default_factory=dict)
    values: dict[str, list[Location]] = field(default_factory=dict)
    variants: list[Location] = field(default_factory=list)
    #: Components this schema is, so that recursion can be cut.
    components: list[str] = field(default_factory=list)

    def put(self, name: str, value: JSON, home: str) -> None:
        """State a fact."""
        self.facts[name] = value
        self.homes[name] = home


class Schemas:
    """The schemas of one document, each worked out once."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self._known: dict[tuple[str, ...], Shape] = {}

    def resolve(self, ref: Any, pointer: str) -> Location:
        """Return what a reference leads to; raises `DocumentError` where that is nothing."""
        target, value = target_of(self.document, str(ref), pointer)
        return Location(target, value)

    def shape(self, locations: list[Location]) -> Shape:
        """Return what schemas that all apply say together."""
        key = tuple(location.pointer for location in locations)
        if key not in self._known:
            shape = Shape()
            passed: set[str] = set()
            for location in locations:
                self._collect(shape, location, passed, direct=len(locations) == 1)
            _finish(shape)
            self._known[key] = shape
        return self._known[key]

    def _collect(self, shape: Shape, location: Location, passed: set[str], *, direct: bool) -> None:
        pointer, schema = location
        if pointer in passed:
            return
        passed.add(pointer)
        shape.homes.setdefault("", pointer)
        if schema is False:
            shape.put("never", True, pointer)
        if not isinstance(schema, dict):
            return
        _own(shape, schema, pointer)
        if "$ref" in schema:
            target = self.resolve(schema["$ref"], pointer)
            if direct:
                shape.components.append(target.pointer)
            self._collect(shape, target, passed, direct=direct)
        parts = _listed(schema, "allOf", pointer)
        for part in parts:
            alone = direct and len(parts) == 1 and not shape.properties
            self._collect(shape, part, passed, direct=alone)
        for key in ("oneOf", "anyOf"):
            self._choose(shape, key, location, passed, direct)

    def _choose(
        self, shape: Shape, key: str, location: Location, passed: set[str], direct: bool
    ) -> None:
        members = _listed(location.schema, key, location.pointer)
        if not members:
            return
        inner = [entry for entry in members if not _is_null(entry.schema)]
        if len(inner) == 1:
            stated = shape.facts.get("nullable")
            self._collect(shape, inner[0], passed, direct=direct)
            if len(inner) < len(members) and stated is not False:
                shape.put("nullable", True, location.pointer)
            return
        if len(inner) < len(members):
            shape.put("nullable", True, location.pointer)
        if not shape.variants:
            shape.put("union", key, location.pointer)
            shape.variants = inner


def _listed(schema: dict[str, Any], key: str, pointer: str) -> list[Location]:
    value = schema.get(key)
    if not isinstance(value, list):
        return []
    return [Location(child(pointer, key, i), entry) for i, entry in enumerate(value)]


def _is_null(schema: JSON) -> bool:
    if not isinstance(schema, dict):
        return False
    return schema.get("type") in ("null", ["null"]) or schema.get("enum") == [None]


def _own(shape: Shape, schema: dict[str, Any], pointer: str) -> None:
    for name in PLAIN:
        if name in schema:
            _first(shape, name, schema[name], pointer)
    for name, value in schema.items():
        if name.startswith("x-"):
            _first(shape, name, value, pointer)
    for names, stricter in ((LOWER, max), (UPPER, min)):
        for name in names:
            if name in schema:
                _combine(shape, name, schema[name], pointer, stricter)
    _own_types(shape, schema, pointer)
    _own_children(shape, schema, pointer)
    discriminator = schema.get("discriminator")
    if isinstance(discriminator, dict):
        _first(shape, "discriminator", discriminator, pointer)


def _first(shape: Shape, name: str, value: JSON, pointer: str) -> None:
    if name not in shape.facts:
        shape.put(name, value, pointer)


def _combine(shape: Shape, name: str, value: Any, pointer: str, choose: Callable[..., Any]) -> None:
    if name not in shape.facts or choose(shape.facts[name], value) != shape.facts[name]:
        shape.put(name, value, pointer)


def _own_types(shape: Shape, schema: dict[str, Any], pointer: str) -> None:
    value = schema.get("type")
    listed = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    named = sorted(entry for entry in listed if entry != "null")
    if listed and shape.facts.get("nullable") is not False:
        shape.put("nullable", "null" in listed, pointer)
    if named:
        known = shape.facts.get("type", named)
        shape.put("type", [entry for entry in known if entry in named] or named, pointer)
    enum = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(enum, list):
        known = shape.facts.get("enum", enum)
        shape.put(
            "enum", [entry for entry in enum if entry is not None and entry in known], pointer
        )


def _own_children(shape: Shape, schema: dict[str, Any], pointer: str) -> None:
    for name, entry in _mapping(schema, "properties").items():
        below = Location(child(pointer, "properties", name), entry)
        shape.properties.setdefault(name, []).append(below)
    for name, entry in _mapping(schema, "patternProperties").items():
        below = Location(child(pointer, "patternProperties", name), entry)
        shape.values.setdefault(name, []).append(below)
    required = schema.get("required")
    for name in required if isinstance(required, list) else ():
        shape.required.setdefault(str(name), pointer)
    if "items" in schema:
        shape.items.append(Location(child(pointer, "items"), schema["items"]))
    for index, location in enumerate(_listed(schema, "prefixItems", pointer)):
        shape.tuple_items.setdefault(index, []).append(location)
    if "additionalProperties" in schema:
        extra = schema["additionalProperties"]
        if isinstance(extra, bool) or extra == {}:
            _first(shape, "additionalProperties", extra is not False, pointer)
        else:
            below = Location(child(pointer, "additionalProperties"), extra)
            shape.values.setdefault("", []).append(below)


def _mapping(schema: dict[str, Any], key: str) -> dict[str, Any]:
    value = schema.get(key)
    return value if isinstance(value, dict) else {}


def _finish(shape: Shape) -> None:
    facts, home = shape.facts, shape.homes.get("", "")
    if not facts.get("nullable"):
        facts.pop("nullable", None)
        shape.homes.pop("nullable", None)
    if "type" not in facts and not shape.variants:
        implied = _implied(shape)
        if implied:
            shape.put("type", implied, home)
    if "type" in facts and "integer" in facts["type"] and "number" in facts["type"]:
        facts["type"] = [entry for entry in facts["type"] if entry != "integer"]
    _binary(facts)


def _binary(facts: dict[str, JSON]) -> None:
    """Name encoded text as 3.0 and our own specifications do: `byte` and `binary`."""
    if "format" in facts or facts.get("type") != ["string"]:
        return
    if facts.get("contentEncoding") == "base64":
        facts["format"] = "byte"
    elif facts.get("contentMediaType") == "application/octet-stream":
        facts["format"] = "binary"


def _implied(shape: Shape) -> list[str]:
    if shape.properties or shape.values or shape.required or "additionalProperties" in shape.facts:
        return ["object"]
    if shape.items or shape.tuple_items:
        return ["array"]
    values = shape.facts.get("enum") or []
    return sorted({name_of_type(value) for value in values})


def name_of_type(value: JSON) -> str:
    """Return the JSON type of a value."""
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "null")
