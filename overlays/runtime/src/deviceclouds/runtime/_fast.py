"""msgspec decoders for attrs models: how they are built, and the traps on the way.

msgspec assigns attributes by the name on the wire, and looks at each of them again when an object is done. So it never
meets a model itself: it fills a *landing class*, a subclass without state of its own, on which the model's slots stand
under their names on the wire. What was filled then becomes a plain instance of the model.

A field that holds models is not decoded with its owner. It arrives as the bytes it was sent as and is opened on first
access: a list costs what is looked at, and every nested object has bytes of its own, as an item of a page has.
"""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Callable
from typing import Any

import msgspec

from ._decode import nested_reader
from ._fields import FieldInfo, is_enum, model_fields, models_in
from ._model import Model
from ._unset import UNSET

__all__ = ["build_decoder"]

_slots: dict[type[Model], dict[str, Any]] = {}
"""The slots of a class by Python name; on the class itself some are hidden behind properties."""


class _Field:
    """The part of an attrs attribute that msgspec looks at."""

    __slots__ = ("default", "name", "validator")

    def __init__(self, name: str, default: Any) -> None:
        self.name = name
        self.default = default
        self.validator = None


def build_decoder(cls: type[Model]) -> Callable[[Any], Any] | None:
    """A function from JSON bytes to an instance of the class's landing class, or None where msgspec cannot express it.

    Whoever calls the function assigns the instance's ``__class__``.
    """
    fields = model_fields(cls)
    slots = _slots.get(cls)
    if slots is None:
        slots = _slots[cls] = {f.name: cls.__dict__.get(f.name) for f in fields}
    if not _expressible(cls, slots):
        return None
    try:
        decode = msgspec.json.Decoder(_landing(cls, slots)).decode
        if not _probe(fields, slots, decode):
            return None
    except (TypeError, msgspec.ValidationError):
        return None
    for field in fields:
        if models_in(field.type):
            setattr(cls, field.name, _opened(field, slots[field.name]))
    return decode


def _expressible(cls: Any, slots: dict[str, Any]) -> bool:
    from attrs import NOTHING

    if None in slots.values() or any(f.wire.startswith("__") for f in model_fields(cls)):
        return False
    # A default of its own would be applied to fields a reply does not hold.
    return all(a.default is NOTHING or a.default is UNSET for a in cls.__attrs_attrs__)


def _landing(cls: Any, slots: dict[str, Any]) -> Any:
    """A subclass as msgspec is to see the model: names of the wire, nothing run when an object is made."""
    fields = model_fields(cls)
    # The model's own annotations are text, with names that only a type checker can resolve: all are overridden.
    annotations = dict.fromkeys(slots, Any) | {f.wire: _shown_type(f) for f in fields}
    landing: Any = type(cls.__name__, (cls,), {"__slots__": (), "__module__": cls.__module__})
    landing.__annotations__ = annotations
    landing.__attrs_attrs__ = tuple(
        _Field(f.wire, a.default) for f, a in zip(fields, cls.__attrs_attrs__, strict=True)
    )
    for field in fields:
        if not field.wire.isascii():
            msgspec.json.encode(
                field.wire
            )  # fills the name's UTF-8 form, by which msgspec compares
        setattr(landing, field.wire, slots[field.name])
    return landing


def _shown_type(field: FieldInfo) -> Any:
    if models_in(field.type):
        return msgspec.Raw
    # Every optional field is nullable for the fast path: a null must not send the whole reply to the slow one.
    if field.nullable or not field.required:
        return typing.Optional[field.type]  # noqa: UP045  # a runtime expression
    return field.type


def _opened(field: FieldInfo, slot: Any) -> property:
    """A field that holds models: the bytes of the reply until someone looks, then what they say."""
    read, write, decode = slot.__get__, slot.__set__, nested_reader(field.type)

    def get(self: Model) -> Any:
        value = read(self)
        if value.__class__ is msgspec.Raw:
            value = decode(bytes(value))
            write(self, value)
        return value

    return property(get, write, slot.__delete__, doc=slot.__doc__)


_SAMPLES: dict[Any, Any] = {
    str: "probe",
    int: 7,
    float: 1.5,
    bool: True,
    Any: "probe",
    dt.datetime: "2026-01-01T00:00:00Z",
}


def _sample(annotation: Any) -> Any:
    if annotation in _SAMPLES:
        return _SAMPLES[annotation]
    if is_enum(annotation):
        return next(iter(annotation)).value
    if typing.get_origin(annotation) is list:
        return []
    return {}


def _probe(
    fields: tuple[FieldInfo, ...], slots: dict[str, Any], decode: Callable[[Any], Any]
) -> bool:
    """Decodes an object with every field set and looks whether each arrived in its own slot."""
    if all(f.wire == f.name for f in fields):
        return True
    got = decode(msgspec.json.encode({f.wire: _sample(f.type) for f in fields}))
    return all(slots[f.name].__get__(got) is not UNSET for f in fields)
