"""Replies to models: fast where msgspec can express the type and the reply keeps to it, lenient otherwise.

The fast path lets msgspec assign attrs classes directly (see :mod:`._fast`). Whatever it refuses is read again by
:mod:`._lenient`, which refuses nothing but what is no JSON.
"""

from __future__ import annotations

import json
import os
import threading
import typing
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import msgspec

from ._fields import wire_names
from ._lenient import build_model, choose_variant, convert
from ._model import Model

__all__ = [
    "decode_items",
    "decode_json",
    "decode_model",
    "decode_models",
    "decode_object",
    "decode_union",
    "expect_object",
    "nested_reader",
    "prepare_decoder",
    "read_array",
    "read_item",
    "unknown_fields",
]

M = TypeVar("M", bound=Model)

_decoders: dict[type[Model], Callable[[Any], Any] | None] = {}
_lock = threading.Lock()
_REFUSED = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)

_split: Callable[[Any], list[msgspec.Raw]] = msgspec.json.Decoder(list[msgspec.Raw]).decode
_fields_of: Callable[[Any], dict[str, msgspec.Raw]] = msgspec.json.Decoder(
    dict[str, msgspec.Raw]
).decode


def decode_model(cls: type[M], raw: bytes) -> M:
    """Reads one JSON object. Raises ValueError for bytes that are no JSON, TypeError where they are no object."""
    decode = _decoders[cls] if cls in _decoders else prepare_decoder(cls)
    if decode is not None:
        try:
            landed = decode(raw)
        except _REFUSED:
            pass
        else:
            landed.__class__ = cls
            landed._raw = raw
            model: M = landed
            return model
    return decode_object(cls, decode_json(raw))


def decode_models(cls: type[M], raw: bytes) -> list[M]:
    """Reads a JSON array of objects. Raises like :func:`decode_model`."""
    try:
        return decode_items(cls, _split(raw))
    except _REFUSED:
        return [read_item(cls, item) for item in read_array(raw)]


def read_array(raw: bytes) -> list[Any]:
    """A plain JSON array. Raises ValueError for bytes that are no JSON, TypeError where they are no array."""
    data = decode_json(raw)
    if not isinstance(data, list):
        raise TypeError(f"a JSON array was expected, not {type(data).__name__}")
    return data


def expect_object(data: Any) -> Mapping[str, Any]:
    """The data, if it is a JSON object. Raises TypeError otherwise."""
    if not isinstance(data, Mapping):
        raise TypeError(f"a JSON object was expected, not {type(data).__name__}")
    return data


def decode_items(cls: type[M], raws: Sequence[Any]) -> list[M]:
    """Reads the items of a page, each from bytes of its own: keeping one item does not keep its page.

    A null, or whatever else is no object, is kept as it was sent.
    """
    decode = _decoders[cls] if cls in _decoders else prepare_decoder(cls)
    own = [bytes(raw) for raw in raws]
    if decode is not None:
        try:
            items = [decode(raw) for raw in own]
        except _REFUSED:
            pass  # one is odd: each on its own
        else:
            for item, raw in zip(items, own, strict=True):
                item.__class__ = cls
                item._raw = raw
            return items
    odd: list[Any] = [
        decode_model(cls, raw) if raw[:1] == b"{" else decode_json(raw) for raw in own
    ]
    return odd


def read_item(cls: type[M], item: Any) -> Any:
    """One element of a list: a model, or what was sent where that is no object."""
    return decode_object(cls, item) if isinstance(item, Mapping) else item


def decode_object(cls: type[M], data: Any) -> M:
    """Builds a model from decoded JSON; no value of a field is refused. Raises TypeError for anything but an object."""
    fields = expect_object(data)
    try:
        return build_model(cls, fields)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None


def decode_union(classes: Sequence[type[Model]], raw: bytes) -> Any:
    """Reads one object of several kinds, told apart by their constants; a kind nobody knows stays a dictionary."""
    data = expect_object(decode_json(raw))
    chosen = choose_variant(classes, data)
    return data if chosen is None else decode_object(chosen, data)


def nested_reader(annotation: Any) -> Callable[[bytes], Any]:
    """A function that reads the bytes of a field that holds models. It refuses nothing: it runs on attribute access.

    Args:
        annotation: The field's type: a model, a list of them, or anything else with models in it.
    """
    inner = typing.get_args(annotation)
    read: Callable[[bytes], Any]
    if isinstance(annotation, type):
        read = partial(decode_model, annotation)
    elif typing.get_origin(annotation) is list and isinstance(inner[0], type):
        read = partial(decode_models, inner[0])
    else:
        return partial(_read_oddly, annotation)

    def read_nested(raw: bytes) -> Any:
        if raw != b"null":
            try:
                return read(raw)
            except (TypeError, ValueError):
                pass  # no object, or not only objects
        return _read_oddly(annotation, raw)

    return read_nested


def _read_oddly(annotation: Any, raw: bytes) -> Any:
    try:
        return convert(annotation, decode_json(raw))
    except (ValueError, RecursionError):
        return raw.decode("utf-8", "replace")


def decode_json(raw: bytes) -> Any:
    """Plain JSON: a byte order mark, NaN, broken UTF-8, lone surrogates, raw tabs are all read. Raises ValueError."""
    text = raw.decode("utf-8-sig", "replace")
    try:
        return _read(text)
    except RecursionError:
        raise ValueError("the JSON is nested too deeply") from None
    except json.JSONDecodeError:
        raise
    except ValueError:
        return _read_long(text)


def _read_int(digits: str) -> int | str:
    try:
        return int(digits)
    except ValueError:
        # Python refuses to read thousands of digits: they stay text.
        return digits


_read = json.JSONDecoder(strict=False).decode
_read_long = json.JSONDecoder(strict=False, parse_int=_read_int).decode


def unknown_fields(model: Model) -> dict[str, Any]:
    """Fields of a reply that the class does not have; see :attr:`Model.unknown_fields`."""
    raw = getattr(model, "_raw", None)
    if raw is None:
        return {}
    known = wire_names(type(model))
    try:
        fields = _fields_of(raw)
    except _REFUSED:
        data: dict[str, Any] = decode_json(raw)
        return {name: value for name, value in data.items() if name not in known}
    if fields.keys() <= known:
        return {}
    return {name: decode_json(bytes(raw)) for name, raw in fields.items() if name not in known}


def prepare_decoder(cls: type[Model]) -> Callable[[Any], Any] | None:
    """The fast decoder of a class, built on first use; None where only the lenient path can read it."""
    with _lock:
        if cls not in _decoders:
            # The switch lets the test suite run with the fast path off.
            if os.environ.get("DEVICECLOUDS_LENIENT_ONLY"):
                _decoders[cls] = None
            else:
                from ._fast import build_decoder

                _decoders[cls] = build_decoder(cls)
        return _decoders[cls]
