"""What an ASGI server gives and takes, read and written without a web framework: it is where most of the time went."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.datastructures import URL
from starlette.requests import ClientDisconnect

from .._bridge import FAULT_MARK, IN_PROCESS
from .._load import MOUNTS

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from .._replies import Answer
    from .faults import Fault

__all__ = ["MAX_BODY", "origin_of", "read_body", "relative_path", "send_answer", "to_json"]

MAX_BODY = 100 * 1024 * 1024
"""Largest request body, in bytes."""

_LENGTH_DIGITS = 12

_NO_BODY = (204, 304)


async def read_body(scope: Scope, receive: Receive) -> bytes | None:
    """The body; None for one that is too large. Raises ClientDisconnect."""
    for name, value in scope["headers"]:
        # Of several lengths the first counts, as in Starlette; servers refuse such requests anyway.
        if name == b"content-length":
            if value.isdigit() and (len(value) > _LENGTH_DIGITS or int(value) > MAX_BODY):
                return None
            break
    chunks: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk: bytes = message.get("body", b"")
        if chunk:
            size += len(chunk)
            if size > MAX_BODY:
                return None
            chunks.append(chunk)
        if not message.get("more_body", False):
            return chunks[0] if len(chunks) == 1 else b"".join(chunks)


async def send_answer(answer: Answer, fault: Fault | None, scope: Scope, send: Send) -> None:
    """Sends an answer, whole or broken in the way of a fault."""
    headers, body = answer.headers, answer.content
    promised, more = len(body), False
    if fault is not None and fault.kind in ("reset", "truncated"):
        headers = {**headers, FAULT_MARK: fault.kind}
        if scope.get(IN_PROCESS):
            body, promised = b"", 0
        else:
            # Fewer bytes than were promised: the server has to drop the connection.
            promised, more = max(1, promised), True
            body = body[: len(body) // 2] if fault.kind == "truncated" else b""
    raw = [
        (name.lower().encode("latin-1"), value.encode("latin-1", "replace"))
        for name, value in headers.items()
    ]
    if answer.status not in _NO_BODY:
        raw.append((b"content-length", b"%d" % promised))
    await send({"type": "http.response.start", "status": answer.status, "headers": raw})
    await send({"type": "http.response.body", "body": body, "more_body": more})


def relative_path(scope: Scope, vendor: str) -> str:
    """The path below the vendor's mount, still percent-encoded."""
    raw = scope.get("raw_path") or scope["path"].encode()
    path: str = raw.decode("latin-1").partition("?")[0]
    mount = MOUNTS[vendor]
    position = path.find(mount)
    # Where the mount itself was percent-encoded there is nothing to cut: no operation then.
    return (path[position + len(mount) :] or "/") if position >= 0 else path


def origin_of(scope: Scope) -> str:
    """Scheme, host and port the caller used."""
    # Path and query are left out: the query need not be UTF-8.
    url = URL(scope={**scope, "path": "/", "query_string": b""})
    return f"{url.scheme}://{url.netloc}"


def to_json(value: Any) -> bytes:
    """JSON data as bytes, without spaces."""
    try:
        return msgspec.json.encode(value)
    except (OverflowError, ValueError):
        # Numbers beyond 64 bits, which somebody stored, and whatever else it leaves to slower libraries.
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
