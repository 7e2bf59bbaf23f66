"""Parameters, fields and schemas in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..._operations import Parameter
    from ..._spec import Spec

__all__ = ["Evidence", "Field", "body_fields", "evidence_of", "parameter_field", "schema_words"]

_MOST_VALUES = 12
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """How something is known: status, sources with lines of the document, note."""

    status: str
    sources: str
    note: str


@dataclass(frozen=True, slots=True)
class Field:
    """A parameter, or a field of a body; ``variant`` names the alternative it belongs to, "" for none."""

    name: str
    place: str
    shape: str
    required: bool
    description: str
    evidence: Evidence | None
    secret: bool
    variant: str = ""


def evidence_of(raw: Mapping[str, Any]) -> Evidence:
    """Reads an ``x-evidence``."""
    source = raw.get("source", ())
    sources = [source] if isinstance(source, str) else list(source)
    if "lines" in raw:
        where = f"document (lines {str(raw['lines']).replace(',', ', ')})"
        sources = [where if each == "document" else each for each in sources]
    return Evidence(raw["status"], ", ".join(sources), raw.get("note", ""))


def parameter_field(spec: Spec, parameter: Parameter) -> Field:
    """A parameter of path, query or header."""
    raw = parameter.raw
    return Field(
        name=parameter.name,
        place=parameter.location,
        shape=schema_words(spec, parameter.schema),
        required=parameter.required,
        description=raw.get("description", ""),
        evidence=_own_evidence(raw),
        secret=bool(raw.get("x-secret")),
    )


def body_fields(spec: Spec, schema: Mapping[str, Any], place: str) -> tuple[Field, ...]:
    """The fields of a body, some levels deep; those of each alternative where there are several.

    Args:
        spec: The specification.
        schema: Schema of the body.
        place: ``body`` or ``reply``.
    """
    return tuple(_fields(spec, schema, place, "", "", ()))


def schema_words(spec: Spec, schema: Mapping[str, Any]) -> str:
    """A schema in a few words, such as ``list of DeviceGroup`` or ``integer, 1 to 1000, else 500``."""
    node = spec.resolve(schema)
    choices = node.get("anyOf") or node.get("oneOf")
    if choices:
        return " or ".join(dict.fromkeys(schema_words(spec, each) for each in choices))
    if "const" in node:
        return f"always {node['const']!r}"
    kinds = node.get("type", "anything")
    kinds = [kinds] if isinstance(kinds, str) else list(kinds)
    words = " or ".join(_kind_words(spec, kind, node, _component(schema)) for kind in kinds)
    return ", ".join([words, *_limits(node)])


def _fields(
    spec: Spec,
    schema: Mapping[str, Any],
    place: str,
    variant: str,
    before: str,
    above: tuple[str, ...],
) -> Iterator[Field]:
    component, node = _component(schema), spec.resolve(schema)
    # Some objects hold objects of their own kind.
    if component in above or before.count(".") >= _DEEPEST:
        return
    inside = above if component is None else (*above, component)
    for each in node.get("oneOf") or node.get("anyOf") or ():
        yield from _fields(spec, each, place, _component(each) or variant, before, inside)
    if "items" in node:
        yield from _fields(
            spec, node["items"], place, variant, f"{before.removesuffix('.')}[].", inside
        )
    for name, child in node.get("properties", {}).items():
        needed = name in node.get("required", ())
        yield _property(spec, f"{before}{name}", child, place, needed, variant)
        yield from _fields(spec, child, place, variant, f"{before}{name}.", inside)


def _property(
    spec: Spec, name: str, node: Mapping[str, Any], place: str, required: bool, variant: str
) -> Field:
    resolved = spec.resolve(node)
    return Field(
        name=name,
        place=place,
        shape=schema_words(spec, node),
        required=required,
        # A description beside the reference is about this use.
        description=node.get("description") or resolved.get("description", ""),
        evidence=_own_evidence(node),
        secret=bool(node.get("x-secret")),
        variant=variant,
    )


def _own_evidence(raw: Mapping[str, Any]) -> Evidence | None:
    return evidence_of(raw["x-evidence"]) if "x-evidence" in raw else None


def _component(node: Mapping[str, Any]) -> str | None:
    reference = node.get("$ref")
    return str(reference).rpartition("/")[2] if reference else None


def _kind_words(spec: Spec, kind: str, node: Mapping[str, Any], component: str | None) -> str:
    if kind == "array":
        return f"list of {schema_words(spec, node.get('items', {}))}"
    if kind == "object":
        return component or "object"
    if "enum" in node:
        values = [str(value) for value in node["enum"] if value is not None]
        shown = " | ".join(values[:_MOST_VALUES])
        return (
            f"{shown} | and {len(values) - _MOST_VALUES} more"
            if len(values) > _MOST_VALUES
            else shown
        )
    if node.get("format") == "binary":
        return "file"
    return f"{kind} ({node['format']})" if "format" in node and kind == "string" else kind


def _limits(node: Mapping[str, Any]) -> list[str]:
    found = []
    if "minimum" in node and "maximum" in node:
        found.append(f"{node['minimum']:g} to {node['maximum']:g}")
    elif "minimum" in node:
        found.append(f"{node['minimum']:g} or more")
    elif "maximum" in node:
        found.append(f"{node['maximum']:g} or less")
    if "maxLength" in node:
        found.append(f"up to {node['maxLength']} characters")
    if node.get("default") not in (None, ""):
        found.append(f"else {node['default']}")
    return found
