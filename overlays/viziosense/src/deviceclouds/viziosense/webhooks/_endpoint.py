"""An ASGI endpoint for deliveries: checks the secret, reads, hands on, answers. Runs in Starlette, FastAPI or alone."""

from __future__ import annotations

import asyncio
import hmac
import inspect
import re
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from deviceclouds.runtime._errors import ConfigurationError, DecodeError
from deviceclouds.runtime._secret import Secret, conceal

from ._read import MAX_BYTES, REMEDY, models, parse, parse_keepalive, read_query

if TYPE_CHECKING:
    from deviceclouds._generated.viziosense.webhook_models import (
        Alert,
        Keepalive,
        ParkPayload,
        Payload,
    )

    Handler: TypeAlias = Callable[[Keepalive | ParkPayload | Payload | Alert], object]

__all__ = ["WebhookEndpoint", "create_endpoint"]

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Place: TypeAlias = Literal["header", "query", "path"]

_NAMES: dict[str, str] = {"header": "X-Webhook-Secret", "query": "secret", "path": ""}
_NAMED = {
    "header": re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+\Z"),
    "query": re.compile(r"(?!(?:source|id)\Z).+\Z"),  # those two are the vendor's
}
_SHORTEST = 16
_URL_SAFE = re.compile(r"[A-Za-z0-9._~-]+\Z")
_PRINTABLE = re.compile(r"[!-~](?:[ -~]*[!-~])?\Z")


def create_endpoint(
    handler: Handler,
    *,
    secret: str | Secret | None,
    place: Place = "header",
    name: str | None = None,
    max_bytes: int = MAX_BYTES,
) -> WebhookEndpoint:
    """An endpoint to register as a webhook's address, once for every kind of delivery.

    It answers 200 when the handler is done; 400 to what cannot be read, 403 without the secret, 405 to other methods
    and 413 to bodies that are too large, each with a line of text. It keeps nothing: the vendor documents neither ids
    of deliveries nor whether they are repeated, so a handler must bear to get one twice.

    Args:
        handler: Takes each delivery: a ``Keepalive``, ``ParkPayload``, ``Payload`` or ``Alert``. A coroutine function
            is awaited, any other function runs in a thread. What it raises goes to the server, which answers 500.
        secret: What a delivery must bring to be believed, at least 16 characters; None to believe everyone who knows
            the address. VizioSense documents no signature, so this is all there is.
        place: Where it is: in a header or query parameter that the webhook's settings add, or the last segment of the
            path. Prefer the header: addresses end up in logs.
        name: Name of the header (``X-Webhook-Secret`` by default) or query parameter (``secret``).
        max_bytes: Largest body that is read, in bytes.

    Raises:
        ConfigurationError: The secret cannot work, or the extra ``[webhooks]`` is not installed.
    """
    hidden = None if secret is None else conceal(secret)
    del secret
    models()  # a missing extra is told now, not to the vendor's first delivery
    if not callable(handler):
        raise _misconfigured("the handler cannot be called")
    if place not in _NAMES:
        raise _misconfigured(f"place is {place!r}, not one of {', '.join(_NAMES)}")
    if name is not None and (place not in _NAMED or not _NAMED[place].match(name)):
        raise _misconfigured(f"{name!r} cannot be the name of a {place}")
    if hidden is not None:
        _check_secret(hidden, place)
    return WebhookEndpoint(handler, hidden, place, name or _NAMES[place], max_bytes)


class WebhookEndpoint:
    """An ASGI application; made by :func:`create_endpoint`."""

    def __init__(
        self,
        handler: Handler,
        secret: Secret | None,
        place: Place,
        name: str,
        max_bytes: int,
    ) -> None:
        self._handler = handler
        self._waits = _is_async(handler)
        self._secret = secret
        self._place = place
        self._name = name
        self._max_bytes = max_bytes

    def __repr__(self) -> str:
        guard = "open to all" if self._secret is None else f"secret in {self._place}"
        return f"<WebhookEndpoint, {guard}>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        if scope["type"] != "http":
            return
        if not self._is_trusted(scope):
            await _answer(send, 403, "the secret is missing or wrong")
        elif scope["method"] == "GET":
            await self._take(send, lambda: parse_keepalive(scope["query_string"]))
        elif scope["method"] == "POST":
            body = await self._read(scope, receive)
            if body is None:
                await _answer(send, 413, f"at most {self._max_bytes} bytes")
            else:
                await self._take(send, lambda: parse(body, max_bytes=self._max_bytes))
        else:
            await _answer(send, 405, "only GET and POST", (b"allow", b"GET, POST"))

    async def _take(
        self, send: Send, read: Callable[[], Keepalive | ParkPayload | Payload | Alert]
    ) -> None:
        try:
            delivery = read()
        except DecodeError as error:
            await _answer(send, 400, error.message.removesuffix(REMEDY))
            return
        if self._waits:
            done = self._handler(delivery)
        else:
            done = await asyncio.to_thread(self._handler, delivery)
        if inspect.isawaitable(done):
            await done
        await _answer(send, 200, "")

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The body; None where it is larger than allowed."""
        (declared,) = _header(scope, b"content-length")[:1] or ["0"]
        if declared.isdecimal() and int(declared[:20]) > self._max_bytes:
            return None
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return b""  # the sender is gone, what came is not whole
            body += message.get("body", b"")
            if len(body) > self._max_bytes:
                return None
            if not message.get("more_body", False):
                return bytes(body)

    def _is_trusted(self, scope: Scope) -> bool:
        if self._secret is None:
            return True
        if self._place == "header":
            found = _header(scope, self._name.lower().encode("latin-1"))
        elif self._place == "query":
            try:
                pairs = read_query(scope["query_string"])
            except DecodeError:
                return False
            found = [value for name, value in pairs if name == self._name]
        else:
            found = [str(scope["path"]).rpartition("/")[2]]
        # Bytes, because texts with other letters than ASCII are refused by the comparison.
        return len(found) == 1 and hmac.compare_digest(
            found[0].encode("utf-8", "surrogateescape"), self._secret.reveal().encode()
        )


def _header(scope: Scope, wanted: bytes) -> list[str]:
    # Servers hand on names in lower case.
    return [value.decode("latin-1") for name, value in scope["headers"] if name == wanted]


def _is_async(handler: object) -> bool:
    call = getattr(handler, "__call__", None)  # noqa: B004  # its kind is asked, not whether it is there
    return inspect.iscoroutinefunction(handler) or inspect.iscoroutinefunction(call)


def _check_secret(secret: Secret, place: Place) -> None:
    text = secret.reveal()
    fits = (_PRINTABLE if place == "header" else _URL_SAFE).match(text)
    length = len(text)
    del text
    if length < _SHORTEST:
        raise _misconfigured(f"the secret has {length} characters, fewer than {_SHORTEST}")
    if not fits:
        allowed = "printable ASCII" if place == "header" else "letters, digits and . _ ~ -"
        raise _misconfigured(f"a secret in the {place} may only hold {allowed}")


def _misconfigured(message: str) -> ConfigurationError:
    return ConfigurationError(message, vendor="viziosense", operation="webhooks.create_endpoint")


async def _answer(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    body = f"{text}\n".encode() if text else b""
    own = [(b"content-type", b"text/plain; charset=utf-8")] if body else []
    length = (b"content-length", str(len(body)).encode())
    await send(
        {"type": "http.response.start", "status": status, "headers": [*own, length, *headers]}
    )
    await send({"type": "http.response.body", "body": body})
