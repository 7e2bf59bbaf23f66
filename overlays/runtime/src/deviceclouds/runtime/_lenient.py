"""Reading what the specification did not foresee: one table-driven walk for every model."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from types import MappingProxyType
from typing import Any, TypeVar

import msgspec

from ._fields import is_enum, model_fields, models_in, wire_names
from ._model import Model
from ._unset import UNSET

__all__ = ["build_model", "choose_variant", "convert", "read_datetime"]

M = TypeVar("M", bound=Model)


Reader = Callable[[Any], Any]


def build_model(cls: type[M], data: Mapping[str, Any]) -> M:
    """Builds a model from a JSON object; a value that does not fit its field is kept as it was sent."""
    model = cls.__new__(cls)
    for name, wire, read in _table(cls):
        value = data.get(wire, UNSET)
        if read is not None and value is not UNSET and value is not None:
            value = read(value)
        setattr(model, name, value)
    known = wire_names(cls)
    unknown = {} if data.keys() <= known else {k: v for k, v in data.items() if k not in known}
    model._unknown = MappingProxyType(unknown)
    return model


_tables: dict[type[Model], list[tuple[str, str, Reader | None]]] = {}


def _table(cls: type[Model]) -> list[tuple[str, str, Reader | None]]:
    table = _tables.get(cls)
    if table is None:
        fields = model_fields(cls)
        table = _tables[cls] = [(f.name, f.wire, _reader(f.type)) for f in fields]
    return table


def convert(annotation: Any, value: Any) -> Any:
    """A JSON value as the type a field has; one that does not fit as it is."""
    read = _reader(annotation)
    return value if read is None or value is None else read(value)


@cache
def _reader(annotation: Any) -> Reader | None:
    """What turns a JSON value into a type; None where there is nothing to turn."""
    outer = typing.get_origin(annotation)
    if outer is list:
        return _list_reader(_reader(_not_null(typing.get_args(annotation)[0])))
    if outer is dict:
        return _map_reader(_reader(_not_null(typing.get_args(annotation)[1])))
    models = models_in(annotation)
    if models:
        return _model_reader(models)
    if is_enum(annotation):
        return partial(_read_enum, annotation)
    return _READERS.get(annotation)


def _list_reader(read: Reader | None) -> Reader | None:
    if read is None:
        return None
    return lambda value: (
        [item if item is None else read(item) for item in value]
        if isinstance(value, list)
        else value
    )


def _map_reader(read: Reader | None) -> Reader | None:
    if read is None:
        return None
    return lambda value: (
        {name: item if item is None else read(item) for name, item in value.items()}
        if isinstance(value, Mapping)
        else value
    )


def _model_reader(models: Sequence[type[Model]]) -> Reader:
    def read(value: Any) -> Any:
        if not isinstance(value, Mapping):
            return value
        chosen = models[0] if len(models) == 1 else choose_variant(models, value)
        return value if chosen is None else build_model(chosen, value)

    return read


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


_READERS: dict[Any, Reader] = {
    int: _read_int,
    float: _read_float,
    dt.datetime: read_datetime,
}
