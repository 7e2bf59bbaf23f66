"""HAR 1.2 entries: how ours are written, and how those of other programs are read."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote_plus

import msgspec

from ..._bodies import media_type
from ..._texts import decode, read_pairs
from ..exchange import Exchange

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["LARGEST", "MOST_VALUES", "Entry", "Mark", "Seen", "entry_of", "seen_in"]

LARGEST = 32 * 2**20
"""Characters of a body that is judged at most, as in a live run; a larger one would take a gigabyte of memory."""

MOST_VALUES = 1_000_000
"""Values of a body that is judged at most: each takes a few hundred bytes of memory, however short it is."""

_NO_CONTENT = (204, 205, 304)
_UNKNOWN_TYPES = ("", "x-unknown")


class _Pair(msgspec.Struct):
    name: Any = ""
    value: Any = ""


class _Param(msgspec.Struct):
    name: Any = ""
    value: Any = None
    file_name: Any = msgspec.field(default=None, name="fileName")
    content_type: Any = msgspec.field(default=None, name="contentType")


class _PostData(msgspec.Struct):
    mime_type: Any = msgspec.field(default="", name="mimeType")
    text: str | None = None
    params: list[_Param] | None = None
    encoding: str | None = msgspec.field(default=None, name="_encoding")


class _Request(msgspec.Struct):
    method: str
    url: str
    headers: list[_Pair] | None = None
    post_data: _PostData | None = msgspec.field(default=None, name="postData")
    body_size: float | None = msgspec.field(default=None, name="bodySize")


class _Content(msgspec.Struct):
    size: float | None = None
    mime_type: Any = msgspec.field(default="", name="mimeType")
    text: str | None = None
    encoding: str | None = None


class _Response(msgspec.Struct):
    status: int | None = 0
    headers: list[_Pair] | None = None
    content: _Content | None = None


class Mark(msgspec.Struct):
    """What this package notes of an entry of its own.

    Attributes:
        operation: Id of the operation.
        findings: Kind, location and rule of what was found when it was recorded.
    """

    operation: str = ""
    findings: list[tuple[str, str, str]] = []


class Entry(msgspec.Struct):
    """An entry of a HAR file, as far as it is looked at; numbers may be text."""

    request: _Request
    response: _Response | None = None
    mark: Mark | None = msgspec.field(default=None, name="_deviceclouds")


class Seen(NamedTuple):
    """An exchange of a HAR file, and what the file does not hold of it.

    Attributes:
        exchange: The exchange.
        sent: Whether the request's body is known.
        got: Whether the reply's body is known.
        bad: Whether a body is not what its encoding says.
    """

    exchange: Exchange
    sent: bool
    got: bool
    bad: bool


def entry_of(exchange: Exchange, mark: Mark, at: float) -> dict[str, Any]:
    """An entry with all that HAR 1.2 asks for. Durations are not known and are given as 0.

    Args:
        exchange: What travelled.
        mark: What to note of it.
        at: When, in POSIX seconds; written in UTC, to the second.
    """
    sent = exchange.request_content
    asked = {name.lower(): value for name, value in exchange.request_headers}
    request: dict[str, Any] = {
        "method": exchange.method,
        "url": exchange.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(exchange.request_headers),
        "queryString": _named(_query(exchange.url)),
        "headersSize": -1,
        "bodySize": len(sent or b""),
    }
    if sent:
        text, encoding = _text(sent)
        request["postData"] = {"mimeType": asked.get("content-type", ""), "text": text}
        if encoding:
            # HAR 1.2 has no encoding here; fields with an underscore are free for anybody.
            request["postData"]["_encoding"] = encoding
    return {
        "startedDateTime": datetime.fromtimestamp(int(at), UTC).isoformat(),
        "time": 0,
        "request": request,
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": 0, "receive": 0},
        "_deviceclouds": msgspec.to_builtins(mark),
    }


def _response(exchange: Exchange) -> dict[str, Any]:
    said = {name.lower(): value for name, value in exchange.headers}
    content: dict[str, Any] = {
        "size": len(exchange.content or b""),
        "mimeType": said.get("content-type", "x-unknown"),
    }
    if exchange.content is not None:
        content["text"], encoding = _text(exchange.content)
        if encoding:
            content["encoding"] = encoding
    else:
        content["size"] = -1
    status = exchange.status or 0
    return {
        "status": status,
        "statusText": _phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(exchange.headers),
        "content": content,
        "redirectURL": said.get("location", ""),
        "headersSize": -1,
        "bodySize": len(exchange.content) if exchange.content is not None else -1,
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _named(pairs: Sequence[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _query(url: str) -> list[tuple[str, str]]:
    query = url.partition("?")[2]
    return [(name, decode(value, plus=True) or value) for name, value in read_pairs(query)[0]]


def _text(content: bytes) -> tuple[str, str | None]:
    try:
        return content.decode(), None
    except UnicodeDecodeError:
        return base64.b64encode(content).decode(), "base64"


def seen_in(entry: Entry) -> Seen:
    """The exchange of an entry. Content encodings are undone in HAR files; HTTP/2's own fields are left out."""
    request, response = entry.request, entry.response or _Response()
    headers = _headers(request.headers)
    sent, sent_known, sent_bad = _sent(request, headers)
    got, got_known, got_bad = _got(response)
    replied = _headers(response.headers)
    kind = str(response.content.mime_type or "") if response.content else ""
    if kind not in _UNKNOWN_TYPES and not _has(replied, "content-type") and response.content:
        replied.append(("content-type", kind))
    exchange = Exchange(
        request.method.upper(),
        request.url,
        headers,
        sent,
        response.status if (response.status or 0) > 0 else None,
        replied,
        got,
    )
    return Seen(exchange, sent_known, got_known, sent_bad or got_bad)


def _headers(pairs: list[_Pair] | None) -> list[tuple[str, str]]:
    named = (
        (str(pair.name), "" if pair.value is None else str(pair.value)) for pair in pairs or ()
    )
    return [(name, value) for name, value in named if name and not name.startswith(":")]


def _has(headers: list[tuple[str, str]], name: str) -> bool:
    return any(each.lower() == name for each, _ in headers)


def _sent(request: _Request, headers: list[tuple[str, str]]) -> tuple[bytes | None, bool, bool]:
    data = request.post_data
    if data is None:
        return None, not (request.body_size or 0) > 0, False
    kind = str(data.mime_type or "")
    if kind not in _UNKNOWN_TYPES and not _has(headers, "content-type"):
        headers.append(("content-type", kind))
    if data.text and _is_too_large(data.text):
        return None, False, False
    if data.text:
        content = _decoded(data.text, data.encoding)
        return content, content is not None, content is None
    if data.params:
        header = next((value for name, value in headers if name.lower() == "content-type"), kind)
        content = _from_params(data.params, header)
        return content, content is not None, False
    return b"", not (request.body_size or 0) > 0, False


def _got(response: _Response) -> tuple[bytes | None, bool, bool]:
    content = response.content
    if response.status in _NO_CONTENT:
        return b"", True, False
    if content is None:
        return None, False, False
    if content.text is None:
        empty = content.size == 0
        return (b"", True, False) if empty else (None, False, False)
    if _is_too_large(content.text):
        return None, False, False
    plain = _decoded(content.text, content.encoding)
    if plain is not None and (content.size or 0) > len(plain) and not _is_json(plain):
        # Browsers keep the first part of a large body, or none of it.
        return None, False, False
    return plain, plain is not None, plain is None


def _is_too_large(text: str) -> bool:
    return len(text) > LARGEST or text.count(",") > MOST_VALUES


def _is_json(content: bytes) -> bool:
    try:
        msgspec.json.decode(content, type=msgspec.Raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _decoded(text: str, encoding: str | None) -> bytes | None:
    if (encoding or "").lower() != "base64":
        return text.encode("utf-8", "surrogatepass")
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        return None


def _from_params(params: list[_Param], header: str) -> bytes | None:
    """A form written anew from its fields; None for what cannot be."""
    if media_type(header)[0] == "application/x-www-form-urlencoded":
        pairs = ((str(p.name), "" if p.value is None else str(p.value)) for p in params)
        # Some programs store the fields still encoded.
        return "&".join(f"{_plus(name)}={_plus(value)}" for name, value in pairs).encode()
    mark = header.partition("boundary=")[2].partition(";")[0].strip().strip('"')
    if media_type(header)[0] != "multipart/form-data" or not mark:
        return None
    made = ""
    for param in params:
        made += f'--{mark}\r\nContent-Disposition: form-data; name="{param.name}"'
        made += f'; filename="{param.file_name}"' if param.file_name is not None else ""
        made += f"\r\nContent-Type: {param.content_type}" if param.content_type else ""
        made += f"\r\n\r\n{'' if param.value is None else param.value}\r\n"
    return f"{made}--{mark}--\r\n".encode("utf-8", "replace")


def _plus(text: str) -> str:
    plain = decode(text, plus=True) if "%" in text else text
    return quote_plus(text if plain is None else plain)
