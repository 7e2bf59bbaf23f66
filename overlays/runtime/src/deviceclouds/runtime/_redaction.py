"""What of a request or a reply may be written down: what the specification knows and does not call a secret."""

from __future__ import annotations

import json
import re
import types
import typing
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote

from ._fields import is_enum, model_fields
from ._model import Model
from ._models import model_class
from ._request import route_of
from ._watch import is_own

if TYPE_CHECKING:
    from ._config import ClientConfig
    from ._http import Request, Response
    from ._operation import Operation

__all__ = ["shown_headers", "shown_reply", "shown_request", "shown_url"]

MASK = "***"

_HEADERS = frozenset(
    (
        "accept",
        "content-length",
        "content-type",
        "date",
        "request-id",
        "retry-after",
        "server",
        "user-agent",
        "x-amz-request-id",
        "x-amzn-requestid",
        "x-correlation-id",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "x-request-id",
    )
)
"""Headers whose values are shown."""

LARGEST_BODY = 100_000
"""Bytes of JSON that are read to be shown; of larger bodies only the size is."""

LONGEST_BODY = 1_000
LONGEST_VALUE = 200
ITEMS_SHOWN = 2


def shown_headers(headers: Mapping[str, str]) -> str:
    """Headers in one line; values of those that are not known to be harmless are masked."""
    parts = []
    for name, value in headers.items():
        text = _line(value, LONGEST_VALUE) if name.lower() in _HEADERS else MASK
        parts.append(f"{_line(name.lower(), LONGEST_VALUE)}: {text}")
    return ", ".join(parts)


def shown_url(request: Request, operation: Operation[Any], config: ClientConfig) -> str:
    """A request's address: of its query, the operation's parameters that are no secrets."""
    address, _, query = request.url.partition("?")
    if not is_own(request, operation):
        return f"{address}?{MASK}" if query else address
    secret = {p.wire for p in operation.parameters if p.secret}
    path = route_of(operation, config)[1]
    if any(f"{{{name}}}" in path for name in secret):
        address = config.base_url + path
    address = _line(address, LONGEST_BODY)
    if not query:
        return address
    known = {p.wire for p in operation.parameters if p.location == "query"} - secret
    return f"{address}?{'&'.join(_shown_pair(pair, known) for pair in query.split('&'))}"


def _shown_pair(pair: str, known: set[str]) -> str:
    name, _, value = pair.partition("=")
    if unquote(name) not in known:
        return f"{name}={MASK}"
    text = _line(_scrubbed(unquote(value)), LONGEST_VALUE)
    return f"{name}={quote(text, safe='*:/?., ()')}"


def shown_request(request: Request, operation: Operation[Any]) -> str:
    """A request's body: JSON by the fields of its model, of forms the names and sizes. Never that of a private one."""
    content, files, body = request.content, request.files, operation.body
    if content is None and files is None:
        return "no body"
    if request.private or not is_own(request, operation) or body is None:
        return "body not shown"
    if files is not None:
        return f"parts {', '.join(f'{name} ({_size_of(part[1])})' for name, part in files)}"
    assert content is not None  # there is one or the other
    if body.content_type == "application/x-www-form-urlencoded":
        pairs = (pair.partition("=") for pair in content.decode().split("&"))
        return f"form {', '.join(f'{name} ({len(value)} bytes)' for name, _, value in pairs)}"
    classes = tuple(model_class(operation.vendor, name) for name in body.variants)
    return _shown_json(content, classes)


def _size_of(content: Any) -> str:
    return f"{len(content)} bytes" if isinstance(content, bytes) else "a stream"


def shown_reply(response: Response, request: Request, operation: Operation[Any]) -> str:
    """A reply's body: JSON by the fields of the operation's model; of all else, errors included, the size."""
    shape, model = operation.reply
    size = f"{len(response.content)} bytes"
    own = is_own(request, operation) and not request.private
    if not own or model is None or not 200 <= response.status_code < 300:
        return size
    kinds: tuple[Any, ...] = tuple(model_class(operation.vendor, n) for n in model.split("|"))
    if shape == "array":
        kinds = tuple(types.GenericAlias(list, kind) for kind in kinds)
    return _shown_json(response.content, kinds)


def _shown_json(content: bytes, kinds: tuple[Any, ...]) -> str:
    size = f"{len(content)} bytes"
    if len(content) > LARGEST_BODY or not kinds:
        return size
    try:
        shown = json.dumps(_shown(json.loads(content), kinds), ensure_ascii=False)
    except (ValueError, RecursionError):
        return f"{size}, not readable as JSON"
    return f"{size}: {_line(shown, LONGEST_BODY)}"


def _shown(value: Any, kinds: tuple[Any, ...]) -> Any:
    """A JSON value, as far as one of these types knows it."""
    if value is None:
        return None
    if isinstance(value, dict):
        models = [k for k in kinds if isinstance(k, type) and issubclass(k, Model)]
        return _shown_object(value, models) if models else MASK
    if isinstance(value, list):
        items = [part for k in kinds if typing.get_origin(k) is list for part in typing.get_args(k)]
        if not items:
            return MASK
        inner = _alternatives(*items)
        shown = [_shown(item, inner) for item in value[:ITEMS_SHOWN]]
        more = len(value) - len(shown)
        return [*shown, f"{more} more"] if more > 0 else shown
    if not any(map(_is_plain, kinds)):
        return MASK
    return _line(_scrubbed(value), LONGEST_VALUE) if isinstance(value, str) else value


def _shown_object(value: Mapping[str, Any], models: list[type[Model]]) -> dict[str, Any]:
    fitting = [m for m in models if all(value.get(k) == v for k, v in m.__const__.items())]
    fields = [field for model in fitting or models for field in model_fields(model)]
    shown: dict[str, Any] = {}
    unknown = 0
    for name, item in value.items():
        same = [field for field in fields if field.wire == name]
        if not same:
            unknown += 1
        elif any(field.secret for field in same):
            shown[name] = MASK
        else:
            shown[name] = _shown(item, _alternatives(*(field.type for field in same)))
    if unknown:
        # Not by their names: where a cloud answers with something else, names may be anything.
        shown[f"{unknown} unknown"] = MASK
    return shown


def _alternatives(*kinds: Any) -> tuple[Any, ...]:
    """The types of a union, one by one."""
    found: list[Any] = []
    for kind in kinds:
        of_union = typing.get_origin(kind) in (typing.Union, types.UnionType)
        found.extend(typing.get_args(kind) if of_union else (kind,))
    return tuple(found)


def _is_plain(kind: Any) -> bool:
    return kind in _PLAIN or is_enum(kind) or typing.get_origin(kind) is typing.Literal


_PLAIN = (str, int, float, bool, datetime)

# What stands before an @ is a password, what follows ? or # often a signature.
_ADDRESS = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,20}://)(\S*@)?([^\s?#]*)([?#]\S*)?")


def _scrubbed(text: str) -> str:
    """Text with the addresses in it cut down to host and path."""
    if "://" not in text:
        return text
    return _ADDRESS.sub(
        lambda m: f"{m[1]}{f'{MASK}@' if m[2] else ''}{m[3]}{f'?{MASK}' if m[4] else ''}", text
    )


def _line(text: str, longest: int) -> str:
    """Text as a part of one line of bearable length, with nothing unprintable in it."""
    head = text[:longest]
    if not head.isprintable():
        head = "".join(c if c.isprintable() else repr(c)[1:-1] for c in head)
    return head if len(text) <= longest else f"{head}... ({len(text)} characters)"
