"""Reading what the specification did not foresee: one table-driven walk for every model."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from ._fields import is_enum, model_fields, models_in, wire_names
from ._model import Model
from ._unset import UNSET

__all__ = ["build_model", "choose_variant", "convert", "read_datetime"]

M = TypeVar("M", bound=Model)


def build_model(cls: type[M], data: Mapping[str, Any]) -> M:
    """Builds a model from a JSON object; a value that does not fit its field is kept as it was sent."""
    model = cls.__new__(cls)
    for field in model_fields(cls):
        value = data.get(field.wire, UNSET)
        if value is not UNSET and value is not None:
            value = convert(field.type, value)
        setattr(model, field.name, value)
    known = wire_names(cls)
    unknown = {name: value for name, value in data.items() if name not in known}
    model._unknown = MappingProxyType(unknown)
    return model


def convert(annotation: Any, value: Any) -> Any:
    """A JSON value as the type a field has; one that does not fit as it is."""
    if typing.get_origin(annotation) is dict and isinstance(value, Mapping):
        inner = _not_null(typing.get_args(annotation)[1])
        return {
            name: item if item is None else convert(inner, item) for name, item in value.items()
        }
    models = models_in(annotation)
    if models and isinstance(value, Mapping):
        chosen = models[0] if len(models) == 1 else choose_variant(models, value)
        return value if chosen is None else build_model(chosen, value)
    if typing.get_origin(annotation) is list and isinstance(value, list):
        inner = _not_null(typing.get_args(annotation)[0])
        return [item if item is None else convert(inner, item) for item in value]
    if is_enum(annotation):
        return _read_enum(annotation, value)
    reader = _READERS.get(annotation)
    return value if reader is None else reader(value)


def _not_null(annotation: Any) -> Any:
    """The type of an item that may also be null."""
    members = [member for member in typing.get_args(annotation) if member is not type(None)]
    if typing.get_origin(annotation) is types.UnionType and len(members) == 1:
        return members[0]
    return annotation


def choose_variant(models: Sequence[type[Model]], value: Mapping[str, Any]) -> type[Model] | None:
    """The variant of a union whose constants the object has; None where a new one came up."""
    for model in models:
        constants = model.__const__
        if constants and all(value.get(name) == const for name, const in constants.items()):
            return model
    return None


def _read_enum(enum: Callable[[Any], Any], value: Any) -> Any:
    try:
        return enum(value)
    except ValueError:
        return value


def _read_int(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _read_float(value: Any) -> Any:
    try:
        return float(value) if type(value) is int else value
    except OverflowError:
        return value


def read_datetime(value: Any) -> Any:
    """A point in time from the forms vendors use; text in another form stays text."""
    if not isinstance(value, str):
        return value
    try:
        # As the fast path reads it: the two must not differ by a rounded microsecond.
        return msgspec.convert(value, dt.datetime)
    except (msgspec.ValidationError, ValueError):
        pass
    try:
        return dt.datetime.fromisoformat(value.strip())
    except ValueError:
        return value


_READERS: dict[Any, Callable[[Any], Any]] = {
    int: _read_int,
    float: _read_float,
    dt.datetime: read_datetime,
}
