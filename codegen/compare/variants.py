"""Names for the variants of a union that do not depend on how components are called."""

from __future__ import annotations

from collections import Counter

from codegen.compare.schemas import Location, Schemas, Shape
from codegen.lint.pointers import tokens


def labels(schemas: Schemas, union: Shape) -> list[str]:
    """Return a label for each variant: by its constant, what only it requires, its type or its name."""
    shapes = [schemas.shape([location]) for location in union.variants]
    for found in (
        _by_mapping(union),
        [_constants(schemas, shape, shapes) for shape in shapes],
        [_required(shape, shapes) for shape in shapes],
        [",".join(shape.facts.get("type", ())) for shape in shapes],
        [_component(shape) for shape in shapes],
    ):
        if all(found) and len(set(found)) == len(shapes):
            return [f"<{_escape(label)}>" for label in found]
    return [f"<{index + 1}>" for index in range(len(shapes))]


def _escape(label: str) -> str:
    return label.replace("~", "~0").replace("/", "~1")


def _by_mapping(union: Shape) -> list[str]:
    discriminator = union.facts.get("discriminator")
    if not isinstance(discriminator, dict) or not isinstance(discriminator.get("mapping"), dict):
        return []
    name = discriminator.get("propertyName")
    targets = {_target(str(ref)): value for value, ref in discriminator["mapping"].items()}
    result = []
    for location in union.variants:
        ref = location.schema.get("$ref", "") if isinstance(location.schema, dict) else ""
        result.append(f"{name}={targets[ref]}" if ref in targets else "")
    return result


def _target(ref: str) -> str:
    return ref if ref.startswith("#") else f"#/components/schemas/{ref}"


def _constants(schemas: Schemas, shape: Shape, shapes: list[Shape]) -> str:
    """Return `name=value` of the first property, by name, that is constant in every variant."""
    for name in sorted(shape.properties):
        values = [_constant(schemas, other.properties.get(name)) for other in shapes]
        if None not in values and len(set(values)) == len(shapes):
            return f"{name}={_constant(schemas, shape.properties[name])}"
    return ""


def _constant(schemas: Schemas, locations: list[Location] | None) -> str | None:
    enum = schemas.shape(locations).facts.get("enum") if locations else None
    return str(enum[0]) if enum and len(enum) == 1 else None


def _required(shape: Shape, shapes: list[Shape]) -> str:
    counts = Counter(name for other in shapes for name in other.required)
    return ",".join(sorted(name for name in shape.required if counts[name] == 1))


def _component(shape: Shape) -> str:
    return tokens(shape.components[0])[-1] if shape.components else ""
