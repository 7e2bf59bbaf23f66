"""The three families of HTTP clients a user may bring: httpx2, httpx, and httpx-aiohttp's transport for httpx2."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import httpx2

Handler = Callable[[httpx2.Request], httpx2.Response]

KINDS = ("sync", "async")
WAYS = (
    ("sync", "httpx2"),
    ("async", "httpx2"),
    ("sync", "httpx"),
    ("async", "httpx"),
    # aiohttp has no sync client, and no mock transport: requests go through a socket.
    ("async", "aiohttp"),
)


class OpenHttp:
    """A client of one family over a cloud that is a function.

    Attributes:
        client: What a user would pass as ``http_client=``.
    """

    def __init__(self, kind: str, family: str, runner: asyncio.Runner, handler: Handler) -> None:
        self._runner = runner
        self._wire: Any = None
        library: Any = httpx if family == "httpx" else httpx2
        if family == "aiohttp":
            from .wire import Wire  # aiohttp is loaded by those who use it

            self._wire = Wire(handler)
            runner.run(self._wire.open())
            transport = self._wire.transport
        elif family == "httpx":
            transport = httpx.MockTransport(_in_httpx(handler))
        else:
            transport = httpx2.MockTransport(handler)
        made = library.Client if kind == "sync" else library.AsyncClient
        self.client: Any = made(transport=transport)

    def close(self) -> None:
        """Closes the client and what it was connected to."""
        if hasattr(self.client, "aclose"):
            self._runner.run(self.client.aclose())
        else:
            self.client.close()
        if self._wire is not None:
            self._runner.run(self._wire.close())


def _in_httpx(handler: Handler) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: Any) -> httpx.Response:
        try:
            response = handler(request)
        except Exception as error:
            raise _error(error) from None
        stream: Any = response.stream
        if isinstance(stream, httpx2.ByteStream):
            # As sent: `content` would be decompressed already.
            return httpx.Response(
                response.status_code, headers=response.headers.raw, content=b"".join(stream)
            )
        return httpx.Response(
            response.status_code, headers=response.headers.raw, stream=_Stream(stream)
        )

    return answer


def _error(error: Exception) -> Exception:
    if type(error).__module__.partition(".")[0] != "httpx2":
        return error
    older: Exception = getattr(httpx, type(error).__name__)(*error.args)
    return older


class _Stream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body of httpx2 as one of httpx."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        try:
            yield from self._stream
        except Exception as error:
            raise _error(error) from None

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part
