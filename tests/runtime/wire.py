"""httpx-aiohttp's transport, connected to a cloud that is a function by a socket of this machine."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Callable
from typing import Any

import h11
import httpx2
from httpx_aiohttp.httpx2 import AiohttpTransport

__all__ = ["Wire"]

_MARK = "x-wire-number"
_FAULT = 599


class Wire:
    """A server that asks a function for its replies, and the transport that leads to it.

    What the function raises is raised by the transport, where an error of the network would be. Its requests are
    those that arrived, with the time limits the transport was given.
    """

    def __init__(self, handler: Callable[[httpx2.Request], httpx2.Response]) -> None:
        self._handler = handler
        self._folder = tempfile.mkdtemp(prefix="dc-")
        self._tasks: set[asyncio.Task[None]] = set()
        self.sent: list[httpx2.Request] = []
        self.faults: dict[int, Exception] = {}
        self.path = f"{self._folder}/s"
        self.transport = _Transport(self)

    async def open(self) -> None:
        """Starts to listen."""
        self._server = await asyncio.start_unix_server(self._connected, self.path)

    async def close(self) -> None:
        """Stops, after the transport was closed."""
        self._server.close()
        await asyncio.gather(*self._tasks)
        await self._server.wait_closed()
        shutil.rmtree(self._folder)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task: Any = asyncio.current_task()
        self._tasks.add(task)
        try:
            await self._converse(h11.Connection(h11.SERVER), reader, writer)
        except (ConnectionError, h11.RemoteProtocolError):
            pass  # the client has gone, or broke its request off
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _converse(
        self, line: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        while (request := await self._receive(line, reader)) is not None:
            for part in self._answer(line, request):
                writer.write(part)
                await writer.drain()
            if line.our_state is not h11.DONE:
                return
            line.start_next_cycle()

    async def _receive(
        self, line: h11.Connection, reader: asyncio.StreamReader
    ) -> httpx2.Request | None:
        """The next request as it arrived, None when there is none."""
        head, body = None, b""
        while True:
            event = line.next_event()
            if event is h11.NEED_DATA:
                line.receive_data(await reader.read(65536))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                return self._arrived(head, body)
            else:
                return None

    def _arrived(self, head: h11.Request, body: bytes) -> httpx2.Request:
        headers = httpx2.Headers(list(head.headers.raw_items()))
        number = int(headers.pop(_MARK))
        sent = self.sent[number]
        url = f"{sent.url.scheme}://{headers['host']}{head.target.decode()}"
        extensions = {**sent.extensions, _MARK: number}
        return httpx2.Request(
            head.method.decode(), url, headers=headers, content=body, extensions=extensions
        )

    def _answer(self, line: h11.Connection, request: httpx2.Request) -> Any:
        """The pieces of the reply, as bytes; those of one that breaks off end early."""
        number = request.extensions.pop(_MARK)
        try:
            reply = self._handler(request)
        except Exception as error:
            self.faults[number] = error
            reply = httpx2.Response(_FAULT, content=b"")
        head = h11.Response(status_code=reply.status_code, headers=reply.headers.raw)
        yield line.send(head)
        try:
            for part in reply.stream if request.method != "HEAD" else ():  # type: ignore[union-attr]
                yield line.send(h11.Data(data=part))
        except httpx2.TransportError:
            return
        yield line.send(h11.EndOfMessage())


class _Transport(AiohttpTransport):
    def __init__(self, wire: Wire) -> None:
        # Sockets of the file system have no TLS: addresses stay those of the vendors.
        super().__init__(verify=False, uds=wire.path)
        self._wire = wire

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        number = len(self._wire.sent)
        self._wire.sent.append(request)
        request.headers[_MARK] = str(number)
        response = await super().handle_async_request(request)
        fault = self._wire.faults.pop(number, None)
        if fault is not None:
            await response.aclose()
            raise fault
        return response
