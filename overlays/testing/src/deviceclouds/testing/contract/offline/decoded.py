"""Whether what a client returned holds what the reply said, in the types that its signature promises."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from deviceclouds.runtime._encode import _misfit
from deviceclouds.runtime._fields import model_fields
from deviceclouds.runtime._model import Model
from deviceclouds.runtime._pages import Page
from deviceclouds.runtime._unset import UNSET

from ..._bodies import media_type
from ..._schemas import pointer
from .arrivals import differences

__all__ = ["decoding_problems"]

Way = tuple[str | int, ...]


def decoding_problems(
    result: Any, content: bytes, content_type: str = "application/json", items: str = ""
) -> Iterator[tuple[str, str]]:
    """JSON pointer and reason of each value that the client reads in another way than it was sent.

    Args:
        result: What a call returned.
        content: Body of its reply.
        content_type: Its media type; "" for a reply without a body.
        items: Pointer to the items, for a list in pages.
    """
    kind = media_type(content_type)[0]
    if kind != "application/json" and not kind.endswith("+json"):
        yield from _not_json(result, content, kind)
        return
    try:
        sent: Any = json.loads(content)
    except ValueError:
        return  # other checks say so
    way: Way = ()
    if isinstance(result, Page):
        result = result.items
        way = tuple(items.split("/")[1:])
        for token in way:
            sent = sent.get(token) if isinstance(sent, dict) else None
        sent = [] if sent is None else sent
    if sent is None and result == []:
        return  # no list is an empty one
    yield from _told(differences(sent, _plain(result), way))
    yield from _told(_nested(result, way))


def _not_json(result: Any, content: bytes, kind: str) -> Iterator[tuple[str, str]]:
    wanted: Any = None
    if kind.startswith("text/"):
        wanted = content.decode("utf-8", "replace")
    elif kind or content:
        wanted = content
    if type(result) is not type(wanted) or result != wanted:
        yield "body", "is read as another value than was sent"


def _plain(value: Any) -> Any:
    if isinstance(value, Model):
        return value.to_dict()
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


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
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _nested(item, (*way, index))
