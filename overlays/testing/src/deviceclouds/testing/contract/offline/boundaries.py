"""Values at the bounds of a schema: where clients and clouds disagree first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..._spec import Spec

__all__ = ["AWKWARD", "COMPOSED", "boundary_values"]

AWKWARD = "a/b?c#d&e=f;g%2F+h,é €😀\"'\\<>~"
"""Text in which every character that URLs, forms or JSON treat in a special way has its place."""

COMPOSED = "Ae\u0301\u212b\ufb01 B"
"""Text that changes when Unicode is normalised, in whatever form, or when letters lose their case."""

_DEEPEST = 5
_LONGEST = 5000
_BY_FORMAT: dict[str, list[Any]] = {
    "date-time": [
        "2026-02-28T23:59:59Z",
        "2026-01-02T03:04:05.678+09:00",
        "2026-01-02T03:04:05.123456Z",
    ],
    "date": ["2026-02-28"],
    "uuid": ["3f2b1c00-0000-4000-8000-0000000000ff"],
    "binary": ["\x00\r\n--boundary\r\né😀\r\n", ""],
    "uri": ["https://receiver.example.com/a?b=c&d=%2F#e"],
    "email": ["user+tag@example.com"],
}


def boundary_values(spec: Spec, schema: Any, depth: int = 0) -> list[Any]:
    """Values at the bounds of a schema; a few for plain text, none where there is nothing to say.

    Args:
        spec: Resolves references.
        schema: A schema.
        depth: How deep the value is nested.
    """
    schema = spec.resolve(schema)
    if not isinstance(schema, dict) or depth > _DEEPEST:
        return []
    if "const" in schema:
        return [schema["const"]]
    if "enum" in schema:
        return list(schema["enum"])
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return [
                value for part in schema[union] for value in boundary_values(spec, part, depth + 1)
            ]
    kinds = schema.get("type", "object" if "properties" in schema else None)
    found = []
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        found += _of_kind(spec, schema, kind, depth)
    return found


def _of_kind(spec: Spec, schema: dict[str, Any], kind: str | None, depth: int) -> list[Any]:
    if kind == "string":
        return _texts(schema)
    if kind in ("integer", "number"):
        return _numbers(schema, kind)
    if kind == "boolean":
        return [True, False]
    if kind == "null":
        return [None]
    if kind == "array":
        return _lists(spec, schema, depth)
    if kind == "object":
        return _objects(spec, schema, depth)
    # Anything is allowed.
    return [AWKWARD, 0, None, {"name": AWKWARD}]


def _texts(schema: dict[str, Any]) -> list[Any]:
    if "format" in schema and schema["format"] in _BY_FORMAT:
        return _BY_FORMAT[schema["format"]]
    if "pattern" in schema or "format" in schema:
        return list(schema.get("examples", []))
    least, most = schema.get("minLength", 0), schema.get("maxLength")
    found = [AWKWARD, " ", COMPOSED, "true", "null", "x" * least]
    if most is not None and most <= _LONGEST:
        found.append("x" * most)
    return [text for text in found if least <= len(text) <= (most or _LONGEST)]


def _numbers(schema: dict[str, Any], kind: str) -> list[Any]:
    least, most = schema.get("minimum"), schema.get("maximum")
    found: list[Any] = [bound for bound in (least, most) if bound is not None]
    # The last integer is one that no float holds.
    most_bits = 2**31 - 1 if schema.get("format") == "int32" else 2**53 + 1
    free = [0, 1, -1, 2**31 - 1, most_bits] if kind == "integer" else [0, 0.1, -1.5, 1e-7, 1e21]
    for number in free:
        above = least is None or number >= least
        if above and (most is None or number <= most) and number not in found:
            found.append(number)
    return found


def _lists(spec: Spec, schema: dict[str, Any], depth: int) -> list[Any]:
    items = boundary_values(spec, schema.get("items", {}), depth + 1)
    least, most = schema.get("minItems", 0), schema.get("maxItems")
    if not items:
        return []
    sizes = {max(least, 1), max(least, 2)} if most is None else {max(least, 1), min(most, 20)}
    found: list[Any] = [[items[i % len(items)] for i in range(size)] for size in sorted(sizes)]
    found.append(items[: most or len(items)] if len(items) >= least else found[0])
    return [] if schema.get("uniqueItems") else found


def _objects(spec: Spec, schema: dict[str, Any], depth: int) -> list[Any]:
    properties = schema.get("properties", {})
    if not properties:
        return [{}, {"name": AWKWARD, "": [1, None, 0.5]}]
    columns = {name: boundary_values(spec, part, depth + 1) for name, part in properties.items()}
    count = max([1, *map(len, columns.values())])
    rows = [
        {
            name: values[(index + turn) % len(values)]
            for turn, (name, values) in enumerate(columns.items())
            if values
        }
        for index in range(count)
    ]
    needed = set(schema.get("required", ()))
    return [*rows, {name: value for name, value in rows[0].items() if name in needed}]
