"""Python types of schemas, as text for annotations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from codegen.names import class_name

__all__ = ["Annotation", "Annotator"]

Schema = Mapping[str, Any]
_PLAIN = {"string": "str", "integer": "int", "number": "float", "boolean": "bool"}


class Annotation(NamedTuple):
    """A type: its text without None, whether null is allowed, and the model classes it names."""

    text: str
    nullable: bool = False
    classes: tuple[str, ...] = ()


class Annotator:
    """Turns schemas of one document into annotations."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._schemas: Mapping[str, Schema] = document["components"]["schemas"]

    def named(self, schema: Schema) -> tuple[str | None, Schema]:
        """The component a schema refers to, with its name, or the schema itself."""
        name = None
        while "$ref" in schema or "allOf" in schema:
            schema = schema if "$ref" in schema else schema["allOf"][0]
            name = str(schema["$ref"]).rpartition("/")[2]
            schema = self._schemas[name]
        return name, schema

    def annotate(self, schema: Schema, *, argument: bool = False) -> Annotation:
        """The type of a schema.

        Args:
            schema: The schema, or a reference.
            argument: True for a method's argument, which takes any sequence or mapping and plain enum values.
        """
        name, target = self.named(schema)
        types = target.get("type", [])
        types = [types] if isinstance(types, str) else list(types)
        nullable = "null" in types
        kinds = [kind for kind in types if kind != "null"]
        branches = target.get("oneOf") or target.get("anyOf")
        if branches:
            return self._union(branches, argument)
        if "enum" in target and name is not None:
            cls = class_name(name)
            return Annotation(f"{cls}Like" if argument else cls, nullable, (cls,))
        if name is not None and "properties" in target:
            return Annotation(class_name(name), nullable, (class_name(name),))
        if len(kinds) != 1:
            return Annotation("Any", nullable)
        return self._plain(kinds[0], target, argument)._replace(nullable=nullable)

    def _plain(self, kind: str, schema: Schema, argument: bool) -> Annotation:
        if kind == "array":
            inner = self.annotate(schema.get("items", {}), argument=argument)
            text = f"{inner.text} | None" if inner.nullable and inner.text != "Any" else inner.text
            return Annotation(f"{'Sequence' if argument else 'list'}[{text}]", False, inner.classes)
        if kind == "object":
            extra = schema.get("additionalProperties")
            inner = (
                self.annotate(extra, argument=argument)
                if isinstance(extra, Mapping)
                else Annotation("Any")
            )
            text = f"{inner.text} | None" if inner.nullable and inner.text != "Any" else inner.text
            return Annotation(
                f"{'Mapping' if argument else 'dict'}[str, {text}]", False, inner.classes
            )
        if kind == "string" and schema.get("format") == "binary":
            return Annotation("FileInput")
        if kind == "string" and schema.get("format") == "date-time":
            return Annotation("datetime")
        return Annotation(_PLAIN[kind])

    def _union(self, branches: list[Schema], argument: bool) -> Annotation:
        members = [b for b in branches if b.get("type") != "null"]
        nullable = len(members) < len(branches)
        parts = [self.annotate(member, argument=argument) for member in members]
        return Annotation(
            " | ".join(dict.fromkeys(part.text for part in parts)),
            nullable or any(part.nullable for part in parts),
            tuple(dict.fromkeys(cls for part in parts for cls in part.classes)),
        )

    def reachable(self, schemas: Iterator[Schema]) -> set[str]:
        """Names of the components a set of schemas leads to."""
        found: set[str] = set()
        waiting: list[Any] = list(schemas)
        while waiting:
            node = waiting.pop()
            if isinstance(node, Mapping):
                if str(node.get("$ref", "")).startswith("#/components/schemas/"):
                    name = str(node["$ref"]).rpartition("/")[2]
                    if name not in found:
                        found.add(name)
                        waiting.append(self._schemas[name])
                waiting.extend(v for k, v in node.items() if k not in ("example", "examples"))
            elif isinstance(node, list):
                waiting.extend(node)
        return found
