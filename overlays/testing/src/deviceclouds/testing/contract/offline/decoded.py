"""Whether what a client returned holds what the reply said, in the types that its signature promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from deviceclouds.runtime import UNSET
from deviceclouds.runtime._encode import _misfit
from deviceclouds.runtime._fields import model_fields
from deviceclouds.runtime._model import Model
from deviceclouds.runtime._pages import Page

from ..._schemas import pointer
from .arrivals import differences

__all__ = ["decoding_problems"]

Way = tuple[str | int, ...]


def decoding_problems(result: Any, content: bytes) -> Iterator[tuple[str, str]]:
    """JSON pointer and reason of each value that the client reads in another way than it was sent.

    Args:
        result: What a call returned.
        content: Body of its reply.
    """
    if isinstance(result, Page):
        # Where the items are is the operation's business; each must be somewhere in the reply.
        for index, item in enumerate(result.items):
            if isinstance(item, Model):
                yield from _told(_misfits(item, ("items", index)))
        return
    if isinstance(result, Model):
        sent = _json(content)
        if sent is not UNSET:
            yield from _told(differences(sent, result.to_dict()))
        yield from _told(_misfits(result, ()))
    elif isinstance(result, list):
        for index, item in enumerate(result):
            if isinstance(item, Model):
                yield from _told(_misfits(item, (index,)))


def _told(found: Iterator[tuple[Way, str]]) -> Iterator[tuple[str, str]]:
    for way, reason in found:
        said = reason.replace("was given and did not arrive", "was sent and is lost in the result")
        said = said.replace("arrived and was not given", "is in the result and was not sent")
        said = said.replace("arrived", "is read")
        yield "body" + pointer(way), said.replace("than was given", "than was sent")


def _misfits(model: Model, way: Way) -> Iterator[tuple[Way, str]]:
    for field in model_fields(type(model)):
        value = getattr(model, field.name)
        if value is UNSET:
            if field.required:
                yield (*way, field.wire), "is always there by the client's types, and was not sent"
        elif value is not None:
            if _misfit(field.type, value, "") is not None:
                yield (*way, field.wire), f"has a type the client does not know ({field.name})"
            yield from _nested(value, (*way, field.wire))


def _nested(value: Any, way: Way) -> Iterator[tuple[Way, str]]:
    if isinstance(value, Model):
        yield from _misfits(value, way)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _nested(item, (*way, index))


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except ValueError:
        return UNSET
