"""The client's classes beside the schemas they were made from: names, types, and what may be missing."""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from deviceclouds.runtime import UNSET
from deviceclouds.runtime._fields import FieldInfo, is_enum, model_fields, models_in
from deviceclouds.runtime._files import Upload
from deviceclouds.runtime._model import Model
from deviceclouds.runtime._models import model_class

from ..._schemas import pointer
from .declared import plain_name

if TYPE_CHECKING:
    from deviceclouds.runtime.generated import Operation as ClientOperation

    from ..._operations import Operation
    from ..._spec import Spec

__all__ = ["body_shape_problems", "reply_shape_problems"]

Way = tuple[str, ...]
Said = Iterator[tuple[str, str]]

_PLAIN = {"string": str, "integer": int, "number": float, "boolean": bool}
_BOUNDS = ("minimum", "maximum", "minLength", "maxLength", "pattern", "minItems", "maxItems")
_NAMES = ("minimum", "maximum", "min_length", "max_length", "pattern", "min_items", "max_items")


def reply_shape_problems(spec: Spec, operation: Operation, client: ClientOperation[Any]) -> Said:
    """Place and reason of each difference between a reply's schema and what the client returns."""
    reply = operation.success
    kind, media = next(iter(reply.content.items()), ("", {})) if reply is not None else ("", {})
    schema = spec.resolve(media.get("schema", {}))
    shape = _shape(kind, schema)
    if client.reply.shape != shape:
        yield "body", f"the client reads it as {client.reply.shape}, and it is {shape}"
        return
    if shape not in ("object", "array"):
        return
    walk = _Shapes(spec, sent=False)
    way: Way = ()
    name = client.reply.model
    if client.pagination is not None:
        # The client has no class for the envelope; what it gives are the items.
        name = client.item
        for token in operation.extensions["x-pagination"]["items"].split("/")[1:]:
            schema = spec.resolve(schema.get("properties", {}).get(token, {}))
            way = (*way, token)
    if "items" in schema and schema.get("type") == "array":
        schema, way = schema["items"], (*way, "*")
    classes = [model_class(client.vendor, each) for each in name.split("|")] if name else []
    yield from walk.objects(classes, schema, way)


def body_shape_problems(spec: Spec, operation: Operation, client: ClientOperation[Any]) -> Said:
    """Place and reason of each difference between a request body's schema and what the client sends."""
    if operation.body is not None and client.body is not None:
        classes = [model_class(client.vendor, name) for name in client.body.variants]
        yield from _Shapes(spec, sent=True).objects(classes, operation.body.schema, ())


def _shape(kind: str, schema: Mapping[str, Any]) -> str:
    if not kind:
        return "none"
    if kind == "application/json" or kind.endswith("+json"):
        return "array" if schema.get("type") == "array" else "object"
    return "text" if kind.startswith("text/") else "binary"


class _Shapes:
    """One walk through a schema and the classes made from it."""

    def __init__(self, spec: Spec, *, sent: bool) -> None:
        self._spec = spec
        self._sent = sent
        self._seen: set[tuple[type, int]] = set()

    def objects(self, classes: list[type[Any]], schema: Any, way: Way) -> Said:
        """Classes of an object; several for a union, none for one without named fields."""
        schema = self._plain(schema)
        parts = schema.get("oneOf") or schema.get("anyOf") or [schema]
        parts = [part for part in map(self._plain, parts) if "properties" in part]
        if len(parts) != len(classes):
            yield "body" + pointer(way), f"the client knows {len(classes)} kinds of {len(parts)}"
            return
        for cls, part in zip(classes, parts, strict=True):
            yield from self._object(cls, part, way)

    def _plain(self, schema: Any) -> dict[str, Any]:
        schema = self._spec.resolve(schema)
        while isinstance(schema, dict) and "properties" not in schema and schema.get("allOf"):
            schema = self._spec.resolve(schema["allOf"][0])
        return schema if isinstance(schema, dict) else {}

    def _object(self, cls: type[Model], schema: Mapping[str, Any], way: Way) -> Said:
        key = (cls, id(schema))
        if key in self._seen:
            return
        self._seen.add(key)
        fields = {field.wire: field for field in model_fields(cls)}
        properties = schema["properties"]
        needed = schema.get("required", ())
        for wire in fields.keys() - properties.keys():
            yield "body" + pointer((*way, wire)), "is a field of the client only"
        for wire, part in properties.items():
            place = "body" + pointer((*way, wire))
            if wire in fields:
                field = fields[wire]
                for reason in self._field(cls, field, part, required=wire in needed):
                    yield place, reason
                yield from self._nested(field.type, part, (*way, wire))
            elif wire not in cls.__const__:
                yield place, "is a field that the client does not have"

    def _nested(self, annotation: Any, schema: Any, way: Way) -> Said:
        schema = self._plain(schema)
        origin = typing.get_origin(annotation)
        if origin is list and "items" in schema:
            yield from self._nested(typing.get_args(annotation)[0], schema["items"], (*way, "*"))
        elif origin is dict and isinstance(schema.get("additionalProperties"), dict):
            inner = typing.get_args(annotation)[1]
            yield from self._nested(inner, schema["additionalProperties"], (*way, "*"))
        elif origin is not list and models_in(annotation):
            yield from self.objects(models_in(annotation), schema, way)

    def _field(
        self, cls: type[Model], field: FieldInfo, schema: Any, *, required: bool
    ) -> Iterator[str]:
        own = self._spec.resolve(schema)
        plain = self._plain(schema)
        if plain_name(field.name) != plain_name(field.wire):
            yield f"is the client's field {field.name}, another name"
        if field.required != required:
            yield "is always there by one of client and specification only"
        if not self._fits(field.type, plain):
            yield "has another type in the client"
        items = self._spec.resolve(own.get("items", {}))
        if field.secret != any(node.get("x-secret") for node in (schema, own, items)):
            yield "is a secret on one side only"
        nullable = "null" in _kinds(plain)
        if self._sent:
            if (field.name in cls.__null__) != nullable:
                yield "may be null by one of client and specification only"
            held = cls.__limits__.get(field.name)
            inner = self._plain(plain["items"]) if "items" in plain else plain
            for theirs, ours in zip(_BOUNDS, _NAMES, strict=True):
                holder = plain if theirs.endswith("Items") else inner
                if getattr(held, ours, None) != holder.get(theirs):
                    yield f"has another {theirs} in the client"
        elif nullable and not field.nullable:
            yield "may be null, and is not in the client"

    def _fits(self, annotation: Any, schema: Mapping[str, Any]) -> bool:
        origin = typing.get_origin(annotation)
        if schema.get("oneOf") or schema.get("anyOf"):
            return bool(models_in(annotation)) or annotation is Any
        kinds = [kind for kind in _kinds(schema) if kind != "null"]
        if "enum" in schema and is_enum(annotation):
            return {member.value for member in annotation} == set(schema["enum"]) - {None}
        if origin is typing.Literal or "const" in schema:
            consts = [schema["const"]] if "const" in schema else schema.get("enum", [])
            return origin is not typing.Literal or list(typing.get_args(annotation)) == consts
        if "enum" in schema:
            return False
        if "properties" in schema:
            return bool(models_in(annotation)) and origin is None
        if len(kinds) != 1:
            return annotation is Any
        return self._is_kind(annotation, kinds[0], schema)

    def _is_kind(self, annotation: Any, kind: str, schema: Mapping[str, Any]) -> bool:
        origin = typing.get_origin(annotation)
        if kind in ("array", "object"):
            inner = schema.get("items" if kind == "array" else "additionalProperties")
            if origin is not (list if kind == "array" else dict):
                return False
            return not isinstance(inner, dict) or self._fits(
                _without_null(typing.get_args(annotation)[-1]), self._plain(inner)
            )
        wanted: Any = _PLAIN[kind]
        if schema.get("format") == "date-time":
            wanted = dt.datetime
        elif schema.get("format") == "binary":
            wanted = Upload
        return bool(annotation is wanted)


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def _without_null(annotation: Any) -> Any:
    members = [m for m in typing.get_args(annotation) if m not in (type(None), type(UNSET))]
    is_union = type(None) in typing.get_args(annotation)
    return members[0] if is_union and len(members) == 1 else annotation
