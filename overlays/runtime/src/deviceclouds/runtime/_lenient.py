"""Reading what the specification did not foresee: one table-driven walk for every model."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from ._fields import is_enum, model_fields, models_in
from ._model import Model
from ._unset import UNSET

__all__ = ["build_model", "choose_variant", "read_datetime"]

M = TypeVar("M", bound=Model)


def build_model(
    cls: type[M], data: Mapping[str, Any], raw: bytes | None = None, path: tuple[Any, ...] = ()
) -> M:
    """Builds a model from a JSON object; a value that does not fit its field is kept as it was sent.

    Args:
        cls: The model class.
        data: The JSON object.
        raw: Bytes of the whole item, kept for its unknown fields; None where there are none.
        path: Where in the item this object stands.
    """
    model = cls.__new__(cls)
    known = set()
    for field in model_fields(cls):
        known.add(field.wire)
        value = data.get(field.wire, UNSET)
        if value is not UNSET and value is not None:
            value = _convert(field.type, value, raw, (*path, field.wire))
        setattr(model, field.name, value)
    if raw is None:
        unknown = {name: value for name, value in data.items() if name not in known}
        model._unknown = unknown
    else:
        model._raw = raw
        model._path = path
    return model


def _convert(annotation: Any, value: Any, raw: bytes | None, path: tuple[Any, ...]) -> Any:
    if typing.get_origin(annotation) is dict and isinstance(value, Mapping):
        inner = _not_null(typing.get_args(annotation)[1])
        return {
            name: item if item is None else _convert(inner, item, raw, (*path, name))
            for name, item in value.items()
        }
    models = models_in(annotation)
    if models and isinstance(value, Mapping):
        chosen = models[0] if len(models) == 1 else choose_variant(models, value)
        return value if chosen is None else build_model(chosen, value, raw, path)
    if typing.get_origin(annotation) is list and isinstance(value, list):
        inner = _not_null(typing.get_args(annotation)[0])
        return [
            item if item is None else _convert(inner, item, raw, (*path, index))
            for index, item in enumerate(value)
        ]
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
    return float(value) if type(value) is int else value


def read_datetime(value: Any) -> Any:
    """A point in time from the forms vendors use; text in another form stays text."""
    if isinstance(value, str):
        try:
            return dt.datetime.fromisoformat(value.strip())
        except ValueError:
            return value
    return value


_READERS: dict[Any, Callable[[Any], Any]] = {
    int: _read_int,
    float: _read_float,
    dt.datetime: read_datetime,
}
