"""The transport of a live run: guards, paces and keeps what travels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx2

from ..exchange import Exchange
from .guard import NotPlannedError

if TYPE_CHECKING:
    from .guard import Guard
    from .pacing import Pacer

__all__ = ["LARGEST_REPLY", "CutReplyError", "LiveTransport"]

LARGEST_REPLY = 32 * 1024 * 1024
"""Bytes of a reply, decompressed, that are read at most."""

_REWRITTEN = ("content-encoding", "content-length", "transfer-encoding")


class CutReplyError(Exception):
    """A reply is larger than a run reads; what came of it was thrown away."""


class LiveTransport(httpx2.BaseTransport):
    """Sends for one run.

    Args:
        client: What really sends; it stays open.
        pacer: When it may be sent.
        on_exchange: Gets each exchange but sign-ins.
        largest: Bytes of a reply that are read at most.

    Attributes:
        guard: What may be sent; nothing before there is one.
        exchanges: Those since the last :meth:`take`, sign-ins excluded.
    """

    def __init__(
        self,
        client: httpx2.Client,
        pacer: Pacer,
        on_exchange: Callable[[Exchange], None] | None,
        largest: int = LARGEST_REPLY,
    ) -> None:
        self._client = client
        self.guard: Guard | None = None
        self._pacer = pacer
        self._on_exchange = on_exchange
        self._largest = largest
        self.exchanges: list[Exchange] = []

    def take(self) -> list[Exchange]:
        """The exchanges since the last time."""
        taken, self.exchanges = self.exchanges, []
        return taken

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """See httpx2. Raises NotPlannedError before, and CutReplyError after something was sent."""
        if self.guard is None:
            raise NotPlannedError("there is no plan yet")
        request.read()
        address = _address(request)
        kind = self.guard.admit(request.method, address)
        self._pacer.wait()
        response = self._send(request, address, keep=kind == "call")
        busy = kind == "call" and response.status_code == 429
        if busy and self._pacer.rest(response.headers) and self.guard.may_repeat():
            self._pacer.wait()
            response = self._send(request, address, keep=True)
        return response

    def _send(self, request: httpx2.Request, address: str, *, keep: bool) -> httpx2.Response:
        sent = list(request.headers.multi_items())
        try:
            reply = self._client.send(request, auth=None, follow_redirects=False, stream=True)
        except httpx2.HTTPError:
            if keep:
                self._keep(Exchange(request.method, address, sent, request.content, None))
            raise
        content: bytes | None
        try:
            content = self._read(reply)
        finally:
            reply.close()
        headers = list(reply.headers.multi_items())
        if keep:
            self._keep(
                Exchange(
                    request.method,
                    address,
                    sent,
                    request.content,
                    reply.status_code,
                    headers,
                    content,
                )
            )
        if content is None:
            raise CutReplyError(f"the reply is larger than {self._largest} bytes")
        kept = [(name, value) for name, value in headers if name.lower() not in _REWRITTEN]
        return httpx2.Response(reply.status_code, headers=kept, content=content, request=request)

    def _read(self, reply: httpx2.Response) -> bytes | None:
        """The body, decompressed; None for one that is too large."""
        content = bytearray()
        for chunk in reply.iter_bytes():
            content += chunk
            if len(content) > self._largest:
                return None
        return bytes(content)

    def _keep(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)


def _address(request: httpx2.Request) -> str:
    url = request.url
    # Not str(url): an address that is a secret does not show its query.
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"
