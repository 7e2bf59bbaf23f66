"""msgspec decoders for attrs models: how they are built, and the traps on the way.

msgspec assigns attributes by the name on the wire. A field with another Python name works when its slot is also
published on the class under the wire name, and when ``__attrs_attrs__`` and the annotations show wire names while the
decoder is built; msgspec keeps what it saw, and the class gets its own back.
"""

from __future__ import annotations

import datetime as dt
import typing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from ._fields import FieldInfo, is_enum, model_fields, models_in, reachable_models
from ._model import Model
from ._unset import UNSET

__all__ = ["build_decoder"]


_prepared: set[type[Model]] = set()


class _Field:
    """The part of an attrs attribute that msgspec looks at."""

    __slots__ = ("default", "name", "validator")

    def __init__(self, name: str, default: Any) -> None:
        self.name = name
        self.default = default
        self.validator = None


def build_decoder(cls: type[Model]) -> Callable[[Any], Any] | None:
    """A function from JSON bytes to a model, or None where msgspec cannot express the class."""
    models = reachable_models(cls)
    if not all(_expressible(model) for model in models):
        return None
    for model in models:
        _publish(model)
    try:
        with _shown_to_msgspec(models):
            decode = msgspec.json.Decoder(cls).decode
    except TypeError:
        return None
    if not all(_probe(model, decode if model is cls else None) for model in models):
        return None
    _prepared.update(models)
    return decode


def _expressible(model: type[Model]) -> bool:
    import attrs

    for field in model_fields(model):
        nested = models_in(field.type)
        # A union of two models needs its const to be told apart: the lenient path does it.
        if len(nested) > 1 or (nested and typing.get_origin(field.type) is typing.Union):
            return False
        slot = model.__dict__.get(field.name)
        if field.wire != field.name and hasattr(model, field.wire) and model not in _prepared:
            return False
        if slot is None:
            return False
    # A default of its own would be applied to fields a reply does not hold.
    return all(a.default in (attrs.NOTHING, UNSET) for a in model.__attrs_attrs__)  # type: ignore[attr-defined]


def _publish(model: type[Model]) -> None:
    """Makes slots writable under their wire names, and nested models know whose part they are."""
    if model in _prepared:
        return
    for field in model_fields(model):
        slot = model.__dict__[field.name]
        if field.wire != field.name:
            field.wire.isascii() or msgspec.json.encode(field.wire)  # fills the name's UTF-8 form
            setattr(model, field.wire, slot)
        if models_in(field.type):
            setattr(model, field.name, _linked(field, slot))
    _prepared.add(model)


def _linked(field: FieldInfo, slot: Any) -> property:
    """A field that holds models: they learn on first access where in the reply they stand."""
    read = slot.__get__
    wire = field.wire

    def get(self: Model) -> Any:
        value = read(self)
        if value.__class__ is list:
            if value and isinstance(value[-1], Model) and not hasattr(value[-1], "_raw"):
                _link_list(self, wire, value)
        elif isinstance(value, Model) and not hasattr(value, "_raw"):
            raw = getattr(self, "_raw", None)
            if raw is not None:
                value._raw = raw
                value._path = (*getattr(self, "_path", ()), wire)
        return value

    return property(get, slot.__set__, slot.__delete__, doc=slot.__doc__)


def _link_list(owner: Model, wire: str, values: list[Any]) -> None:
    raw = getattr(owner, "_raw", None)
    if raw is None:
        return
    path = (*getattr(owner, "_path", ()), wire)
    for index, value in enumerate(values):
        if isinstance(value, Model):
            value._raw = raw
            value._path = (*path, index)


@contextmanager
def _shown_to_msgspec(models: list[type[Model]]) -> Iterator[None]:
    saved = [(m, m.__attrs_attrs__, m.__annotations__) for m in models]  # type: ignore[attr-defined]
    try:
        for model in models:
            fields = model_fields(model)
            attributes: Any = model
            attributes.__attrs_attrs__ = tuple(
                _Field(f.wire, a.default)
                for f, a in zip(fields, attributes.__attrs_attrs__, strict=True)
            )
            model.__annotations__ = {f.wire: _shown_type(f) for f in fields}
        yield
    finally:
        for model, attributes, annotations in saved:
            model.__attrs_attrs__ = attributes  # type: ignore[attr-defined]
            model.__annotations__ = annotations


def _shown_type(field: FieldInfo) -> Any:
    # Every optional field is nullable for the fast path: a null must not send the whole reply to the slow one.
    if field.nullable or not field.required:
        return typing.Optional[field.type]  # noqa: UP045  # a runtime expression
    return field.type


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


def _probe(model: type[Model], decode: Callable[[Any], Any] | None) -> bool:
    """Decodes an object with every plain field set and looks at what arrived where."""
    fields = [
        f
        for f in model_fields(model)
        if not isinstance(f.type, type) or not issubclass(f.type, Model)
    ]
    sent = {f.wire: _sample(f.type) for f in fields}
    if decode is None:
        decode = msgspec.json.Decoder(model).decode
    try:
        got = decode(msgspec.json.encode(sent))
    except msgspec.ValidationError:
        # A required nested model is missing from the probe: nothing to see, unless a name was changed.
        return all(f.wire == f.name for f in fields)
    return all(getattr(got, f.name) is not UNSET for f in fields)
