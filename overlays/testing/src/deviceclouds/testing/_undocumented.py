"""Fields that a schema does not name.

JSON Schema takes any field that it does not know, and our specifications never say
``additionalProperties: false``, because replies grow. In what *we* send, a field that nobody
documented is a mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ._schemas import SchemaChecker

__all__ = ["close_schema", "schema_parts", "undocumented_fields"]

_UNIONS = ("oneOf", "anyOf")


def close_schema(schema: Any) -> Any:
    """A copy that takes no field it does not name: a quick test whether there is anything."""
    if isinstance(schema, list):
        return [close_schema(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    copy = {
        key: {name: close_schema(field) for name, field in value.items()}
        if key == "properties"
        else value
        if key in ("enum", "const", "example", "default", "required")
        else close_schema(value)
        for key, value in schema.items()
    }
    if isinstance(schema.get("properties"), dict) and not _is_open(schema):
        # Unlike additionalProperties, this one sees what allOf and oneOf beside it name.
        copy["unevaluatedProperties"] = False
    return copy


def undocumented_fields(
    checker: SchemaChecker, schema: Any, value: Any, path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """The paths of fields that are not named where others are.

    Args:
        checker: Resolves references and picks variants of unions.
        schema: The schema.
        value: The value.
        path: Where the value is.
    """
    if isinstance(value, dict):
        yield from _object_fields(checker, list(schema_parts(checker, schema, value)), value, path)
    elif isinstance(value, list):
        for part in schema_parts(checker, schema, value):
            if isinstance(part.get("items"), dict):
                for index, item in enumerate(value):
                    yield from undocumented_fields(checker, part["items"], item, (*path, index))


def _object_fields(
    checker: SchemaChecker,
    parts: list[dict[str, Any]],
    value: dict[str, Any],
    path: tuple[str | int, ...],
) -> Iterator[tuple[str | int, ...]]:
    named = any("properties" in part for part in parts)
    is_open = not named or any(_is_open(part) for part in parts)
    for key, item in value.items():
        schemas = [part["properties"][key] for part in parts if key in part.get("properties", {})]
        if not schemas:
            if not is_open:
                yield (*path, key)
            schemas = [
                part["additionalProperties"]
                for part in parts
                if isinstance(part.get("additionalProperties"), dict)
            ]
        for schema in schemas:
            yield from undocumented_fields(checker, schema, item, (*path, key))


def schema_parts(checker: SchemaChecker, schema: Any, value: Any) -> Iterator[dict[str, Any]]:
    """A schema and all that are applied together with it, with one variant of each union."""
    resolved = checker.resolve(schema)
    if not isinstance(resolved, dict):
        return
    yield resolved
    for part in resolved.get("allOf", ()):
        yield from schema_parts(checker, part, value)
    for union in _UNIONS:
        if resolved.get(union):
            yield from schema_parts(checker, checker.variant(resolved[union], value), value)


def _is_open(schema: dict[str, Any]) -> bool:
    return schema.get("additionalProperties", False) is not False or "x-unknown-fields" in schema
