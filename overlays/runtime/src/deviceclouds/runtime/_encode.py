"""Models to JSON-ready values. Requests are exact: what breaks the specification is refused before it is sent."""

from __future__ import annotations

import datetime as dt
import re
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache
from typing import Any

from ._fields import FieldInfo, is_enum, model_fields, models_in
from ._files import Upload
from ._model import Model
from ._operation import Limits
from ._unset import UNSET

__all__ = ["check_limits", "check_model", "to_wire"]


def to_wire(value: Any, *, unknown: bool = False) -> Any:
    """The JSON form of a model, list, mapping, enum or point in time; other values as they are.

    Args:
        value: What to encode.
        unknown: Also the unknown fields of models; requests are made without, they hold what the specification knows.
    """
    if isinstance(value, Model):
        encoded = dict(value.unknown_fields) if unknown else {}
        for field in model_fields(type(value)):
            item = getattr(value, field.name)
            if item is not UNSET:
                encoded[field.wire] = to_wire(item, unknown=unknown)
        return encoded
    if value is UNSET:
        raise ValueError("UNSET stands where a value is needed; leave the item out")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dt.datetime):
        # A reply may hold a naive time, a request must not.
        return value.isoformat() if unknown else format_datetime(value)
    if isinstance(value, Mapping):
        return {
            str(name): to_wire(item, unknown=unknown)
            for name, item in value.items()
            if item is not UNSET
        }
    if isinstance(value, list | tuple):
        return [to_wire(item, unknown=unknown) for item in value]
    return value


def format_datetime(value: dt.datetime) -> str:
    """RFC 3339 in UTC, with milliseconds: the form all the vendors show. Raises ValueError for a naive time."""
    if value.tzinfo is None:
        raise ValueError(
            "a point in time needs a time zone, for example datetime.now(timezone.utc)"
        )
    precision = "microseconds" if value.microsecond % 1000 else "milliseconds"
    return value.astimezone(dt.UTC).isoformat(timespec=precision).replace("+00:00", "Z")


def check_model(model: Model, where: str = "") -> Iterator[str]:
    """What is wrong with a model that is to be sent, as sentences; nothing if it keeps to the specification."""
    for field in model_fields(type(model)):
        label = f"{where}.{field.name}" if where else field.name
        value = getattr(model, field.name)
        if value is UNSET:
            if field.required:
                yield f"{label} is required"
        elif value is None:
            if field.name not in type(model).__null__:
                yield f"{label} must not be None; leave it out to not send it"
        else:
            yield from _check_field(model, field, value, label)


def _check_field(model: Model, field: FieldInfo, value: Any, label: str) -> Iterator[str]:
    misfit = _misfit(field.type, value, label)
    if misfit is not None:
        place, annotation, found = misfit
        shown = repr(found) if is_enum(annotation) and not field.secret else type(found).__name__
        yield f"{place} must be {_describe(annotation)}, not {shown}"
        return
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        yield f"{label} needs a time zone, for example datetime.now(timezone.utc)"
        return
    limits = model.__limits__.get(field.name)
    if limits is not None:
        yield from check_limits(limits, to_wire(value), label)
    for index, item in _nested(value):
        yield from check_model(item, label if index is None else f"{label}[{index}]")


def _misfit(annotation: Any, value: Any, label: str) -> tuple[str, Any, Any] | None:
    """Place, wanted type and value of the first thing that does not fit, item by item in a list."""
    if typing.get_origin(annotation) is list and isinstance(value, list | tuple):
        (inner,) = typing.get_args(annotation)
        found = (_misfit(inner, item, f"{label}[{index}]") for index, item in enumerate(value))
        return next((one for one in found if one is not None), None)
    return None if _fits(annotation, value) else (label, annotation, value)


def _nested(value: Any) -> Iterator[tuple[int | None, Model]]:
    if isinstance(value, Model):
        yield None, value
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, Model):
                yield index, item


def check_limits(limits: Limits, value: Any, label: str) -> Iterator[str]:
    """What a wire value breaks of its limits, as sentences."""
    if isinstance(value, list):
        if limits.min_items is not None and len(value) < limits.min_items:
            yield f"{label} needs at least {limits.min_items} items, not {len(value)}"
        if limits.max_items is not None and len(value) > limits.max_items:
            yield f"{label} takes at most {limits.max_items} items, not {len(value)}"
    for item in value if isinstance(value, list) else (value,):
        yield from _check_value(limits, item, label)


def _check_value(limits: Limits, value: Any, label: str) -> Iterator[str]:
    if limits.enum and value not in limits.enum:
        yield f"{label} must be one of {', '.join(map(repr, limits.enum))}, not {value!r}"
    if isinstance(value, int | float):
        if limits.minimum is not None and value < limits.minimum:
            yield f"{label} must be at least {limits.minimum}, not {value}"
        if limits.maximum is not None and value > limits.maximum:
            yield f"{label} must be at most {limits.maximum}, not {value}"
    if isinstance(value, str):
        if limits.min_length is not None and len(value) < limits.min_length:
            yield f"{label} needs at least {limits.min_length} characters"
        if limits.max_length is not None and len(value) > limits.max_length:
            yield f"{label} takes at most {limits.max_length} characters, not {len(value)}"
        if limits.pattern is not None and not _compiled(limits.pattern).search(value):
            yield f"{label} must match {limits.pattern}"


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # In a specification "$" is the end; in Python it also stands before a last line break.
    return re.compile(re.sub(r"(?<!\\)\$(?=$|\)|\|)", r"\\Z", pattern))


def _fits(annotation: Any, value: Any) -> bool:
    models = models_in(annotation)
    origin = typing.get_origin(annotation)
    if origin is list:
        return False  # its items were looked at one by one
    if origin is typing.Literal:
        return value in typing.get_args(annotation)
    if models:
        return isinstance(value, tuple(models))
    if origin is dict:
        return isinstance(value, Mapping)
    if is_enum(annotation):
        return any(member.value == value for member in annotation)
    if annotation in (Any, Upload) or not isinstance(annotation, type):
        return True
    if annotation is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if annotation is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, annotation)


def _describe(annotation: Any) -> str:
    if is_enum(annotation):
        return "one of " + ", ".join(repr(member.value) for member in annotation)
    if typing.get_origin(annotation) is list:
        return "a list"
    if typing.get_origin(annotation) is typing.Literal:
        return " or ".join(map(repr, typing.get_args(annotation)))
    if models_in(annotation):
        return " or ".join(model.__name__ for model in models_in(annotation))
    return {str: "text", int: "a whole number", float: "a number", bool: "True or False"}.get(
        annotation, getattr(annotation, "__name__", str(annotation))
    )
