"""The transport of a live run: guards, paces and keeps what travels."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import httpx2

from ..exchange import Exchange
from .guard import NotPlannedError

if TYPE_CHECKING:
    from deviceclouds.runtime._clock import Clock

    from .guard import Guard
    from .pacing import Pacer

__all__ = ["LARGEST_REPLY", "CutReplyError", "LiveTransport"]

LARGEST_REPLY = 32 * 1024 * 1024
"""Bytes of a reply, decompressed, that are read at most."""

LONGEST_REPLY = 120.0
"""Seconds that a body may take: the client's timeouts begin anew with each piece."""

_REWRITTEN = ("content-encoding", "content-length", "transfer-encoding")


class CutReplyError(Exception):
    """A reply began and could not be read to its end; what came of it was thrown away.

    Attributes:
        broken: Whether the connection or the sender is to blame, and not a limit of ours.
    """

    def __init__(self, message: str, *, broken: bool = False) -> None:
        super().__init__(message)
        self.broken = broken


class LiveTransport(httpx2.BaseTransport):
    """Sends for one run.

    Args:
        client: What really sends; it stays open.
        pacer: When it may be sent.
        on_exchange: Gets each exchange but sign-ins.
        clock: Tells how long a body takes.
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
        clock: Clock,
        largest: int = LARGEST_REPLY,
    ) -> None:
        self._client = client
        self.guard: Guard | None = None
        self._pacer = pacer
        self._on_exchange = on_exchange
        self._clock = clock
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
        content: bytes | None = None
        cut: CutReplyError | None = None
        try:
            content = self._read(reply)
        except CutReplyError as error:
            cut = error
        except httpx2.HTTPError as error:
            if not keep:
                raise
            cut = _broken(error)
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
        if cut is not None:
            raise cut
        kept = [(name, value) for name, value in headers if name.lower() not in _REWRITTEN]
        return httpx2.Response(reply.status_code, headers=kept, content=content, request=request)

    def _read(self, reply: httpx2.Response) -> bytes:
        """The body, decompressed. Raises CutReplyError for one that is too large or too slow."""
        content = bytearray()
        latest = self._clock.now() + LONGEST_REPLY
        for chunk in reply.iter_bytes():
            content += chunk
            if len(content) > self._largest:
                raise CutReplyError(f"the reply is larger than {self._largest} bytes")
            if self._clock.now() > latest:
                raise CutReplyError(f"the reply took longer than {LONGEST_REPLY:.0f} seconds")
        return bytes(content)

    def _keep(self, exchange: Exchange) -> None:
        self.exchanges.append(exchange)
        if self._on_exchange is not None:
            self._on_exchange(exchange)


def _broken(error: httpx2.HTTPError) -> CutReplyError:
    if isinstance(error, httpx2.DecodingError):
        said = "the reply cannot be decompressed as its Content-Encoding says"
    elif isinstance(error, httpx2.TimeoutException):
        said = "the reply stopped in the middle"
    else:
        said = "the reply broke off before its end"
    return CutReplyError(said, broken=True)


def _address(request: httpx2.Request) -> str:
    url = request.url
    # Not str(url): an address that is a secret does not show its query.
    return f"{url.scheme}://{url.netloc.decode('ascii')}{url.raw_path.decode('ascii')}"
